"""Drag the window on time."""

from __future__ import annotations

from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.tool import Pointer


class Pan:
    """Press with the middle button: time goes with the mouse, and lanes too where ``scrolls_lanes``."""

    def __init__(self, state: TimelineState, scrolls_lanes: bool = False) -> None:
        self._state = state
        self._scrolls_lanes = scrolls_lanes

    def press(self, pointer: Pointer) -> None:
        """Take hold."""
        self._last = pointer
        self._before = self._state.axis

    def move(self, pointer: Pointer) -> None:
        """Pull."""
        self._state.set_axis(self._state.axis.panned(self._last.x - pointer.x))
        if self._scrolls_lanes:
            self._state.scroll_by(self._last.y - pointer.y)
        self._last = pointer

    def release(self, pointer: Pointer) -> None:
        """Let go."""

    def cancel(self) -> None:
        """Show what was shown before."""
        self._state.set_axis(self._before)
