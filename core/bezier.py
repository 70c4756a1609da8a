"""Cubic Beziers in time and value, which the segments of a curve are.

Letters: K keys of a curve, with K - 1 segments.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Doubles = NDArray[np.float64]


def monotone_slopes(span: Doubles, chord: Doubles) -> Doubles:
    """Slopes that keep each segment between its keys (Fritsch and Carlson 1980).

    Zero at extremes, a weighted harmonic mean of the neighbours' elsewhere.

    Parameters
    ----------
    span, chord : ndarray of shape (K - 1,)
        Seconds of each segment, and its slope from end to end.

    Returns
    -------
    ndarray of shape (K,)
    """
    slopes = np.zeros(len(chord) + 1)
    left, right = chord[:-1], chord[1:]
    w1, w2 = 2 * span[1:] + span[:-1], span[1:] + 2 * span[:-1]
    same = left * right > 0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        mean = (w1 + w2) / (w1 / left + w2 / right)
    slopes[1:-1][same] = mean[same]
    return slopes


def clamp_time(handles: Doubles, span: Doubles) -> Doubles:
    """Shorten handles (K, 2) that reach over the neighbouring key, which would fold time; spans (K,)."""
    scale = span / np.maximum(np.abs(handles[:, 0]), span)
    return np.asarray(handles * scale[:, None])


def bezier(u: Doubles, p0: ArrayLike, p1: ArrayLike, p2: ArrayLike, p3: ArrayLike) -> Doubles:
    """Evaluate at u, 0..1, between four control points of its shape."""
    v = 1.0 - u
    a, b, c, d = (np.asarray(p, np.float64) for p in (p0, p1, p2, p3))
    return np.asarray(v * v * v * a + 3 * v * v * u * b + 3 * v * u * u * c + u * u * u * d)


def solve_bezier(x: Doubles, x1: Doubles, x2: Doubles) -> Doubles:
    """Find u with ``bezier(u, 0, x1, x2, 1) = x``, all in 0..1, where the time course is monotone."""
    bent = np.asarray(bends(x1, x2))
    u = np.array(x)  # handles a third of the way leave time as it is: the common case
    if bent.any():
        u[bent] = _bisect_bezier(x[bent], x1[bent], x2[bent])
    return u


def bends(x1: Any, x2: Any) -> Any:
    """Whether inner control points bend time: those a third of the way do not."""
    third = 1.0 / 3.0
    return (abs(x1 - third) > 1e-12) | (abs(x2 - 1.0 + third) > 1e-12)


def _bisect_bezier(x: Doubles, x1: Doubles, x2: Doubles) -> Doubles:
    low, high = np.zeros_like(x), np.ones_like(x)
    for _ in range(52):  # bisection to the last bit of a double: no start value, no divergence
        middle = (low + high) / 2
        below = bezier(middle, 0.0, x1, x2, 1.0) < x
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)
