"""The mouth of a head: what is cut out of it to be drawn and read.

Letters: V vertices of the head, M of the mouth, T triangles, L of the lips.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.mesh import Mesh
from core.rig import Rig

WIDTH = 1.3
"""Side of the picture, in widths of the mouth at rest."""
LOWERED = 0.12
"""How far below the lips its middle is, of its side: there must be room for the jaw to fall."""
ROOM = 0.58
"""How far from its middle vertices still belong to the mouth, of its side: some come in from outside."""
DEPTH = 0.75
"""How far behind the lips vertices still belong to the mouth, of the side."""
AWAY = -0.5
"""Cosine to the viewer below which a triangle at rest never comes to face them."""
SEEN = ("skin", "lips", "teethUpper", "teethLower")
"""Groups of the default head that are drawn; nothing lights what lies behind them."""


@dataclass(frozen=True, eq=False)
class Mouth:
    """What stays the same from picture to picture.

    Attributes
    ----------
    rest : tensor of shape (M, 3)
    triangles : tensor of shape (T, 3), int64
    greys : tensor of shape (M,)
        Albedo.
    centre : tensor of shape (3,)
        Of the picture.
    span : float
        Side of the picture, in the head's unit.
    millimetres : float
        In such a unit.
    lips : tensor of shape (L,), int64
        Which of the vertices are of the lips.
    numbers : tensor of shape (M,), int64
        Of the vertices in the whole head.
    """

    rest: torch.Tensor
    triangles: torch.Tensor
    greys: torch.Tensor
    centre: torch.Tensor
    span: float
    millimetres: float
    lips: torch.Tensor
    numbers: torch.Tensor


def cut_out(
    mesh: Mesh,
    rims: NDArray[np.integer],
    drawn: NDArray[np.bool_],
    greys: NDArray[np.float32],
    millimetres: float,
) -> Mouth:
    """Cut the part of a head that the picture shows out of it."""
    at_rims = mesh.vertices[rims]
    span = WIDTH * float(np.ptp(at_rims[:, 0]))
    centre = (at_rims.max(0) + at_rims.min(0)) / 2 - [0, LOWERED * span, 0]
    middles = mesh.vertices[mesh.triangles].mean(1) - centre
    near = (np.abs(middles) < np.array([ROOM, ROOM, DEPTH]) * span).all(1)
    triangles = mesh.triangles[near & drawn & _turned(mesh)]
    numbers, renamed = np.unique(triangles, return_inverse=True)
    lips = np.flatnonzero(np.isin(numbers, rims))
    return Mouth(
        torch.from_numpy(mesh.vertices[numbers]),
        torch.from_numpy(renamed.reshape(-1, 3)),
        torch.from_numpy(greys[numbers]),
        torch.from_numpy(centre.astype(np.float32)),
        span,
        millimetres,
        torch.from_numpy(lips),
        torch.from_numpy(numbers.astype(np.int64)),
    )


def _turned(mesh: Mesh) -> NDArray[np.bool_]:
    """Triangles that may face the viewer in some pose."""
    corners = mesh.vertices[mesh.triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return np.asarray(normals[:, 2] > AWAY * np.linalg.norm(normals, axis=1))


def drawn_triangles(mesh: Mesh) -> NDArray[np.bool_]:
    """Triangles of the groups that are `SEEN`; all of a mesh that has none of them."""
    polygons = np.zeros(len(mesh.face_sizes), bool)
    for group in mesh.groups:
        polygons[group.faces] |= group.name in SEEN
    owners = np.repeat(np.arange(len(mesh.face_sizes)), mesh.face_sizes)
    found = polygons[owners[mesh.triangle_corners[:, 0]]]
    return found if found.any() else np.ones_like(found)


def greys_of(rig: Rig) -> NDArray[np.float32]:
    """Albedo (V,) of a head: as its colours are, where it has some."""
    if rig.colours is None:
        return np.full(len(rig.mesh.vertices), 0.7, np.float32)
    luma = rig.colours.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.asarray(luma / 255, np.float32)
