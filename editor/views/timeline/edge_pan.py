"""Drags that leave the window on time pull it along."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from editor.views.timeline.state import TimelineState

_STEP_MS = 25
_SHARE = 0.25
_FASTEST = 60.0


class EdgePan(QObject):
    """While a drag is beyond an edge, pans the further the faster and repeats the drag's last move."""

    def __init__(self, state: TimelineState, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._beyond = 0.0
        self._repeat: Callable[[], None] | None = None
        self._timer = QTimer(self, interval=_STEP_MS)
        self._timer.timeout.connect(self._step)

    def follow(self, x: float, repeat: Callable[[], None]) -> None:
        """Take the place of a drag; ``repeat`` is called after each step."""
        self._beyond = min(x, 0.0) + max(x - self._state.axis.width, 0.0)
        self._repeat = repeat
        if self._beyond == 0.0:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """End with the drag."""
        self._timer.stop()
        self._repeat = None

    def _step(self) -> None:
        before = self._state.axis
        pixels = min(max(self._beyond * _SHARE, -_FASTEST), _FASTEST)
        self._state.set_axis(before.panned(pixels))
        if self._state.axis != before and self._repeat is not None:
            self._repeat()
