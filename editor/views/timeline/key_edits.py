"""Edits of the selected keys that need no drag; each is one gesture. Locked lanes refuse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.curve import Curve, Tangent
from editor.lanes import LaneState
from editor.views.timeline.selection import Keys, selection_of
from editor.views.timeline.state import TimelineState

Edit = Callable[[LaneState, Keys], Curve]


def delete_keys(state: TimelineState) -> None:
    """Remove the selected keys."""
    _edit_selected(state, "Delete", lambda lane, keys: lane.curve.without(keys))


def set_tangent(state: TimelineState, tangent: Tangent) -> None:
    """Give the selected keys a tangent."""
    _edit_selected(state, "Set tangent of", lambda lane, keys: lane.curve.with_tangent(keys, tangent))


def set_value(state: TimelineState, name: str, key: int, value: float) -> None:
    """Give one key a value, within the limits of its lane."""
    lane = state.lane(name)
    if lane.locked:
        state.refuse(name)
        return
    kept = float(np.clip(value, *lane.limits))
    if kept != lane.curve.values[key]:
        state.edits.once("Set key value", {name: lane.curve.with_key(float(lane.curve.times[key]), kept)})


def insert_key(state: TimelineState, name: str, seconds: float, value: float | None = None) -> None:
    """Insert a key, on the curve if no value is given, and select it."""
    lane = state.lane(name)
    if lane.locked:
        state.refuse(name)
        return
    at = state.within(state.snapped(seconds))
    after = lane.curve.with_key(at, float(np.clip(lane.curve(at) if value is None else value, *lane.limits)))
    state.edits.once("Insert key", {name: after})
    state.select({name: np.array([np.searchsorted(after.times, at)])})


def nudge_keys(state: TimelineState, frames: int, value: float) -> None:
    """Move the selected keys by frames and value; those that would leave their range stop the others."""

    def moved(lane: LaneState, keys: Keys) -> Curve:
        times, values = lane.curve.times[keys], lane.curve.values[keys]
        seconds = max(frames / state.fps, -times.min())
        seconds = min(seconds, max(state.axis.duration - times.max(), 0.0))
        low, high = lane.limits[0] - values.min(), lane.limits[1] - values.max()
        return lane.curve.moved(keys, seconds, float(np.clip(value, min(low, 0.0), max(high, 0.0))))

    _edit_selected(state, "Move", moved)


def key_beside(state: TimelineState, step: int) -> int | None:
    """Return the active lane's first key before (-1) or after (+1) the playhead, None where there is none."""
    if not state.active:
        return None
    times = state.lane(state.active).curve.times
    near = 0.25 / state.fps  # a key that the playhead stands on is neither before nor after it
    key = int(np.searchsorted(times, state.playhead + step * near, "left" if step < 0 else "right"))
    key -= step < 0
    return key if 0 <= key < len(times) else None


def select_all(state: TimelineState, name: str | None = None) -> None:
    """Select all keys, or those of one lane."""
    lanes = [lane for lane in state.lanes if name in (None, lane.name)]
    state.select(selection_of({lane.name: np.arange(len(lane.curve)) for lane in lanes}))


def _edit_selected(state: TimelineState, what: str, edit: Edit) -> None:
    chosen = [(state.lane(name), keys) for name, keys in state.selection.items()]
    changes = {lane.name: edit(lane, keys) for lane, keys in chosen if not lane.locked}
    for lane, _ in chosen:
        if lane.locked:
            state.refuse(lane.name)
    count = sum(len(keys) for lane, keys in chosen if not lane.locked)
    state.edits.once(f"{what} {'key' if count == 1 else f'{count} keys'}", changes)
