"""Drag the playhead."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.tool import Pointer


class Scrubbing(QObject):
    """Signals of a scrub: seconds where it begins and where it goes."""

    begun = Signal(float)
    moved = Signal(float)
    ended = Signal()


class Scrub:
    """Press on the ruler or the waveform: the playhead is asked to follow, within the window."""

    def __init__(self, state: TimelineState, scrubbing: Scrubbing) -> None:
        self._state = state
        self._scrubbing = scrubbing

    def press(self, pointer: Pointer) -> None:
        """Begin where the mouse is."""
        self._before = self._state.playhead
        self._scrubbing.begun.emit(self._seconds(pointer))

    def move(self, pointer: Pointer) -> None:
        """Go where the mouse is."""
        self._scrubbing.moved.emit(self._seconds(pointer))

    def release(self, _pointer: Pointer) -> None:
        """Stay."""
        self._scrubbing.ended.emit()

    def cancel(self) -> None:
        """Go back to where it began."""
        self._scrubbing.moved.emit(self._before)
        self._scrubbing.ended.emit()

    def _seconds(self, pointer: Pointer) -> float:
        axis = self._state.axis
        x = min(max(pointer.x, 0.0), axis.width)
        return self._state.within(self._state.snapped(axis.time_at(x), toggled=pointer.ctrl))
