"""Drag a tangent handle of a key."""

from __future__ import annotations

import numpy as np

from core.curve import Curve
from editor.views.timeline.hit import KeyHit
from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.tool import Pointer

_SHORTEST = 1e-3


class DragHandle:
    """The other handle keeps its length and stays in line; Alt breaks them, and broken ones stay broken."""

    def __init__(self, state: TimelineState, hit: KeyHit) -> None:
        self._state = state
        self._hit = hit
        self._moving = False

    def press(self, pointer: Pointer) -> None:
        """Remember the curve."""
        self._from = pointer
        self._curve = self._state.lane(self._hit.lane).curve
        self._broken = not _in_line(self._curve, self._hit.key)

    def move(self, pointer: Pointer) -> None:
        """Turn and stretch the handle."""
        if not self._moving and (not pointer.is_drag_from(self._from) or not self._begin()):
            return
        self._broken = self._broken or pointer.alt
        self._state.edits.edit(self._hit.lane, self._turned(pointer))

    def release(self, _pointer: Pointer) -> None:
        """End the gesture."""
        self._state.edits.end()

    def cancel(self) -> None:
        """Bring the handles back."""
        self._state.edits.abort()

    def _begin(self) -> bool:
        if self._state.lane(self._hit.lane).locked:
            self._state.refuse(self._hit.lane)
            return False
        self._state.edits.begin("Move tangent")
        self._moving = True
        return True

    def _turned(self, pointer: Pointer) -> Curve:
        curve, key, side = self._curve, self._hit.key, self._hit.side
        row = self._state.layout.row(self._hit.lane)
        sign = 1.0 if side else -1.0
        reach = sign * (self._state.axis.time_at(pointer.x) - curve.times[key])
        rise = row.value_at(pointer.y) - curve.values[key]
        handles = curve.handles[key].copy()
        handles[side] = sign * max(reach, _SHORTEST), rise
        if not self._broken:
            other = 1 - int(bool(side))
            slope = handles[side, 1] / handles[side, 0]
            # Within the limits as well: a Bezier curve never leaves the hull of its handles.
            low, high = (limit - curve.values[key] for limit in row.limits)
            handles[other, 1] = np.clip(handles[other, 0] * slope, min(low, 0.0), max(high, 0.0))
        (a, b), (c, d) = handles.tolist()
        return curve.with_handles(key, (a, b), (c, d))


def _in_line(curve: Curve, key: int) -> bool:
    (a, b), (c, d) = curve.handles[key]
    return bool(abs(a * d - b * c) <= 1e-3 * np.hypot(a, b) * np.hypot(c, d))
