"""Signed distance primitives and the blends that join them without a seam (after Inigo Quilez).

All take points of shape (N, 3) in millimetres and return distances of shape (N,), negative inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

Points = NDArray[np.float64]
Field = Callable[[Points], NDArray[np.float64]]
Distances = NDArray[np.float64]


def join(a: Distances, b: Distances, k: float) -> Distances:
    """Union with a fillet about `k` mm wide (polynomial smooth minimum)."""
    h = np.maximum(k - np.abs(a - b), 0) / k
    return np.asarray(np.minimum(a, b) - h * h * k / 4)


def carve(a: Distances, b: Distances, k: float) -> Distances:
    """Take `b` out of `a`, rounding the edge over about `k` mm."""
    return -join(-a, b, k)


def ellipsoid(
    p: Points, centre: Sequence[float], radii: Sequence[float], turn: Points | None = None
) -> Distances:
    """Approximate distance to an ellipsoid, exact at its surface; `turn` rotates it about its centre."""
    q = p - np.asarray(centre)
    if turn is not None:
        q = q @ turn
    r = np.asarray(radii)
    k0 = np.linalg.norm(q / r, axis=1)
    k1 = np.linalg.norm(q / r**2, axis=1) + 1e-9
    return np.asarray(k0 * (k0 - 1) / k1)


def sphere(p: Points, centre: Sequence[float] | Points, radius: float) -> Distances:
    """Distance to a sphere."""
    return np.asarray(np.linalg.norm(p - np.asarray(centre), axis=1) - radius)


def bone(p: Points, a: Sequence[float], b: Sequence[float]) -> Distances:
    """Distance to a capsule whose radius runs from ``a[3]`` at its start to ``b[3]`` at its end."""
    start, axis = np.asarray(a[:3]), np.asarray(b[:3]) - np.asarray(a[:3])
    q = p - start
    t = np.clip(q @ axis / (axis @ axis), 0, 1)
    return np.asarray(np.linalg.norm(q - t[:, None] * axis, axis=1) - (a[3] + (b[3] - a[3]) * t))


Knots = tuple[tuple[float, float, float, float], ...]


def tube(p: Points, knots: Knots, pieces: int = 10, k: float = 2.0) -> Distances:
    """Distance to a tube along a spline through `knots`, each x, y, z and radius."""
    path = _spline(knots, pieces)
    distance = bone(p, path[0], path[1])
    for a, b in pairwise(path[1:]):
        distance = join(distance, bone(p, a, b), k)
    return distance


@cache
def _spline(knots: Knots, pieces: int) -> Points:
    rows = np.asarray(knots)
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(rows[:, :3], axis=0), axis=1))]
    return np.asarray(CubicSpline(along, rows)(np.linspace(0, along[-1], pieces + 1)))


def turned(axis: str, degrees: float) -> Points:
    """Rotation matrix about x, y or z, for row vectors times matrix into the turned frame."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrices = {
        "x": [[1, 0, 0], [0, c, -s], [0, s, c]],
        "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }
    return np.array(matrices[axis])


def bump(distance: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Gaussian of height 1; `width` is where it has fallen to 1/e."""
    return np.asarray(np.exp(-((distance / width) ** 2)))


def ramp(x: NDArray[np.float64], start: float, end: float) -> NDArray[np.float64]:
    """Smooth step from 0 at `start` to 1 at `end` (which may lie below it)."""
    t = np.clip((x - start) / (end - start), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def gradient(field: Field, p: Points, h: float = 0.2) -> Points:
    """Gradient by four taps on a tetrahedron."""
    taps = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
    return np.asarray(sum(field(p + h * tap)[:, None] * tap for tap in taps) / (4 * h))


def project(field: Field, p: Points, steps: int = 4, reach: float = 6.0) -> Points:
    """Move points to the zero surface along the gradient, at most `reach` mm a step."""
    p = p.copy()
    for _ in range(steps):
        slope = gradient(field, p)
        step = field(p) / np.maximum((slope**2).sum(1), 0.3)
        p -= np.clip(step, -reach, reach)[:, None] * slope
    return p


def drop(field: Field, x: NDArray[np.float64], y: NDArray[np.float64], start: float = 135.0) -> Points:
    """March from the front along -z to the first surface above (x, y)."""
    p = np.stack([x, y, np.full(len(x), start)], 1)
    for _ in range(50):
        p[:, 2] -= np.clip(field(p), -2, 8) * 0.8
    return p
