"""What lies behind waveform and lanes alike: the loop range, and the time outside the recording."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from editor.views.timeline import palette
from editor.views.timeline.state import TimelineState


def paint_loop(painter: QPainter, state: TimelineState, area: QRectF) -> None:
    """Tint the loop range."""
    if state.marks.loop is None:
        return
    start, end = (state.axis.x_of(t) for t in state.marks.loop)
    painter.fillRect(QRectF(start, area.top(), end - start, area.height()), palette.faded(palette.LOOP, 18))
    for x in (start, end):
        painter.fillRect(QRectF(round(x), area.top(), 1, area.height()), palette.faded(palette.LOOP, 120))


def paint_outside(painter: QPainter, state: TimelineState, area: QRectF) -> None:
    """Darken what is before the start and after the end of the recording."""
    start, end = state.axis.x_of(0.0), state.axis.x_of(state.axis.duration)
    if start > area.left():
        painter.fillRect(QRectF(area.left(), area.top(), start - area.left(), area.height()), palette.OUTSIDE)
    if end < area.right():
        painter.fillRect(QRectF(end, area.top(), area.right() - end, area.height()), palette.OUTSIDE)
