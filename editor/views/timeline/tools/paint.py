"""Paint a curve with the brush."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.brush import BrushMode, Stroke
from editor.views.timeline.lane_layout import Row
from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.tool import Pointer

DAB_SPACING = 0.25
"""Of the radius: fast drags get dabs at least this close."""


class Paint:
    """Press with the brush on a lane: Shift smooths, Ctrl erases; the wheel and the pen give strength."""

    def __init__(self, state: TimelineState, row: Row) -> None:
        self._state = state
        self._row = row
        self._stroke: Stroke | None = None

    def press(self, pointer: Pointer) -> None:
        """Begin the stroke with one dab, unless the lane is locked."""
        state, lane = self._state, self._state.lane(self._row.name)
        if lane.locked:
            state.refuse(lane.name)
            return
        mode = BrushMode.ERASE if pointer.ctrl else BrushMode.SMOOTH if pointer.shift else state.brush.mode
        self._brush = replace(state.brush, mode=mode, radius=state.dab_radius)
        self._stroke = Stroke(lane.curve, self._brush, lane.limits)
        state.select({})
        state.set_painted_lane(lane.name)
        state.edits.begin(f"{mode.value.capitalize()} {lane.label}")
        self._last = self._place(pointer)
        self._dab(*self._last, pointer.pressure)
        self._show()

    def move(self, pointer: Pointer) -> None:
        """Fill in dabs from the last place to this one."""
        if not self._stroke:
            return
        before, after = self._last, self._place(pointer)
        steps = max(1, int(np.ceil(abs(after[0] - before[0]) / (self._brush.radius * DAB_SPACING))))
        for share in np.arange(1, steps + 1) / steps:
            time, value = (a + share * (b - a) for a, b in zip(before, after, strict=True))
            self._dab(float(time), float(value), pointer.pressure)
        self._last = after
        self._show()

    def release(self, _pointer: Pointer) -> None:
        """Leave few keys."""
        if not self._stroke:
            return
        self._state.edits.edit(self._row.name, self._stroke.finish())
        self._state.edits.end()
        self._state.set_painted_lane("")

    def cancel(self) -> None:
        """Take the stroke back."""
        self._state.edits.abort()
        self._state.set_painted_lane("")

    def _place(self, pointer: Pointer) -> tuple[float, float]:
        seconds = self._state.within(self._state.axis.time_at(pointer.x))
        return seconds, self._row.value_at(pointer.y)

    def _dab(self, seconds: float, value: float, pressure: float) -> None:
        assert self._stroke is not None
        # The wheel may have changed the strength since the stroke began.
        turned = self._state.brush.strength / self._brush.strength
        self._stroke.dab(seconds, value, pressure * turned)

    def _show(self) -> None:
        assert self._stroke is not None
        self._state.edits.edit(self._row.name, self._stroke.preview())
