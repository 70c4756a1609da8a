"""Wavefront OBJ, read with its polygons, texture coordinates, groups and materials as they are.

Normals, smoothing groups, curves and vertex colours are left out. Format: Wavefront, "Object Files (.obj)",
appendix B1 of the Advanced Visualizer manual.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.mesh import FaceGroup, Floats, Indices, Mesh, Texture
from core.meshes.checks import checked, read_bytes
from core.meshes.textures import beside, named_pictures, textures_of

UNNAMED = "default"
"""OBJ's own name for the group of polygons that no ``g`` line has claimed."""

_ABSENT = (b"/0/0", b"/0", b"")


@dataclass
class _Lines:
    """Rows of a file by keyword, still text."""

    v: list[list[bytes]] = field(default_factory=list)
    vt: list[list[bytes]] = field(default_factory=list)
    faces: list[list[bytes]] = field(default_factory=list)
    seen: list[tuple[int, int]] = field(default_factory=list)
    """Vertices and texture coordinates read before each face: what its negative numbers count back from."""
    sections: list[tuple[int, str, str]] = field(default_factory=list)
    """Face at which a group begins, its name, its material."""
    libraries: list[str] = field(default_factory=list)
    """Files that describe the materials."""


def load_obj(path: Path) -> Mesh:
    """Read an OBJ file, and the pictures its materials name (``map_Kd``) where they can be read.

    Raises
    ------
    InputError
        If it is missing, not OBJ text, or holds no usable mesh.
    """
    lines = _sort_lines(read_bytes(path))
    if not lines.v:
        raise InputError(path, "not an OBJ file: no vertex lines")
    try:
        vertices = _vertices(lines.v)
        uvs = _uvs(lines.vt)
        sizes = np.array([len(corners) for corners in lines.faces], np.int32)
        corners = _corners(lines)
    except (ValueError, IndexError, OverflowError) as error:
        raise InputError(path, f"not a well-formed OBJ file ({_reason(error)})") from error
    face_uvs: Indices | None = None
    if uvs is not None:
        uvs, face_uvs = _complete(uvs, corners[:, 1])
    mesh = Mesh(vertices, sizes, corners[:, 0], uvs, face_uvs, _groups(lines), path.stem)
    return replace(checked(mesh, path), textures=_textures(mesh, lines.libraries, path))


def _textures(mesh: Mesh, libraries: list[str], path: Path) -> tuple[Texture, ...]:
    if mesh.uvs is None:
        return ()
    # Several libraries may stand on a line, and one with a space in its name.
    names = [name for line in libraries for name in dict.fromkeys([line, *line.split()])]
    pictures = named_pictures([beside(path, name) for name in names])
    if len(pictures) == 1 and not any(group.material for group in mesh.groups):
        # Scans often bring one picture and never say that it is used.
        everything = FaceGroup("", np.arange(len(mesh.face_sizes), dtype=np.int32), next(iter(pictures)))
        return textures_of((everything,), pictures)
    return textures_of(mesh.groups, pictures)


def _reason(error: Exception) -> str:
    return str(error).replace("could not convert string to float:", "not a number:")[:80]


def _sort_lines(data: bytes) -> _Lines:
    lines = _Lines()
    group = material = ""
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\\\r\n", b" ").replace(b"\\\n", b" ")
    for line in data.splitlines():
        row = line.split()
        if not row:
            continue
        match row[0]:
            case b"v":
                lines.v.append(row)
            case b"f":
                lines.faces.append(_uncommented(row)[1:])
                lines.seen.append((len(lines.v), len(lines.vt)))
            case b"vt":
                lines.vt.append(row)
            case b"g" | b"o":
                group = _name(line)
                lines.sections.append((len(lines.faces), group, material))
            case b"usemtl":
                material = _name(line)
                lines.sections.append((len(lines.faces), group, material))
            case b"mtllib":
                lines.libraries.append(_name(line))
    return lines


def _uncommented(row: list[bytes]) -> list[bytes]:
    return row[: row.index(b"#")] if b"#" in row else row


def _name(line: bytes) -> str:
    words = line.decode("utf-8", "replace").split(maxsplit=1)
    name = words[1].strip() if len(words) > 1 else ""
    return "" if name == UNNAMED else name


def _vertices(rows: list[list[bytes]]) -> Floats:
    if min(map(len, rows)) < 4:
        raise ValueError("a vertex has fewer than three coordinates")
    return _numbers(rows, 3)


def _numbers(rows: list[list[bytes]], count: int) -> Floats:
    # Python's own float() reads each number faster than numpy converts arrays of text.
    values = np.array([list(map(float, row[1 : count + 1])) for row in rows], np.float64)
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def _uvs(rows: list[list[bytes]]) -> Floats | None:
    if not rows:
        return None
    if min(map(len, rows)) < 3:
        rows = [[*row, b"0"] for row in rows]
    return _numbers(rows, 2)


def _corners(lines: _Lines) -> NDArray[np.int32]:
    """Vertex and texture-coordinate numbers of all corners from 0, shape (sum of sizes, 2); -1 for none."""
    tokens = [corner + _ABSENT[corner.count(b"/")] for corners in lines.faces for corner in corners]
    if not tokens:
        return np.empty((0, 2), np.int32)
    text = b" ".join(tokens).replace(b"//", b"/0/").replace(b"/", b" ")
    numbers = np.array(list(map(int, text.split())), np.int64).reshape(-1, 3)[:, :2]
    if (numbers[:, 0] == 0).any():
        raise ValueError("vertices are numbered from 1")
    if (numbers < 0).any():
        corners = [len(face) for face in lines.faces]
        before = np.repeat(np.array(lines.seen, np.int64).reshape(-1, 2), corners, axis=0)
        numbers = np.where(numbers < 0, before + numbers + 1, numbers)
        # A number that counts back past the first vertex must stay visibly wrong.
        numbers[numbers[:, 0] <= 0, 0] = -1
    return np.clip(numbers - 1, -2, np.iinfo(np.int32).max).astype(np.int32)


def _complete(uvs: Floats, face_uvs: Indices) -> tuple[Floats | None, Indices | None]:
    """Give corners without a texture coordinate one at the origin, for formats that know no such corner."""
    bare = face_uvs == -1
    if bare.all():
        return None, None
    if bare.any():
        face_uvs = np.where(bare, len(uvs), face_uvs).astype(np.int32)
        uvs = np.concatenate([uvs, np.zeros((1, 2), np.float32)])
    return uvs, np.ascontiguousarray(face_uvs)


def _groups(lines: _Lines) -> tuple[FaceGroup, ...]:
    found: dict[tuple[str, str], list[NDArray[np.int32]]] = {}
    ends = [*(start for start, _, _ in lines.sections[1:]), len(lines.faces)]
    for (start, name, material), end in zip(lines.sections, ends, strict=False):
        if end > start and (name or material):
            found.setdefault((name, material), []).append(np.arange(start, end, dtype=np.int32))
    return tuple(FaceGroup(name, np.concatenate(runs), mat) for (name, mat), runs in found.items())
