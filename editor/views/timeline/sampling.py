"""A curve as a line of points fine enough for the screen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.curve import Curve, Tangent
from editor.views.timeline.time_axis import TimeAxis

Doubles = NDArray[np.float64]


def polyline(curve: Curve, axis: TimeAxis, spacing: float = 1.0) -> tuple[Doubles, Doubles]:
    """Pixels and values of a curve within the window.

    Parameters
    ----------
    curve : Curve
    axis : TimeAxis
    spacing : float
        Pixels between points; keys are points besides, so that no peak is cut off.

    Returns
    -------
    x, values : ndarray of shape (N,), float64
        In order of x.
    """
    grid = np.linspace(axis.start, axis.end, int(np.ceil(axis.width / spacing)) + 1)
    if len(curve) < 2:
        ends = grid[[0, -1]]
        return axis.x_of(ends), curve(ends)
    times = np.sort(np.concatenate([grid, _telling_times(curve, axis)]))
    return axis.x_of(times), curve(times)


def _telling_times(curve: Curve, axis: TimeAxis) -> Doubles:
    """Return times of the keys in the window, and just before those that a step leads to."""
    first, last = np.searchsorted(curve.times, [axis.start, axis.end])
    keys = np.arange(first, last)
    if len(keys) > axis.width:
        keys = _extreme_keys(keys, np.floor(axis.x_of(curve.times[keys])), curve.values[keys])
    stepped = keys[(keys > 0) & (curve.tangents[keys - 1] == Tangent.STEP)]
    return np.concatenate([curve.times[keys], np.nextafter(curve.times[stepped], -np.inf)])


def _extreme_keys(keys: NDArray[np.intp], column: Doubles, values: Doubles) -> NDArray[np.intp]:
    """Return the lowest and the highest key of each column of pixels."""
    order = np.lexsort((values, column))
    begins = np.append(True, np.diff(column[order]) > 0)
    return np.sort(keys[order[begins | np.append(begins[1:], True)]])
