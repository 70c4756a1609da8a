"""Drag the selected keys in time and value."""

from __future__ import annotations

import numpy as np

from core.curve import Curve
from editor.views.timeline.hit import KeyHit
from editor.views.timeline.selection import Keys, holds, selection_of, toggled
from editor.views.timeline.state import TimelineState
from editor.views.timeline.ticks import label
from editor.views.timeline.tools.tool import Pointer


class MoveKeys:
    """Press on a key: a click selects it, a drag moves all selected keys of lanes that are not locked.

    Shift holds to the axis that leads, Ctrl turns snapping to frames the other way. Keys move together:
    the first one to meet the end of the recording or a limit of its lane stops its lane's keys.
    """

    def __init__(self, state: TimelineState, hit: KeyHit) -> None:
        self._state = state
        self._hit = hit
        self._moving = False
        self._origin: dict[str, tuple[Curve, Keys]] = {}

    def press(self, pointer: Pointer) -> None:
        """Select the key; Shift adds it, or takes it out."""
        self._from = pointer
        self._from_time = self._state.axis.time_at(pointer.x)
        self._was_selected = holds(self._state.selection, self._hit.lane, self._hit.key)
        self._selected_before = self._state.selection
        if pointer.shift:
            self._state.select(toggled(self._state.selection, self._hit.lane, self._hit.key))
        elif not self._was_selected:
            self._state.select({self._hit.lane: np.array([self._hit.key])})

    def move(self, pointer: Pointer) -> None:
        """Begin to move once it is a drag, then follow."""
        if not self._moving and (not pointer.is_drag_from(self._from) or not self._begin()):
            return
        seconds, pixels = self._shift(pointer)
        for name, (curve, keys) in self._origin.items():
            row = self._state.layout.row(name)
            moved_by = _kept_within(curve.times[keys], seconds, (0.0, self._state.axis.duration))
            raised_by = _kept_within(curve.values[keys], -pixels / row.per_value, row.limits)
            after = curve.moved(keys, moved_by, raised_by)
            self._state.edits.edit(name, after)
            chosen = np.flatnonzero(np.isin(after.times, curve.times[keys] + moved_by))
            self._state.select({**self._state.selection, name: chosen})
            if name == self._hit.lane:
                self._read_out(curve.times[self._hit.key] + moved_by, curve.values[self._hit.key] + raised_by)

    def release(self, pointer: Pointer) -> None:
        """End the move; a click on one of several selected keys leaves only that one selected."""
        if self._moving:
            self._state.edits.end()
        elif self._was_selected and not pointer.shift:
            self._state.select({self._hit.lane: np.array([self._hit.key])})

    def cancel(self) -> None:
        """Bring keys and selection back."""
        self._state.edits.abort()
        self._state.select(self._selected_before)

    def _read_out(self, seconds: float, value: float) -> None:
        state = self._state
        state.set_readout(f"{label(seconds, state.unit, state.fps, 0.01)}   {value:.2f}")

    def _begin(self) -> bool:
        state = self._state
        if state.lane(self._hit.lane).locked:
            state.refuse(self._hit.lane)
            return False
        if not holds(state.selection, self._hit.lane, self._hit.key):
            state.select(selection_of({self._hit.lane: [self._hit.key]}))
        lanes = {name: state.lane(name) for name in state.selection}
        self._origin = {
            name: (lane.curve, state.selection[name]) for name, lane in lanes.items() if not lane.locked
        }
        count = sum(len(keys) for _, keys in self._origin.values())
        state.edits.begin("Move key" if count == 1 else f"Move {count} keys")
        self._moving = True
        return True

    def _shift(self, pointer: Pointer) -> tuple[float, float]:
        """Seconds and pixels downwards from where the drag began."""
        across, down = pointer.x - self._from.x, pointer.y - self._from.y
        if pointer.shift:
            across, down = (across, 0.0) if abs(across) >= abs(down) else (0.0, down)
        if across == 0.0:
            return 0.0, down
        curve, _ = self._origin[self._hit.lane]
        before = float(curve.times[self._hit.key])
        # Times, not pixels: the window may be panned or zoomed during the drag.
        moved = self._state.axis.time_at(pointer.x) - self._from_time
        after = self._state.snapped(before + moved, toggled=pointer.ctrl)
        return after - before, down


def _kept_within(values: np.ndarray, shift: float, limits: tuple[float, float]) -> float:
    """Return the part of a shift that keeps all values within limits; ones outside stay where they are."""
    lowest, highest = min(limits[0] - values.min(), 0.0), max(limits[1] - values.max(), 0.0)
    return float(np.clip(shift, lowest, highest))
