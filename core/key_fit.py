"""Few keys for many samples."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.bezier import Doubles
from core.curve import Curve


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
        times,
        values,
        tolerance,
        lambda keys: Curve.of(zip(times[keys], values[keys], strict=True)),
        _turns(values, tolerance),
    )


def fewest_keys(
    times: Doubles,
    values: Doubles,
    tolerance: float,
    curve_of: Callable[[NDArray[np.intp]], Curve],
    begin: NDArray[np.intp] | None = None,
) -> Curve:
    """Add keys where the curve is farthest off, between any two at once, until it is within the tolerance.

    Parameters
    ----------
    times, values : ndarray of shape (N,)
    tolerance : float
    curve_of : callable
        The curve with keys at these samples, in place, as neighbouring keys bend the tangents.
    begin : ndarray of shape (K,), optional
        Samples that get a key anyhow, the first and the last one among them; these alone unless given.
    """
    keys = np.unique([0, len(times) - 1]) if begin is None else begin
    while True:
        curve = curve_of(keys)
        error = np.abs(curve(times) - values)
        error[keys] = 0.0  # rounding at a key must never choose it twice
        if error.max() <= tolerance:
            return curve
        worst = _worst_between(keys, error)
        keys = np.union1d(keys, worst[error[worst] > tolerance])


def _turns(values: Doubles, tolerance: float) -> NDArray[np.intp]:
    """Return the ends of all samples, of each rest, and each high and low: there automatic keys are level."""
    from scipy.signal import find_peaks

    steps = np.diff(values)
    rests = np.flatnonzero(np.diff(steps == 0)) + 1
    turns = np.concatenate([find_peaks(way, prominence=tolerance)[0] for way in (values, -values)])
    turns = turns[steps[turns] != 0]
    return np.unique(np.concatenate([[0, len(values) - 1], rests, turns])).astype(np.intp)


def _worst_between(keys: NDArray[np.intp], error: Doubles) -> NDArray[np.intp]:
    """Return the sample with the largest error from each key up to the next one."""
    segment = np.searchsorted(keys, np.arange(len(error)), side="right")
    order = np.lexsort((error, segment))
    return np.asarray(order[np.flatnonzero(np.diff(segment[order], append=len(keys) + 1))])
