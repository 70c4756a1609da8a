"""Which way a head stands and looks, whatever its author called up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.channels import PARTS
from core.mesh import Floats

UPPER_FACE = tuple(name for name in PARTS["upper face"] if name.startswith(("eyeBlink", "brow")))

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class HeadAxes:
    """Unit vectors of a head in its mesh's coordinates, each of shape (3,); `left` is the head's own left."""

    left: Vector
    up: Vector
    front: Vector

    @staticmethod
    def of(up: Vector, front: Vector) -> HeadAxes:
        """Make axes from two directions that need not be exact."""
        up = up / np.linalg.norm(up)
        front = front - up * (front @ up)
        front = front / np.linalg.norm(front)
        return HeadAxes(np.cross(up, front), up, front)

    def place(self, points: Floats) -> NDArray[np.float64]:
        """Express points (..., 3) as (left, up, front)."""
        return np.asarray(points, np.float64) @ np.stack([self.left, self.up, self.front], axis=1)


def axes_from_shapes(vertices: Floats, shapes: Mapping[str, Floats]) -> HeadAxes:
    """Find the axes from where a head's shapes move it.

    The eyes are above the jaw, which tells up (the way an opening jaw falls would not: it goes back as much
    as down); the face is before the middle of the head, which tells front. Both are snapped to the nearest
    axis of coordinates, as heads are modelled upright.

    Parameters
    ----------
    vertices : ndarray of shape (V, 3)
    shapes : mapping of str to ndarray of shape (V, 3)
        Displacements by channel; jawOpen must not be all zero.
    """
    jaw = moved_middle(vertices, shapes["jawOpen"]).astype(np.float64)
    above = [shapes[name] for name in UPPER_FACE if name in shapes and np.any(shapes[name])]
    if above:
        eyes = np.mean([moved_middle(vertices, shape) for shape in above], axis=0)
        up = _snapped(eyes - jaw)
    else:
        eyes = jaw
        up = _snapped(-shapes["jawOpen"].sum(axis=0, dtype=np.float64))
    middle = (vertices.min(axis=0).astype(np.float64) + vertices.max(axis=0)) / 2
    ahead = (jaw + eyes) / 2 - middle
    level = np.where(up != 0, 0.0, ahead)
    return HeadAxes.of(up, _snapped(level) if level.any() else np.roll(up, 1))


def moved_middle(vertices: Floats, displacement: Floats) -> Floats:
    """Middle of what a shape moves, weighted by how far, shape (3,)."""
    weight = np.linalg.norm(displacement, axis=1)
    return np.asarray(weight @ vertices / weight.sum(), np.float32)


def _snapped(direction: Vector) -> Vector:
    axis = int(np.abs(direction).argmax())
    unit = np.zeros(3)
    unit[axis] = np.sign(direction[axis]) or 1.0
    return unit
