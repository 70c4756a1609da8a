"""Wavefront OBJ, written: positions apart from the rest, which all frames of a sequence share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.mesh import Floats, Indices, Mesh
from core.meshes.obj import UNNAMED


def obj_text_positions(vertices: Floats) -> bytes:
    """Return the ``v`` lines of vertices (V, 3), with the nine digits that give each float32 back."""
    return _lines(b"v %.9g %.9g %.9g\n", np.asarray(vertices, np.float32).astype(np.float64))


def obj_text_topology(mesh: Mesh) -> bytes:
    """Return all that follows the ``v`` lines: texture coordinates, groups, materials, faces."""
    parts = [] if mesh.uvs is None else [_lines(b"vt %.9g %.9g\n", mesh.uvs.astype(np.float64))]
    corners = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    owner = _owners(mesh)
    starts = np.flatnonzero(np.diff(owner, prepend=-2)).tolist()
    previous = ("", "")
    for start, end in zip(starts, [*starts[1:], len(owner)], strict=True):
        group = mesh.groups[owner[start]] if owner[start] >= 0 else None
        current = (group.name, group.material) if group else ("", "")
        parts += _section(previous, current)
        parts.append(_faces(mesh, corners, start, end))
        previous = current
    return b"".join(parts)


def write_obj(mesh: Mesh, path: Path) -> None:
    """Write a mesh to a file that must not be in use by anyone; encoding is done before it is opened."""
    path.write_bytes(obj_text_positions(mesh.vertices) + obj_text_topology(mesh))


def _owners(mesh: Mesh) -> Indices:
    """Find the first group that holds each face, -1 for none, shape (P,)."""
    owner = np.full(len(mesh.face_sizes), -1, np.int32)
    for number, group in reversed(list(enumerate(mesh.groups))):
        owner[group.faces] = number
    return owner


def _section(previous: tuple[str, str], current: tuple[str, str]) -> list[bytes]:
    keywords = ("g", "usemtl")
    return [
        f"{keyword} {new or UNNAMED}\n".encode()
        for keyword, old, new in zip(keywords, previous, current, strict=True)
        if new != old
    ]


def _faces(mesh: Mesh, corners: NDArray[np.intp], start: int, end: int) -> bytes:
    """Return the ``f`` lines of a run of faces; one format for the run, however long its polygons are."""
    sizes = mesh.face_sizes[start:end]
    first, last = int(corners[start]), int(corners[end - 1] + sizes[-1])
    numbers = mesh.face_vertices[first:last, None] + 1
    form = b" %d"
    if mesh.face_uvs is not None:
        numbers = np.concatenate([numbers, mesh.face_uvs[first:last, None] + 1], axis=1)
        form = b" %d/%d"
    rows = {int(size): b"f" + form * int(size) + b"\n" for size in np.unique(sizes)}
    return b"".join([rows[size] for size in sizes.tolist()]) % tuple(numbers.ravel().tolist())


def _lines(form: bytes, values: NDArray[np.float64]) -> bytes:
    return form * len(values) % tuple(values.ravel().tolist())
