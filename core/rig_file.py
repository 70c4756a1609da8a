"""Rigs on disk: one compressed ``.npz``, without pickle, that loads in a fraction of a second.

The basis is sparse (most channels move a small part of a face) and its displacements are 16-bit steps of
each channel's own largest one: a jaw that opens 60 mm is stored to 2 um. Steps are symmetric about zero, so
a symmetric rig is still exactly symmetric after a round trip.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.mesh import FaceGroup, Floats, Mesh, Texture
from core.rig import Corrective, Factor, Lips, Rig

FORMAT = "editable-lipsync rig"
VERSION = 2
"""Version 1 had no correctives."""
STEPS = 32767
"""Largest 16-bit displacement; each channel's largest coordinate is stored as this many steps."""

Arrays = Mapping[str, NDArray[Any]]


def save_rig(rig: Rig, path: Path) -> None:
    """Write a rig; the file appears whole or not at all.

    Parameters
    ----------
    rig : Rig
    path : Path
        Usually ends in ``.npz``; written as it is.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    arrays = {"header": _header(rig), **_mesh_arrays(rig.mesh), **_basis_arrays(_shapes(rig))}
    if rig.lips is not None:
        arrays |= {"lips_upper": rig.lips.upper, "lips_lower": rig.lips.lower}
    if rig.colours is not None:
        arrays["colours"] = rig.colours
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # its stub lacks **kwds
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(path, f"cannot be written ({error.strerror or error})") from error


def load_rig(path: Path) -> Rig:
    """Read a rig that `save_rig` wrote.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Rig

    Raises
    ------
    InputError
        If the file is missing, damaged, no rig, or from a newer version of the program.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise InputError(path, "is not a rig file")
            arrays = {name: archive[name] for name in archive.files}
        return _rig(path, arrays)
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error
    except (ValueError, KeyError, IndexError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(path, "is not a rig file, or a damaged one") from error


def _header(rig: Rig) -> NDArray[np.uint8]:
    header = {
        "format": FORMAT,
        "version": VERSION,
        "name": rig.mesh.name,
        "groups": [{"name": group.name, "material": group.material} for group in rig.mesh.groups],
        "channels": list(rig.channels),
        "midline": rig.lips.midline if rig.lips else None,
        "millimetre": rig.millimetre,
        "origin": rig.origin,
        "textures": [texture.name for texture in _kept(rig.mesh)],
        "correctives": [_corrective_header(corrective) for corrective in rig.correctives],
    }
    return np.frombuffer(json.dumps(header).encode(), np.uint8)


def _kept(mesh: Mesh) -> list[Texture]:
    return [texture for texture in mesh.textures if texture.pixels is not None]


def _corrective_header(corrective: Corrective) -> dict[str, Any]:
    factors = [{"offset": f.offset, "slopes": dict(f.slopes)} for f in corrective.factors]
    return {"name": corrective.name, "factors": factors}


def _shapes(rig: Rig) -> Floats:
    """Displacements of the channels and, after them, of the correctives."""
    return np.concatenate([rig.basis, *(corrective.shape[None] for corrective in rig.correctives)])


def _mesh_arrays(mesh: Mesh) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {
        "vertices": mesh.vertices,
        "face_sizes": mesh.face_sizes,
        "face_vertices": mesh.face_vertices,
        "group_sizes": np.array([len(group.faces) for group in mesh.groups], np.int32),
        "group_faces": np.concatenate([np.empty(0, np.int32), *(group.faces for group in mesh.groups)]),
    }
    if mesh.uvs is not None and mesh.face_uvs is not None:
        arrays |= {"uvs": mesh.uvs, "face_uvs": mesh.face_uvs}
    for number, texture in enumerate(_kept(mesh)):
        arrays |= {f"texture_faces_{number}": texture.faces, f"texture_{number}": np.asarray(texture.pixels)}
    return arrays


def _basis_arrays(basis: Floats) -> dict[str, NDArray[Any]]:
    largest = np.abs(basis).max(axis=(1, 2), initial=0.0)
    step = np.where(largest > 0, largest / STEPS, 1.0).astype(np.float32)
    steps = np.rint(basis / step[:, None, None]).astype(np.int16)
    rows, moved = np.nonzero(steps.any(axis=2))
    return {
        "basis_step": step,
        "basis_counts": np.bincount(rows, minlength=len(basis)).astype(np.int32),
        "basis_moved": moved.astype(np.int32),
        "basis_steps": steps[rows, moved],
    }


def _rig(path: Path, arrays: Arrays) -> Rig:
    header = json.loads(arrays["header"].tobytes())
    if header["format"] != FORMAT:
        raise InputError(path, "is not a rig file")
    if header["version"] > VERSION:
        raise InputError(path, f"was written by a newer program (rig version {header['version']})")
    mesh = _mesh(arrays, header)
    count, correctives = len(header["channels"]), header.get("correctives", [])
    shapes = _basis(arrays, count + len(correctives), len(mesh.vertices))
    lips = None
    if header["midline"] is not None:
        lips = Lips(arrays["lips_upper"], arrays["lips_lower"], int(header["midline"]))
        _require_numbers(lips.upper, len(mesh.vertices))
        _require_numbers(lips.lower, len(mesh.vertices))
    return Rig(
        mesh,
        tuple(header["channels"]),
        shapes[:count],
        lips,
        float(header["millimetre"]),
        str(header["origin"]),
        arrays.get("colours"),
        tuple(_corrective(entry, shape) for entry, shape in zip(correctives, shapes[count:], strict=True)),
    )


def _corrective(entry: dict[str, Any], shape: Floats) -> Corrective:
    factors = tuple(Factor(factor["slopes"], float(factor["offset"])) for factor in entry["factors"])
    return Corrective(entry["name"], factors, shape)


def _mesh(arrays: Arrays, header: dict[str, Any]) -> Mesh:
    ends = np.cumsum(arrays["group_sizes"])[:-1]
    members = np.split(arrays["group_faces"], ends) if header["groups"] else []
    groups = tuple(
        FaceGroup(group["name"], faces, group["material"])
        for group, faces in zip(header["groups"], members, strict=True)
    )
    vertices = arrays["vertices"]
    if not (vertices.ndim == 2 and vertices.shape[1] == 3 and np.isfinite(vertices).all()):
        raise ValueError("vertices")
    _require_numbers(arrays["face_vertices"], len(vertices))
    if arrays["face_sizes"].sum() != len(arrays["face_vertices"]):
        raise ValueError("face_sizes")
    return Mesh(
        vertices,
        arrays["face_sizes"],
        arrays["face_vertices"],
        arrays.get("uvs"),
        arrays.get("face_uvs"),
        groups,
        header["name"],
        _textures(arrays, header, len(arrays["face_sizes"])),
    )


def _textures(arrays: Arrays, header: dict[str, Any], faces: int) -> tuple[Texture, ...]:
    textures = tuple(
        Texture(name, arrays[f"texture_faces_{number}"], arrays[f"texture_{number}"])
        for number, name in enumerate(header.get("textures", []))
    )
    for texture in textures:
        _require_numbers(texture.faces, faces)
        pixels = np.asarray(texture.pixels)
        if not (pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.size and pixels.dtype == np.uint8):
            raise ValueError("texture")
    return textures


def _basis(arrays: Arrays, channels: int, vertices: int) -> Floats:
    _require_numbers(arrays["basis_moved"], vertices)
    rows = np.repeat(np.arange(channels), arrays["basis_counts"])
    basis = np.zeros((channels, vertices, 3), np.float32)
    basis[rows, arrays["basis_moved"]] = arrays["basis_steps"] * arrays["basis_step"][rows, None]
    return basis


def _require_numbers(numbers: NDArray[Any], count: int) -> None:
    """Refuse vertex numbers outside 0..count-1 (a damaged file that still unzips)."""
    if numbers.size and not (numbers.min() >= 0 and numbers.max() < count):
        raise ValueError("vertex numbers")
