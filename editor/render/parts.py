"""Colours of a head that brings none, from the names of its materials and groups."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from core.mesh import FaceGroup, Indices, Mesh
from editor.render.subject import Colours

SKIN = (205, 160, 138)
# First match wins, so the special stands before the general (an eyebrow is no eye).
PALETTE: tuple[tuple[str, tuple[int, int, int]], ...] = (
    (r"brow|hair|beard", (52, 38, 32)),
    (r"iris", (78, 96, 104)),
    (r"pupil", (12, 12, 14)),
    (r"sclera|eye_?ball|eye[lr]?$|eyes|eye_?(left|right|l|r)$", (226, 220, 214)),
    (r"teeth|tooth", (226, 214, 192)),
    (r"gum|tongue|mouth_?(bag|inside|interior|socket)", (158, 84, 82)),
    (r"lips?$", (176, 104, 96)),
)
# Transparent shells over the eyes and cards of lashes; drawn opaque they would hide the eyes.
CLEAR = re.compile(r"cornea|lacrimal|fluid|occlusion|lash|eye_?blend|tear", re.IGNORECASE)


def part_colours(mesh: Mesh) -> Colours:
    """Colour every vertex by the part it belongs to; skin where nothing is said."""
    colours = np.full((len(mesh.vertices), 3), SKIN, np.uint8)
    starts = _starts(mesh)
    for group in mesh.groups:
        for pattern, colour in PALETTE:
            if re.search(pattern, _name(group), re.IGNORECASE):
                colours[_vertices(mesh, group, starts)] = colour
                break
    return colours


def clear_vertices(mesh: Mesh) -> NDArray[np.bool_]:
    """Mark the vertices (V,) of parts that are transparent."""
    clear = np.zeros(len(mesh.vertices), bool)
    starts = _starts(mesh)
    for group in mesh.groups:
        if CLEAR.search(_name(group)):
            clear[_vertices(mesh, group, starts)] = True
    return clear


def _name(group: FaceGroup) -> str:
    return group.material or group.name


def _starts(mesh: Mesh) -> NDArray[np.int64]:
    return np.cumsum(mesh.face_sizes, dtype=np.int64) - mesh.face_sizes


def _vertices(mesh: Mesh, group: FaceGroup, starts: NDArray[np.int64]) -> Indices:
    sizes = mesh.face_sizes[group.faces]
    first = np.repeat(starts[group.faces], sizes)
    within = np.arange(len(first)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    corners: Indices = mesh.face_vertices[first + within]
    return corners
