"""Words and phones of the recording, each where it is spoken; what the model doubts is dim."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.neutral import Label
from editor.views.timeline import palette
from editor.views.timeline.recording_strip import RecordingStrip
from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.scrub import Scrubbing

_DOUBTED, _SURE = 90, 255
"""Opacity of what has no confidence and of what has all."""


class LabelStrip(RecordingStrip):
    """Words above phones; click or drag scrubs."""

    def __init__(self, state: TimelineState, scrubbing: Scrubbing, parent: QWidget) -> None:
        super().__init__(state, scrubbing, parent)
        self._rows: tuple[tuple[Label, ...], ...] = ((), ())
        self._hint = ""
        self.setObjectName("timeline_labels")
        self.setFixedHeight(palette.LABEL_HEIGHT)
        self.setToolTip("Words of the transcript, and the phones that the lips follow; dim where in doubt")

    def set_labels(self, words: tuple[Label, ...], phones: tuple[Label, ...], hint: str = "") -> None:
        """Show these labels, each row in order of time; the hint says why there are none."""
        if (words, phones, hint) != (*self._rows, self._hint):
            self._rows, self._hint = (words, phones), hint
            self.invalidate()

    @override
    def paint_recording(self, painter: QPainter) -> None:
        height = (self.height() - 1) / len(self._rows)
        for row, labels in enumerate(self._rows):
            painter.setFont(palette.text_font(11 if row == 0 else 10))
            self._paint_row(painter, labels, row * height, height)
        painter.setPen(palette.TEXT_DIM)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._hint)

    def _paint_row(self, painter: QPainter, labels: tuple[Label, ...], top: float, height: float) -> None:
        axis, metrics = self.state.axis, QFontMetricsF(painter.font())
        first = bisect_left(labels, axis.start, key=lambda label: label.end)
        for label in labels[first:]:
            if label.start > axis.end:
                break
            left, right = axis.x_of(label.start), axis.x_of(label.end)
            if right - left < 2:
                continue
            box = QRectF(left, top + 1, right - left - 1, height - 2)
            painter.fillRect(box, palette.LANE_ACTIVE)
            opacity = round(_DOUBTED + (_SURE - _DOUBTED) * min(label.confidence, 1.0))
            painter.setPen(palette.faded(palette.TEXT, opacity))
            if metrics.horizontalAdvance(label.text) <= box.width():
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label.text)
