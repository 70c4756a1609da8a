"""STL, ASCII and binary: a heap of triangles, whose exactly equal corners become one vertex."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from core.errors import InputError
from core.mesh import Mesh
from core.meshes.checks import checked, read_bytes


def load_stl(path: Path) -> Mesh:
    """Read an STL file; vertices are numbered in the order in which the file first names them.

    Raises
    ------
    InputError
        If it is missing, truncated, not STL, or holds no usable mesh.
    """
    from trimesh.exchange.stl import load_stl as read_triangles

    data = read_bytes(path)
    try:
        read = read_triangles(io.BytesIO(data))
        solids = read.get("geometry", {"": read}).values()
        corners = np.concatenate([solid["vertices"] for solid in solids]).astype(np.float32)
    except Exception as error:  # trimesh raises whatever its parsing trips over
        raise InputError(path, "not an STL file, or a truncated one") from error
    unique, first, inverse = np.unique(corners + 0.0, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    sizes = np.full(len(corners) // 3, 3, np.int32)
    mesh = Mesh(unique[order].astype(np.float32), sizes, rank[inverse].astype(np.int32), name=path.stem)
    return checked(mesh, path)
