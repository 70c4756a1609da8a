"""How far the lips are apart: as the voice alone has it, and as the face shows it under all emotions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from editor.views.timeline import palette
from editor.views.timeline.recording_strip import RecordingStrip
from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.scrub import Scrubbing

Gaps = tuple[NDArray[np.float32], NDArray[np.float32]]
GapSource = Callable[[NDArray[np.float64]], Gaps | None]
TALL_MM = 20.0
"""Gap that fills the strip ..."""
MARKED_MM = 10.0
"""... and the one that a line marks."""
STEP = 1.5
"""Pixels from one sample to the next."""
REFRESH = 90
"""Milliseconds between two looks while the face changes."""
CLOSED_MM = 0.8
"""Lips nearer than this are closed; marked at the foot of the strip."""
NEUTRAL, FINAL = QColor("#7d8896"), QColor("#ee9a7c")


class GapStrip(RecordingStrip):
    """Two curves; click or drag scrubs."""

    def __init__(self, state: TimelineState, scrubbing: Scrubbing, parent: QWidget) -> None:
        super().__init__(state, scrubbing, parent)
        self._source: GapSource | None = None
        self._later = QTimer(self, singleShot=True, interval=REFRESH)
        self._later.timeout.connect(self.invalidate)
        self.setObjectName("timeline_gaps")
        self.setFixedHeight(palette.GAP_HEIGHT)
        self.setToolTip(
            "Gap of the lips: grey as the voice asks, orange as the face shows it; a line at 10 mm, "
            "a mark where they close"
        )

    def set_source(self, source: GapSource | None) -> None:
        """Ask this for gaps from now on; the same one again when they may have changed."""
        if source != self._source:
            self._source = source
            self.invalidate()
        elif not self._later.isActive():  # a brush changes them a hundred times a second
            self._later.start()

    @override
    def paint_recording(self, painter: QPainter) -> None:
        axis = self.state.axis
        x = np.arange(0.0, self.width() + STEP, STEP)
        times = axis.start + (axis.end - axis.start) * x / max(self.width(), 1)
        self._paint_scale(painter)
        for start, end in self.state.marks.ready or ():  # elsewhere the lips only wait
            inside = (times >= start) & (times <= end)
            gaps = self._source(times[inside]) if self._source and inside.any() else None
            if gaps is not None:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                for gap, colour in zip(gaps, (NEUTRAL, FINAL), strict=True):
                    self._paint_gap(painter, x[inside], gap, colour)
                self._paint_closures(painter, x[inside], gaps[1])

    def _paint_scale(self, painter: QPainter) -> None:
        y = self.height() - 6.0 - MARKED_MM * (self.height() - 10.0) / TALL_MM
        painter.fillRect(QRectF(0, round(y), self.width(), 1), palette.GRID)

    def _paint_gap(
        self, painter: QPainter, x: NDArray[np.float64], gap: NDArray[np.float32], colour: QColor
    ) -> None:
        foot, scale = self.height() - 6.0, (self.height() - 10.0) / TALL_MM
        points = [QPointF(*each) for each in zip(x.tolist(), (foot - gap * scale).tolist(), strict=True)]
        painter.setPen(QPen(colour, 1.3))
        painter.drawPolyline(QPolygonF(points))

    def _paint_closures(self, painter: QPainter, x: NDArray[np.float64], gap: NDArray[np.float32]) -> None:
        edges = np.flatnonzero(np.diff(np.concatenate([[False], gap < CLOSED_MM, [False]]).astype(np.int8)))
        for first, last in edges.reshape(-1, 2).tolist():
            width = max(float(x[last - 1] - x[first]), 1.0)
            painter.fillRect(QRectF(float(x[first]), self.height() - 5.0, width, 3.0), FINAL)
