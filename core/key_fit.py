"""Few keys for many samples."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.curve import Curve, Doubles


def fitted(times: Doubles, values: Doubles, tolerance: float) -> Curve:
    """Return a curve with as few automatic keys as keep within a tolerance of samples.

    Parameters
    ----------
    times, values : ndarray of shape (N,)
        Ascending.
    tolerance : float
    """
    if not np.ptp(values):
        return Curve.constant(float(values[0]))
    return fewest_keys(
        times, values, tolerance, lambda keys: Curve.of(zip(times[keys], values[keys], strict=True))
    )


def fewest_keys(
    times: Doubles, values: Doubles, tolerance: float, curve_of: Callable[[NDArray[np.intp]], Curve]
) -> Curve:
    """Add keys where the curve is farthest off, between any two at once, until it is within the tolerance.

    Parameters
    ----------
    times, values : ndarray of shape (N,)
    tolerance : float
    curve_of : callable
        The curve with keys at these samples, in place, as neighbouring keys bend the tangents.
    """
    keys = np.unique([0, len(times) - 1])
    while True:
        curve = curve_of(keys)
        error = np.abs(curve(times) - values)
        error[keys] = 0.0  # rounding at a key must never choose it twice
        if error.max() <= tolerance:
            return curve
        worst = _worst_between(keys, error)
        keys = np.union1d(keys, worst[error[worst] > tolerance])


def _worst_between(keys: NDArray[np.intp], error: Doubles) -> NDArray[np.intp]:
    """Return the sample with the largest error from each key up to the next one."""
    segment = np.searchsorted(keys, np.arange(len(error)), side="right")
    order = np.lexsort((error, segment))
    return np.asarray(order[np.flatnonzero(np.diff(segment[order], append=len(keys) + 1))])
