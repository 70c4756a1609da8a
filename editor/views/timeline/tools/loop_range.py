"""Drag the loop range in the ruler."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.tool import Pointer

Span = tuple[float, float]


class LoopPart(Enum):
    """What of the range was pressed."""

    START = 0
    END = 1
    BODY = 2
    NEW = 3


class LoopRange:
    """Move one end of the range or all of it, or draw a new one; ``show`` is told each range."""

    def __init__(self, state: TimelineState, part: LoopPart, show: Callable[[Span | None], None]) -> None:
        self._state = state
        self._part = part
        self._show = show
        self._moving = False

    def press(self, pointer: Pointer) -> None:
        """Remember the range."""
        self._from = pointer
        self._from_time = self._state.axis.time_at(pointer.x)
        at = self._at(pointer.x, pointer.ctrl)
        self._before = self._state.marks.loop
        self._origin = (at, at) if self._before is None or self._part is LoopPart.NEW else self._before

    def move(self, pointer: Pointer) -> None:
        """Follow once it is a drag."""
        if not self._moving and not pointer.is_drag_from(self._from):
            return
        if not self._moving:
            self._moving = True
            self._state.edits.begin("Change loop range")
        self._show(self._range(pointer))

    def release(self, _pointer: Pointer) -> None:
        """End the gesture."""
        self._state.edits.end()

    def cancel(self) -> None:
        """Bring the range back."""
        if self._moving:
            self._show(self._before)
        self._state.edits.abort()

    def _range(self, pointer: Pointer) -> Span:
        start, end = self._origin
        at = self._at(pointer.x, pointer.ctrl)
        if self._part is LoopPart.BODY:
            shift = self._state.axis.time_at(pointer.x) - self._from_time
            shift = self._state.snapped(start + shift, toggled=pointer.ctrl) - start
            shift = min(max(shift, -start), self._state.axis.duration - end)
            return start + shift, end + shift
        kept = end if self._part is LoopPart.START else start
        frame = 1.0 / self._state.fps
        low, high = min(kept, at), max(kept, at)
        return (low, high) if high - low >= frame else (low, low + frame)

    def _at(self, x: float, ctrl: bool) -> float:
        return self._state.within(self._state.snapped(self._state.axis.time_at(x), toggled=ctrl))
