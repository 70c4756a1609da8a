"""Turning the whole head on its neck, after everything else has shaped the face.

Angles are degrees about the head's own axes: pitch above 0 looks up, yaw above 0 to her left, roll above 0
leans to her left. Below the jaw the turn fades down the neck, so that a bust stays where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.mesh import Floats, Indices
from core.rig import Rig
from core.templates.axes import HeadAxes, axes_from_shapes

Numbers = NDArray[np.float64]
HEAD = ("headPitch", "headYaw", "headRoll")
PIVOT_UP, PIVOT_BACK = 18.0, 92.0
"""Where head and neck meet (the atlas), mm above and behind the lips."""
CHIN_DOWN, CHIN_BACK = 62.0, 30.0
NAPE_DOWN, NAPE_BACK = 12.0, 150.0
"""Two points of the border between head and neck, mm under and behind the lips."""
NECK = 85.0
"""Millimetres of neck over which the turn fades."""


@dataclass(frozen=True, eq=False)
class HeadPivot:
    """What a head turns about.

    Attributes
    ----------
    axes : HeadAxes
    point : ndarray of shape (3,), float64
        In the mesh's units.
    share : ndarray of shape (V,), float32
        How much of the turn each vertex takes: 1 on the head, fading to 0 down the neck.
    """

    axes: HeadAxes
    point: Numbers
    share: Floats

    @cached_property
    def _neck(self) -> Indices:
        return np.flatnonzero((self.share > 0) & (self.share < 1)).astype(np.int32)

    @cached_property
    def _head(self) -> Indices:
        return np.flatnonzero(self.share == 1).astype(np.int32)

    def turned(self, vertices: Floats, degrees: Floats | Numbers) -> Floats:
        """Turn a face, in place.

        Parameters
        ----------
        vertices : ndarray of shape (V, 3), float32
        degrees : ndarray of shape (3,)
            In the order of `HEAD`.
        """
        if not np.any(degrees):
            return vertices
        turn = self._rotation(np.asarray(degrees, np.float64))
        point = self.point.astype(np.float32)
        vertices[self._head] = (vertices[self._head] - point) @ turn.T.astype(np.float32) + point
        if len(self._neck):
            vertices[self._neck] = self._bent(vertices[self._neck], turn)
        return vertices

    def _rotation(self, degrees: Numbers) -> Numbers:
        """Roll first, then pitch, then yaw; (3, 3)."""
        pitch, yaw, roll = np.radians(degrees)
        return np.asarray(
            _matrix(self.axes.up, yaw) @ _matrix(self.axes.left, -pitch) @ _matrix(self.axes.front, -roll)
        )

    def _bent(self, neck: Floats, turn: Numbers) -> Floats:
        """Turn each vertex of the neck by its share of the angle, by Rodrigues' formula."""
        sine = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
        length = float(np.linalg.norm(sine))
        axis = sine / max(length, 1e-12)
        angle = self.share[self._neck, None] * np.arctan2(length, np.trace(turn) - 1)
        arm = neck - self.point
        across, along = np.cross(axis, arm), (arm @ axis)[:, None] * axis
        bent = arm * np.cos(angle) + across * np.sin(angle) + along * (1 - np.cos(angle))
        return np.asarray(bent + self.point, np.float32)


def pivot_for(rig: Rig) -> HeadPivot | None:
    """Find what a rig's head turns about; None where its face is not known."""
    if rig.lips is None or not {"jawOpen"} <= set(rig.channels):
        return None
    vertices = rig.mesh.vertices
    axes = axes_from_shapes(vertices, {name: rig.basis[row] for name, row in rig.index.items()})
    mouth = vertices[np.concatenate([rig.lips.upper, rig.lips.lower])].mean(0)
    unit = rig.millimetre
    point = mouth + unit * (PIVOT_UP * axes.up - PIVOT_BACK * axes.front)
    _, up, front = (axes.place(vertices - mouth) / unit).T
    slope = (CHIN_DOWN - NAPE_DOWN) / (NAPE_BACK - CHIN_BACK)
    border = -CHIN_DOWN + slope * np.clip(-front - CHIN_BACK, -CHIN_BACK, NAPE_BACK - CHIN_BACK)
    below = np.clip((border - up) / NECK, 0, 1)
    share = 1 - below * below * (3 - 2 * below)
    return HeadPivot(axes, np.asarray(point, np.float64), np.asarray(share, np.float32))


def _matrix(axis: Numbers, angle: float) -> Numbers:
    cross = np.cross(np.eye(3), axis)
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross))
