"""What lies under the pointer on the canvas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.curve import Curve, Tangent
from editor.lanes import LaneState
from editor.views.timeline.lane_layout import Row
from editor.views.timeline.state import TimelineState

REACH = 8.0
"""Pixels within which something counts as under the pointer."""


@dataclass(frozen=True)
class KeyHit:
    """A key; ``side`` is 0 or 1 on its incoming or outgoing handle, None on the key itself."""

    lane: str
    key: int
    side: int | None = None


def key_at(state: TimelineState, x: float, y: float) -> KeyHit | None:
    """Return the key nearest to a place, or the handle of a selected one; None where nothing is near."""
    row = state.layout.at(y)
    if row is None:
        return None
    lane = state.lane(row.name)
    handle = _handle_at(state, lane, row, x, y)
    if handle is not None or not len(lane.curve):
        return handle
    near = np.hypot(state.axis.x_of(lane.curve.times) - x, row.y_of(lane.curve.values) - y)
    key = int(np.argmin(near))
    return KeyHit(lane.name, key) if near[key] <= REACH else None


def value_on_curve(state: TimelineState, row: Row, x: float, y: float, seconds: float) -> float:
    """Return the curve's value at a time if the place is near the curve, else the value of the place."""
    curve = state.lane(row.name).curve
    if abs(row.y_of(float(curve(state.axis.time_at(x)))) - y) <= REACH + 2:
        return float(np.clip(curve(seconds), *row.limits))
    return row.value_at(y)


def handle_places(state: TimelineState, row: Row, curve: Curve, key: int) -> NDArray[np.float64]:
    """Pixels (2, 2) of a BEZIER key's incoming and outgoing handle."""
    handles = curve.handles[key]
    x = state.axis.x_of(curve.times[key] + handles[:, 0])
    return np.stack([x, row.y_of(curve.values[key] + handles[:, 1])], axis=1)


def shown_handles(state: TimelineState, lane: LaneState) -> tuple[int, ...]:
    """Keys of a lane whose handles are shown: selected ones with handles of their own."""
    chosen = state.selection.get(lane.name)
    if chosen is None:
        return ()
    chosen = chosen[chosen < len(lane.curve)]
    return tuple(int(k) for k in chosen[lane.curve.tangents[chosen] == Tangent.BEZIER])


def _handle_at(state: TimelineState, lane: LaneState, row: Row, x: float, y: float) -> KeyHit | None:
    for key in shown_handles(state, lane):
        places = handle_places(state, row, lane.curve, key)
        near = np.hypot(places[:, 0] - x, places[:, 1] - y)
        at_key = np.hypot(
            state.axis.x_of(float(lane.curve.times[key])) - x, row.y_of(float(lane.curve.values[key])) - y
        )
        side = int(np.argmin(near))
        if near[side] <= REACH and near[side] <= at_key:
            return KeyHit(lane.name, key, side)
    return None
