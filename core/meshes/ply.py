"""PLY (Stanford polygon file), ASCII and binary, with n-gons and the two common ways of storing UVs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.mesh import Floats, Indices, Mesh
from core.meshes.checks import checked, read_bytes

_UV_NAMES = (("s", "t"), ("u", "v"), ("texture_u", "texture_v"))


def load_ply(path: Path) -> Mesh:
    """Read a PLY file.

    Raises
    ------
    InputError
        If it is missing, truncated, not PLY, or holds no usable mesh.
    """
    from plyfile import PlyData, PlyParseError

    if not read_bytes(path).startswith(b"ply"):
        raise InputError(path, "not a PLY file")
    try:
        elements = {element.name: element for element in PlyData.read(str(path)).elements}
        vertex = elements["vertex"]
        positions = np.stack([vertex[axis] for axis in "xyz"], axis=1)
    except PlyParseError as error:
        raise InputError(path, f"a broken or truncated PLY file ({error})") from error
    except (KeyError, ValueError, UnicodeDecodeError) as error:
        raise InputError(path, "a PLY file without vertex positions") from error
    sizes, corners = _polygons(elements.get("face"))
    with np.errstate(over="ignore"):
        vertices = positions.astype(np.float32)
    uvs, face_uvs = _uvs(elements, corners)
    return checked(Mesh(vertices, sizes, corners, uvs, face_uvs, name=path.stem), path)


def _polygons(face: Any) -> tuple[Indices, Indices]:
    name = next((n for n in ("vertex_indices", "vertex_index") if face is not None and n in face), None)
    if name is None or face.count == 0:
        return np.empty(0, np.int32), np.empty(0, np.int32)
    return _flat(face[name], np.int32)


def _flat(lists: NDArray[Any], dtype: type[np.generic]) -> tuple[Indices, NDArray[Any]]:
    sizes = np.fromiter(map(len, lists), np.int32, len(lists))
    return sizes, np.concatenate(lists).astype(dtype)


def _uvs(elements: dict[str, Any], corners: Indices) -> tuple[Floats | None, Indices | None]:
    face, vertex = elements.get("face"), elements["vertex"]
    if face is not None and "texcoord" in face:
        _, values = _flat(face["texcoord"], np.float32)
        if len(values) == 2 * len(corners):
            return np.ascontiguousarray(values.reshape(-1, 2)), np.arange(len(corners), dtype=np.int32)
    for u, v in _UV_NAMES:
        if u in vertex and v in vertex:
            return np.stack([vertex[u], vertex[v]], axis=1).astype(np.float32), corners
    return None, None
