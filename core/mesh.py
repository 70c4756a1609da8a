"""A polygon mesh as its author made it: vertex order, polygons, UVs, groups and units are kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class FaceGroup:
    """A named set of polygons (an OBJ group or object, a glTF primitive).

    Attributes
    ----------
    name : str
    faces : ndarray of shape (n,), int32
        Polygon numbers, ascending.
    material : str
        Name of the material, empty for none.
    """

    name: str
    faces: Indices
    material: str = ""


@dataclass(frozen=True, eq=False)
class Texture:
    """A picture that polygons wear, for drawing; it is not exported.

    Attributes
    ----------
    name : str
        What the mesh file calls it.
    faces : ndarray of shape (n,), int32
        Polygon numbers, ascending.
    pixels : ndarray of shape (H, W, 3), uint8, or None
        Top row first; None if the picture is missing or cannot be read.
    """

    name: str
    faces: Indices
    pixels: Pixels | None


@dataclass(frozen=True)
class Mesh:
    """An immutable polygon mesh in the units and the vertex order of its file.

    Attributes
    ----------
    vertices : ndarray of shape (V, 3), float32
        Rest positions in the file's own units, y up unless the file says otherwise.
    face_sizes : ndarray of shape (P,), int32
        Corners of each polygon.
    face_vertices : ndarray of shape (sum(face_sizes),), int32
        Vertex numbers of all corners, polygon after polygon.
    uvs : ndarray of shape (U, 2), float32, or None
    face_uvs : ndarray of shape (sum(face_sizes),), int32, or None
        UV numbers of all corners.
    groups : tuple of FaceGroup
        May overlap or leave polygons out; order is the file's.
    name : str
        What to call it in a menu and in an exported file.
    textures : tuple of Texture
        Disjoint in their polygons; placed by the UVs, whose v goes up.
    """

    vertices: Floats
    face_sizes: Indices
    face_vertices: Indices
    uvs: Floats | None = None
    face_uvs: Indices | None = None
    groups: tuple[FaceGroup, ...] = field(default=())
    name: str = "head"
    textures: tuple[Texture, ...] = field(default=(), repr=False)

    @property
    def size(self) -> float:
        """Length of the bounding box's diagonal, in the mesh's units."""
        return float(np.linalg.norm(np.ptp(self.vertices, axis=0)))

    @cached_property
    def triangle_corners(self) -> Indices:
        """Fan triangulation of all polygons as corner numbers, shape (T, 3)."""
        starts = np.cumsum(self.face_sizes) - self.face_sizes
        fans = [np.empty((0, 3), np.int32)]
        for corners in np.unique(self.face_sizes):
            first = starts[self.face_sizes == corners]
            fans.extend(
                np.stack([first, first + k, first + k + 1], axis=1) for k in range(1, int(corners) - 1)
            )
        return np.concatenate(fans).astype(np.int32)

    @cached_property
    def triangles(self) -> Indices:
        """Fan triangulation of all polygons, shape (T, 3); for drawing and measuring, never for export."""
        return self.face_vertices[self.triangle_corners].astype(np.int32)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of vertices and polygons: the identity a stored fit is looked up by."""
        digest = hashlib.sha256()
        for part in (self.vertices, self.face_sizes, self.face_vertices):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()

    def posed(self, vertices: Floats) -> Mesh:
        """Return the same topology with other vertex positions, shape (V, 3)."""
        return replace(self, vertices=np.ascontiguousarray(vertices, np.float32))
