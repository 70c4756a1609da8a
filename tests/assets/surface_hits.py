"""Where lines along z meet a mesh: an independent look at what covers what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def hits_along_z(
    vertices: NDArray[np.float32], triangles: NDArray[np.int32], x: float, y: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Heights z, front first, and triangle numbers where the line through (x, y) meets the triangles."""
    a, b, c = (vertices[triangles[:, k]].astype(float) for k in range(3))
    near = np.flatnonzero(
        (np.minimum.reduce([a, b, c])[:, 0] <= x)
        & (np.maximum.reduce([a, b, c])[:, 0] >= x)
        & (np.minimum.reduce([a, b, c])[:, 1] <= y)
        & (np.maximum.reduce([a, b, c])[:, 1] >= y)
    )
    a, b, c = a[near], b[near], c[near]
    u, v, w = b[:, :2] - a[:, :2], c[:, :2] - a[:, :2], np.array([x, y]) - a[:, :2]
    area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    area[np.abs(area) < 1e-12] = np.nan
    s = (w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0]) / area
    t = (u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]) / area
    inside = (s >= 0) & (t >= 0) & (s + t <= 1)
    z = (a[:, 2] + s * (b[:, 2] - a[:, 2]) + t * (c[:, 2] - a[:, 2]))[inside]
    order = np.argsort(-z)
    return z[order], near[inside][order]
