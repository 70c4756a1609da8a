"""Heads that bring their own blendshapes: as glTF morph targets, or as a folder of meshes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core.channels import CHANNELS
from core.errors import InputError
from core.mesh import Floats, Mesh
from core.meshes.load import READERS, load_mesh
from core.rig import Rig
from core.templates.axes import axes_from_shapes, moved_middle
from core.templates.lips import find_lips
from core.templates.names import map_shapes
from core.templates.scale import millimetre_from_eyes, millimetre_from_jaw

MOUTH_WIDTH = 55.0
"""Rough width of a mouth in millimetres, for the search of its rims."""


def can_speak(shapes: Mapping[str, Floats]) -> bool:
    """Tell whether shapes, by channel, are a face rig: one that cannot open its jaw is none."""
    jaw = shapes.get("jawOpen")
    return jaw is not None and bool(np.any(jaw))


def rig_from_shapes(mesh: Mesh, shapes: Mapping[str, Floats]) -> Rig:
    """Make a rig of a head and its own shapes.

    Parameters
    ----------
    mesh : Mesh
    shapes : mapping of str to ndarray of shape (V, 3)
        Displacements by channel (`core.templates.names.map_shapes`), among them jawOpen; all others may be
        missing and then do nothing.
    """
    extras = [name for name in shapes if name not in CHANNELS]
    channels = (*CHANNELS, *extras)
    basis = np.zeros((len(channels), *mesh.vertices.shape), np.float32)
    for row, name in enumerate(channels):
        if name in shapes:
            basis[row] = shapes[name]
    axes = axes_from_shapes(mesh.vertices, shapes)
    millimetre = _millimetre(mesh, shapes, np.asarray(axes.place(mesh.vertices)[:, 0], np.float32))
    lips = find_lips(mesh, shapes["jawOpen"], axes, MOUTH_WIDTH * millimetre)
    return Rig(mesh, channels, basis, lips, millimetre, "own shapes")


def _millimetre(mesh: Mesh, shapes: Mapping[str, Floats], across: Floats) -> float:
    blinks = [shapes.get(name) for name in ("eyeBlinkRight", "eyeBlinkLeft")]
    eyes = [moved_middle(mesh.vertices, blink) for blink in blinks if blink is not None and np.any(blink)]
    if len(eyes) == 2:
        return millimetre_from_eyes(eyes[0], eyes[1])
    return millimetre_from_jaw(across, shapes["jawOpen"])


def rig_from_folder(folder: Path) -> Rig:
    """Make a rig of a folder with a neutral mesh and one mesh a shape, named after it.

    The neutral is ``neutral`` or the only file with "neutral" in its name; it may also lie beside a
    sub-folder ``shapes`` that holds the rest.

    Raises
    ------
    InputError
        If there is no neutral or more than one, a shape does not fit it, or no shape opens the jaw.
    """
    neutral = _neutral(folder)
    mesh = load_mesh(neutral)
    files = [file for place in (folder, folder / "shapes") for file in _mesh_files(place) if file != neutral]
    shapes = map_shapes({file.stem: displacement(file, mesh) for file in files})
    if not can_speak(shapes):
        found = ", ".join(file.stem for file in files[:5]) or "none"
        raise InputError(folder, f"has no shape that opens the jaw (jawOpen); shapes found: {found}")
    return rig_from_shapes(mesh, shapes)


def _neutral(folder: Path) -> Path:
    files = _mesh_files(folder)
    exact = [file for file in files if file.stem.lower() == "neutral"]
    named = exact or [file for file in files if "neutral" in file.stem.lower()]
    if not named:
        raise InputError(folder, "holds no neutral mesh (neutral.obj)")
    if len(named) > 1:
        raise InputError(folder, f"holds more than one neutral mesh ({named[0].name}, {named[1].name})")
    return named[0]


def _mesh_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in READERS and file.is_file())


def displacement(file: Path, neutral: Mesh) -> Floats:
    """Read a posed mesh and return its offset from the neutral one, shape (V, 3).

    Raises
    ------
    InputError
        If the file is at fault or has another number of vertices.
    """
    posed = load_mesh(file)
    count, expected = len(posed.vertices), len(neutral.vertices)
    if count != expected:
        raise InputError(file, f"has {count} vertices, but its neutral mesh has {expected}")
    return posed.vertices - neutral.vertices
