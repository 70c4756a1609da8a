"""Pictures that meshes wear: decoded once, within bounds, and never a reason to refuse a mesh."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import numpy as np
from PIL import Image

from core.mesh import FaceGroup, Pixels, Texture

FORMATS = ("PNG", "JPEG", "WEBP", "TGA", "TIFF", "BMP")
"""Named, because others that Pillow knows start programs (PostScript)."""
LARGEST_FILE = 256 * 2**20
LARGEST_AREA = 8192 * 8192
SIDE = 4096
"""Pixels to a side that are kept: more than a viewport shows, and what any graphics card takes."""


def decode_picture(data: bytes) -> Pixels | None:
    """Decode the bytes of a picture file.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8, or None
        Top row first, without its transparency, no side over `SIDE`; None if the data are no picture of a
        kind in `FORMATS`, broken, or larger than a head's texture can be.
    """
    try:
        # Told of the size before anything is decoded: a few bytes can claim to be gigabytes.
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > LARGEST_AREA:
                return None
            image.draft("RGB", (SIDE, SIDE))
            picture = image.convert("RGB")
        picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
        return np.asarray(picture, np.uint8)
    except Exception:  # decoders of broken files raise whatever they stumble over
        return None


def read_picture(path: Path) -> Pixels | None:
    """Read a picture file; None if it is missing or `decode_picture` cannot make sense of it."""
    try:
        # A device or a pipe would never end.
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            return None
        return decode_picture(path.read_bytes())
    except (OSError, ValueError):
        return None


def named_pictures(libraries: list[Path]) -> dict[str, Path]:
    """Find the picture (``map_Kd``) of each material of OBJ libraries; unreadable ones are left out."""
    pictures: dict[str, Path] = {}
    for library in libraries:
        material = ""
        for keyword, value in _entries(library):
            if keyword == "newmtl":
                material = value
            elif keyword == "map_kd" and value:
                pictures.setdefault(material, _beside(library, value))
    return pictures


def textures_of(groups: tuple[FaceGroup, ...], pictures: dict[str, Path]) -> tuple[Texture, ...]:
    """Read the pictures that the groups' materials name; groups that share one make one texture."""
    worn: dict[Path, list[np.ndarray[tuple[int], np.dtype[np.int32]]]] = {}
    for group in groups:
        if group.material in pictures:
            worn.setdefault(pictures[group.material], []).append(group.faces)
    return tuple(
        Texture(path.name, np.unique(np.concatenate(faces)), read_picture(path))
        for path, faces in worn.items()
    )


def beside(mesh: Path, name: str) -> Path:
    """Place a file name found in another file: beside it; of an absolute path only the last part is kept."""
    # Paths of the author's machine mean nothing here, and one on a network share would call there.
    parts = PureWindowsPath(name)
    return mesh.parent / (parts.name if parts.anchor else parts.as_posix())


def _entries(library: Path) -> Iterator[tuple[str, str]]:
    try:
        if not library.is_file() or library.stat().st_size > LARGEST_FILE:
            return
        text = library.read_bytes().decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return
    for line in text.splitlines():
        keyword, _, value = line.strip().replace("\t", " ").partition(" ")
        yield keyword.lower(), value.strip()


def _beside(library: Path, value: str) -> Path:
    """Find the file in a ``map_Kd`` value, before which options with arguments may stand."""
    words = value.split(" ") if value.startswith("-") else [value]
    rests = [" ".join(words[start:]) for start in range(len(words))]
    found = (path for path in (beside(library, rest) for rest in rests) if path.is_file())
    return next(found, beside(library, rests[-1]))
