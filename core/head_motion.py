"""Turning the whole head on its neck, after everything else has shaped the face.

Angles are degrees about the head's own axes: pitch above 0 looks up, yaw above 0 to her left, roll above 0
leans to her left. Below the jaw the turn fades down the neck, so that a bust stays where it stands and the
edge of a neck stays on the body it was cut from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.mesh import Floats, Indices
from core.rig import Rig
from core.templates.axes import HeadAxes, axes_from_shapes, moved_middle

Numbers = NDArray[np.float64]
HEAD = ("headPitch", "headYaw", "headRoll")
PIVOT_UP, PIVOT_BACK = 18.0, 92.0
"""Where head and neck meet (the atlas), mm above and behind the lips."""
CHIN_DOWN, CHIN_BACK = 62.0, 30.0
NAPE_DOWN, NAPE_BACK = 12.0, 150.0
"""Two points of the border between head and neck, mm under and behind the lips."""
NECK, LEAST_NECK = 85.0, 30.0
"""Millimetres of neck over which the turn fades, and under which a mesh has no neck to speak of."""
FOOT = 6.0
"""Millimetres above the lower edge of a neck that stay as well."""
JAW_UP, JAW_FRONT = 15.0, 20.0
"""From the middle of what an opening jaw moves to where the lips meet, mm."""


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
    def _foot(self) -> Indices:
        return np.flatnonzero(self.share == 0).astype(np.int32)

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
        foot = vertices[self._foot]
        # All at once, and then the neck again: to gather the many would cost more than to turn the few.
        vertices -= self.point.astype(np.float32)
        bent = self._bent(vertices[self._neck], turn)
        np.matmul(vertices.copy(), turn.T.astype(np.float32), out=vertices)
        vertices[self._neck] = bent
        vertices += self.point.astype(np.float32)
        vertices[self._foot] = foot
        return vertices

    def _rotation(self, degrees: Numbers) -> Numbers:
        """Roll first, then pitch, then yaw; (3, 3)."""
        pitch, yaw, roll = np.radians(degrees)
        return np.asarray(
            _matrix(self.axes.up, yaw) @ _matrix(self.axes.left, -pitch) @ _matrix(self.axes.front, -roll)
        )

    def _bent(self, arm: Floats, turn: Numbers) -> Floats:
        """Turn each vertex of the neck, seen from the pivot, by its share of the angle (Rodrigues)."""
        sine = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
        length = float(np.linalg.norm(sine))
        axis = sine / max(length, 1e-12)
        angle = self.share[self._neck, None] * np.float32(np.arctan2(length, np.trace(turn) - 1))
        cross = _cross(axis)
        across, toward = arm @ cross.astype(np.float32).T, arm @ (cross @ cross).astype(np.float32).T
        return np.asarray(arm + np.sin(angle) * across + (1 - np.cos(angle)) * toward)


def pivot_for(rig: Rig) -> HeadPivot | None:
    """Find what a rig's head turns about; None where no jaw tells which way it looks."""
    if "jawOpen" not in rig.index or not rig.basis[rig.index["jawOpen"]].any():
        return None
    vertices, unit = rig.mesh.vertices, rig.millimetre
    axes = axes_from_shapes(vertices, {name: rig.basis[row] for name, row in rig.index.items()})
    mouth = _mouth(rig, axes)
    point = mouth + unit * (PIVOT_UP * axes.up - PIVOT_BACK * axes.front)
    _, up, front = (axes.place(vertices - mouth.astype(np.float32)) / unit).T
    return HeadPivot(axes, np.asarray(point, np.float64), _share(up, front))


def _mouth(rig: Rig, axes: HeadAxes) -> Numbers:
    if rig.lips is not None:
        lips = np.concatenate([rig.lips.upper, rig.lips.lower])
        return np.asarray(rig.mesh.vertices[lips].mean(0), np.float64)
    jaw = moved_middle(rig.mesh.vertices, rig.basis[rig.index["jawOpen"]])
    return np.asarray(jaw + rig.millimetre * (JAW_UP * axes.up + JAW_FRONT * axes.front), np.float64)


def _share(up: Numbers, front: Numbers) -> Floats:
    """Share of the turn of vertices so many millimetres above and before the lips."""
    if front.min() > -PIVOT_BACK:
        return np.ones(len(up), np.float32)
    under, floor = _border(front), _floor(up, front)
    if _border(-PIVOT_BACK) - floor(-PIVOT_BACK) < LEAST_NECK:
        return np.ones(len(up), np.float32)
    neck = np.clip(under - floor(front) - FOOT, FOOT, NECK)
    below = np.clip((under - up) / neck, 0, 1)
    return np.asarray(1 - below * below * (3 - 2 * below), np.float32)


def _border(front: Numbers | float) -> Numbers:
    """Height of the border between head and neck."""
    slope = (CHIN_DOWN - NAPE_DOWN) / (NAPE_BACK - CHIN_BACK)
    return np.asarray(slope * (np.clip(-np.asarray(front), 0.0, NAPE_BACK) - CHIN_BACK) - CHIN_DOWN)


def _floor(up: Numbers, front: Numbers) -> Callable[[Numbers | float], Numbers]:
    """Height of the lower edge of a mesh from front to back: its hull, seen from the side, from below."""
    from scipy.spatial import ConvexHull

    hull = ConvexHull(np.stack([front, up], axis=1))
    edges = hull.simplices[hull.equations[:, 1] < -1e-9]
    corners = np.unique(edges)
    corners = corners[np.argsort(front[corners])]
    return lambda at: np.asarray(np.interp(at, front[corners], up[corners]))


def _matrix(axis: Numbers, angle: float) -> Numbers:
    cross = _cross(axis)
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross))


def _cross(axis: Numbers) -> Numbers:
    """Matrix of the cross product with an axis."""
    x, y, z = axis.tolist()
    return np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
