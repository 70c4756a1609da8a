"""Put a key where there is none and drag it on."""

from __future__ import annotations

import numpy as np

from editor.views.timeline.hit import KeyHit, value_on_curve
from editor.views.timeline.lane_layout import Row
from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.move_keys import MoveKeys
from editor.views.timeline.tools.tool import Pointer


class InsertKey:
    """A press puts a key on the lane, on the curve if that is near; a drag moves it in the same gesture."""

    def __init__(self, state: TimelineState, row: Row) -> None:
        self._state = state
        self._row = row
        self._move: MoveKeys | None = None

    def press(self, pointer: Pointer) -> None:
        """Insert the key, unless the lane is locked."""
        state, lane = self._state, self._state.lane(self._row.name)
        if lane.locked:
            state.refuse(lane.name)
            return
        seconds = state.within(state.snapped(state.axis.time_at(pointer.x)))
        value = value_on_curve(state, self._row, pointer.x, pointer.y, seconds)
        after = lane.curve.with_key(seconds, value)
        state.edits.begin("Insert key")
        state.edits.edit(lane.name, after)
        key = int(np.searchsorted(after.times, seconds))
        state.select({lane.name: np.array([key])})
        self._move = MoveKeys(state, KeyHit(lane.name, key))
        self._move.press(Pointer(pointer.x, pointer.y))

    def move(self, pointer: Pointer) -> None:
        """Move the new key. Ctrl, which inserted it, does not toggle snapping."""
        if self._move:
            self._move.move(Pointer(pointer.x, pointer.y, shift=pointer.shift))

    def release(self, pointer: Pointer) -> None:
        """End the gesture."""
        if self._move:
            self._move.release(pointer)
        self._state.edits.end()

    def cancel(self) -> None:
        """Take the key back."""
        if self._move:
            self._move.cancel()
