"""A strip that shows something of the recording, with the loop and what lies beyond the ends over it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from editor.views.timeline import palette
from editor.views.timeline.state import TimelineState
from editor.views.timeline.time_shade import paint_loop, paint_outside
from editor.views.timeline.time_strip import TimeStrip
from editor.views.timeline.tools.scrub import Scrub, Scrubbing
from editor.views.timeline.tools.tool import Pointer, Tool


class RecordingStrip(TimeStrip):
    """Base of waveform, labels and gaps: click or drag scrubs; subclasses draw `paint_recording`."""

    def __init__(self, state: TimelineState, scrubbing: Scrubbing, parent: QWidget) -> None:
        super().__init__(state, parent)
        self._scrubbing = scrubbing
        state.marks_changed.connect(self.invalidate)

    def paint_recording(self, painter: QPainter) -> None:
        """Draw what is shown of the recording on the empty background."""
        raise NotImplementedError

    @override
    def choose(self, pointer: Pointer) -> Tool | None:
        return Scrub(self.state, self._scrubbing)

    @override
    def paint_layer(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), palette.BACKGROUND)
        self.paint_recording(painter)
        area = QRectF(self.rect())
        paint_loop(painter, self.state, area)
        paint_outside(painter, self.state, area)
        painter.fillRect(0, self.height() - 1, self.width(), 1, palette.SEPARATOR)
