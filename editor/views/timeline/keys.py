"""The keyboard of the timeline: what a key does while the timeline has the focus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from editor.views.timeline import key_edits
from editor.views.timeline.state import TimelineState

RADIUS_STEP = 1.25
_VALUE_STEP = 0.05


def state_keys(state: TimelineState) -> Mapping[str, Callable[[], None]]:
    """Return what needs nothing but the state; keys as `QKeySequence` writes them."""
    return {
        "Del": partial(key_edits.delete_keys, state),
        "Backspace": partial(key_edits.delete_keys, state),
        "Ctrl+A": partial(key_edits.select_all, state),
        "B": partial(state.set_tool, "brush"),
        "V": partial(state.set_tool, "select"),
        "Q": partial(state.set_tool, "select"),
        "[": partial(scale_radius, state, 1 / RADIUS_STEP),
        "]": partial(scale_radius, state, RADIUS_STEP),
        "Up": partial(step_lane, state, -1),
        "Down": partial(step_lane, state, 1),
        "Alt+Left": partial(key_edits.nudge_keys, state, -1, 0.0),
        "Alt+Right": partial(key_edits.nudge_keys, state, 1, 0.0),
        "Alt+Up": partial(key_edits.nudge_keys, state, 0, _VALUE_STEP),
        "Alt+Down": partial(key_edits.nudge_keys, state, 0, -_VALUE_STEP),
    }


def scale_radius(state: TimelineState, factor: float) -> None:
    """Make the brush larger or smaller, from 5 ms to 30 s."""
    radius = min(max(state.brush.radius * factor, 0.005), 30.0)
    state.set_brush(replace(state.brush, radius=radius))


def step_lane(state: TimelineState, step: int) -> None:
    """Make a lane further down or up the active one, and scroll to it."""
    names = [lane.name for lane in state.lanes]
    if not names:
        return
    at = names.index(state.active) if state.active in names else 0
    state.set_active(names[min(max(at + step, 0), len(names) - 1)])
    row = state.layout.row(state.active)
    state.scroll_by(min(row.top, 0.0) + max(row.bottom - state.sizes.viewport, 0.0))
