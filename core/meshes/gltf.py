"""glTF 2.0 and GLB: all triangle meshes of the scene as one, with their morph targets by name.

Nodes are placed by their transforms; skinned meshes are taken in their bind pose. Vertices keep the file's
order, primitive after primitive; primitives that share their position data share their vertices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.mesh import FaceGroup, Floats, Indices, Mesh
from core.meshes.checks import checked
from core.meshes.gltf_data import GltfFile, open_gltf
from core.meshes.gltf_textures import base_colours

Doubles = NDArray[np.float64]
Shapes = dict[str, Floats]


def load_gltf(path: Path) -> Mesh:
    """Read a glTF or GLB file without its morph targets; raises as `load_gltf_shapes`."""
    return load_gltf_shapes(path)[0]


def load_gltf_shapes(path: Path) -> tuple[Mesh, Shapes]:
    """Read a glTF or GLB file with its morph targets.

    Returns
    -------
    mesh : Mesh
    shapes : dict of str to ndarray of shape (V, 3)
        Displacement at weight 1 of each morph target; one name on several meshes is one shape.

    Raises
    ------
    InputError
        If the file or a buffer it names is missing or broken, if it is compressed in a way that cannot be
        read (Draco, meshopt), or holds no usable mesh.
    """
    file = open_gltf(path)
    parts = _Parts()
    try:
        for node, place in _placed_meshes(file):
            _add_mesh(parts, file, node, place)
        textures = base_colours(file, parts.worn)
    except InputError:
        raise
    except (IndexError, TypeError, KeyError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(path, f"a broken glTF file ({error})") from error
    mesh = replace(parts.mesh(path), textures=textures)
    return checked(mesh, path), parts.shapes()


@dataclass
class _Parts:
    """What has been gathered of the scene so far."""

    count: int = 0
    vertices: list[Doubles] = field(default_factory=list)
    uvs: list[Floats | None] = field(default_factory=list)
    triangles: list[Indices] = field(default_factory=list)
    groups: list[FaceGroup] = field(default_factory=list)
    targets: list[tuple[str, int, Doubles]] = field(default_factory=list)
    """Name, first vertex and displacements of each morph target of each mesh."""
    worn: list[tuple[int, Indices]] = field(default_factory=list)
    """Material and faces of each primitive that has both a material and texture coordinates."""

    def mesh(self, path: Path) -> Mesh:
        """Join what was gathered."""
        if not self.triangles:
            raise InputError(path, "holds no triangle mesh")
        corners = np.concatenate(self.triangles).ravel()
        uvs = None
        if any(part is not None for part in self.uvs):
            blank = [np.zeros((len(v), 2), np.float32) for v in self.vertices]
            uvs = np.concatenate([b if u is None else u for u, b in zip(self.uvs, blank, strict=True)])
        return Mesh(
            np.concatenate(self.vertices).astype(np.float32),
            np.full(len(corners) // 3, 3, np.int32),
            corners,
            uvs,
            None if uvs is None else corners,
            tuple(self.groups),
            path.stem,
        )

    def shapes(self) -> Shapes:
        """Displacements of all morph targets on the joined mesh."""
        shapes: Shapes = {}
        for name, first, delta in self.targets:
            whole = shapes.setdefault(name, np.zeros((self.count, 3), np.float32))
            whole[first : first + len(delta)] = delta
        return shapes


def _placed_meshes(file: GltfFile) -> Iterator[tuple[Any, Doubles]]:
    """All nodes with a mesh and their world transform (4, 4), parents before children."""
    nodes = file.gltf.nodes
    children = {child for node in nodes for child in node.children or []}
    scene = file.gltf.scenes[file.gltf.scene or 0] if file.gltf.scenes else None
    roots = scene.nodes if scene and scene.nodes else [n for n in range(len(nodes)) if n not in children]
    stack = [(n, np.eye(4)) for n in reversed(roots)]
    while stack:
        number, above = stack.pop()
        node = nodes[number]
        place = above @ _local_transform(node)
        if node.mesh is not None:
            # A skinned mesh stands where its skin puts it: at rest, as it was bound.
            yield node, np.eye(4) if node.skin is not None else place
        stack += [(child, place) for child in reversed(node.children or [])]


def _local_transform(node: Any) -> Doubles:
    if node.matrix:
        return np.asarray(node.matrix, np.float64).reshape(4, 4).T
    x, y, z, w = node.rotation or (0.0, 0.0, 0.0, 1.0)
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    local = np.eye(4)
    local[:3, :3] = turn * np.asarray(node.scale or (1.0, 1.0, 1.0))
    local[:3, 3] = node.translation or (0.0, 0.0, 0.0)
    return local


def _add_mesh(parts: _Parts, file: GltfFile, node: Any, place: Doubles) -> None:
    mesh = file.gltf.meshes[node.mesh]
    names = (mesh.extras or {}).get("targetNames")
    first_of: dict[tuple[Any, ...], int] = {}
    for primitive in mesh.primitives:
        if primitive.mode not in (None, 4, 5, 6) or primitive.attributes.POSITION is None:
            continue
        targets = [_attribute(target, "POSITION") for target in primitive.targets or []]
        identity = (primitive.attributes.POSITION, *targets)
        if identity not in first_of:
            first_of[identity] = parts.count
            own = names or (primitive.extras or {}).get("targetNames") or []
            _add_vertices(parts, file, primitive, place, [*own, *_numbered(len(own), len(targets))])
        name = mesh.name or node.name or ""
        _add_triangles(parts, file, primitive, first_of[identity], name)


def _numbered(start: int, stop: int) -> list[str]:
    return [f"target_{number}" for number in range(start, stop)]


def _attribute(target: Any, name: str) -> int | None:
    found = target.get(name) if isinstance(target, dict) else getattr(target, name, None)
    return None if found is None else int(found)


def _add_vertices(parts: _Parts, file: GltfFile, primitive: Any, place: Doubles, names: list[str]) -> None:
    linear = place[:3, :3].T
    positions = file.accessor(primitive.attributes.POSITION)
    for name, target in zip(names, primitive.targets or [], strict=False):
        accessor = _attribute(target, "POSITION")
        if accessor is not None:
            parts.targets.append((str(name), parts.count, file.accessor(accessor) @ linear))
    uv = primitive.attributes.TEXCOORD_0
    flipped = None if uv is None else np.array([0.0, 1.0]) + file.accessor(uv) * np.array([1.0, -1.0])
    parts.uvs.append(None if flipped is None else flipped.astype(np.float32))
    parts.vertices.append(positions @ linear + place[:3, 3])
    parts.count += len(positions)


def _add_triangles(parts: _Parts, file: GltfFile, primitive: Any, first: int, name: str) -> None:
    if primitive.indices is None:
        corners = np.arange(file.gltf.accessors[primitive.attributes.POSITION].count)
    else:
        corners = file.accessor(primitive.indices).ravel()
    triangles = _as_triangles(corners.astype(np.int64), primitive.mode)
    start = sum(map(len, parts.triangles))
    faces = np.arange(start, start + len(triangles), dtype=np.int32)
    material = "" if primitive.material is None else file.gltf.materials[primitive.material].name or ""
    parts.triangles.append((triangles + first).astype(np.int32))
    parts.groups.append(FaceGroup(name, faces, material))
    if primitive.material is not None and primitive.attributes.TEXCOORD_0 is not None:
        parts.worn.append((primitive.material, faces))


def _as_triangles(corners: NDArray[np.int64], mode: int | None) -> NDArray[np.int64]:
    if mode == 5:  # strip: every second triangle is turned over
        strip = np.stack([corners[:-2], corners[1:-1], corners[2:]], axis=1)
        turned = np.arange(len(strip)) % 2 == 1
        return np.where(turned[:, None], strip[:, [1, 0, 2]], strip)
    if mode == 6:  # fan
        return np.stack([np.full(len(corners) - 2, corners[0]), corners[1:-1], corners[2:]], axis=1)
    return corners.reshape(-1, 3)
