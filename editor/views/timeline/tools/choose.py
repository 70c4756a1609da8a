"""Which tool a press on the canvas takes up."""

from __future__ import annotations

import numpy as np

from editor.views.timeline.hit import key_at
from editor.views.timeline.selection import selection_of, united
from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.box_select import BoxSelect
from editor.views.timeline.tools.drag_handle import DragHandle
from editor.views.timeline.tools.insert_key import InsertKey
from editor.views.timeline.tools.move_keys import MoveKeys
from editor.views.timeline.tools.paint import Paint
from editor.views.timeline.tools.tool import Pointer, Tool


def choose(state: TimelineState, pointer: Pointer) -> Tool | None:
    """Return the tool for the left button, None where the press was all there is to it."""
    row = state.layout.at(pointer.y)
    if row is None:
        return BoxSelect(state)
    state.set_active(row.name)
    if state.tool == "brush":
        return Paint(state, row)
    hit = key_at(state, pointer.x, pointer.y)
    if hit is not None and hit.side is not None:
        return DragHandle(state, hit)
    if pointer.alt:
        select_column(state, pointer)
        return None
    if hit is not None:
        return MoveKeys(state, hit)
    return InsertKey(state, row) if pointer.ctrl else BoxSelect(state)


def select_column(state: TimelineState, pointer: Pointer) -> None:
    """Select the keys of all lanes that share a frame with the key at the pointer, or with the pointer."""
    hit = key_at(state, pointer.x, pointer.y)
    seconds = state.axis.time_at(pointer.x)
    if hit is not None:
        seconds = float(state.lane(hit.lane).curve.times[hit.key])
    near = 0.5 / state.fps
    found = selection_of(
        {lane.name: np.flatnonzero(np.abs(lane.curve.times - seconds) < near) for lane in state.lanes}
    )
    state.select(united(state.selection, found) if pointer.shift else found)
