"""What every mesh must satisfy before the rest of the program sees it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.errors import InputError
from core.mesh import Mesh


def checked(mesh: Mesh, path: Path) -> Mesh:
    """Return the mesh unchanged if it can be worked with.

    Raises
    ------
    InputError
        No or too few vertices, no polygons, positions that are not finite, polygons with fewer than three
        corners or with corners that name no vertex.
    """
    count = len(mesh.vertices)
    if count < 3:
        raise InputError(path, f"has {count or 'no'} vertices, a mesh needs at least three")
    if len(mesh.face_sizes) == 0:
        raise InputError(path, "has no faces, only points")
    bad = np.flatnonzero(~np.isfinite(mesh.vertices).all(axis=1))
    if len(bad):
        raise InputError(path, f"vertex {bad[0] + 1} is not a number (NaN or infinity)")
    thin = np.flatnonzero(mesh.face_sizes < 3)
    if len(thin):
        raise InputError(path, f"face {thin[0] + 1} has fewer than three corners")
    _refuse_out_of_range(mesh.face_vertices, count, "vertex", mesh, path)
    if mesh.uvs is not None and mesh.face_uvs is not None:
        _refuse_out_of_range(mesh.face_uvs, len(mesh.uvs), "texture coordinate", mesh, path)
    return mesh


def _refuse_out_of_range(
    corners: np.ndarray[tuple[int], np.dtype[np.int32]], count: int, what: str, mesh: Mesh, path: Path
) -> None:
    bad = np.flatnonzero((corners < 0) | (corners >= count))
    if len(bad):
        face = int(np.searchsorted(np.cumsum(mesh.face_sizes), bad[0], side="right"))
        raise InputError(path, f"face {face + 1} names a {what} that does not exist (there are {count})")


def read_bytes(path: Path) -> bytes:
    """Read a whole file.

    Raises
    ------
    InputError
        If it is missing, a folder, unreadable or empty.
    """
    if path.is_dir():
        raise InputError(path, "a folder, not a mesh file")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(path, "no such file") from None
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})") from error
    if not data.strip():
        raise InputError(path, "the file is empty")
    return data
