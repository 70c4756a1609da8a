"""The one door for mesh files: the suffix chooses the reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.errors import InputError
from core.mesh import Mesh
from core.meshes.gltf import load_gltf
from core.meshes.obj import load_obj
from core.meshes.ply import load_ply
from core.meshes.stl import load_stl

READERS: dict[str, Callable[[Path], Mesh]] = {
    ".obj": load_obj,
    ".ply": load_ply,
    ".stl": load_stl,
    ".gltf": load_gltf,
    ".glb": load_gltf,
}


def load_mesh(path: Path) -> Mesh:
    """Read a mesh file with its vertex order, polygons, UVs, groups and units as they are.

    Duplicate and non-manifold vertices are kept, except in STL, which knows no shared vertices.

    Raises
    ------
    InputError
        If the file is missing, of an unknown kind, broken, or holds no usable mesh.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        raise InputError(path, f"not a mesh file of a kind that can be read ({known})")
    return reader(path)
