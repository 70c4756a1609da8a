"""The brush as it hangs over a lane: its reach, its falloff and its strength."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from editor.views.timeline import palette
from editor.views.timeline.lane_layout import Row
from editor.views.timeline.lane_painter import polygon
from editor.views.timeline.state import TimelineState

_POINTS = 65


def paint_brush(painter: QPainter, state: TimelineState, row: Row, place: QPointF, note: str) -> None:
    """Draw circle, falloff and a note (strength or mode) around the mouse, within the lane."""
    radius = state.dab_radius * state.axis.scale
    colour = QColor(state.lane(row.name).colour).lighter(130)
    painter.save()
    painter.setClipRect(QRectF(0, row.top, state.axis.width, row.height))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(palette.faded(colour, 170), 0))
    painter.setBrush(palette.faded(colour, 48))
    painter.drawPolygon(_falloff(state, row, place, radius))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(palette.faded(palette.SELECTED, 210), 1))
    painter.drawEllipse(place, radius, radius)
    core = radius * state.brush.hardness
    if core > 3:
        painter.setPen(QPen(palette.faded(palette.SELECTED, 80), 1, Qt.PenStyle.DotLine))
        painter.drawEllipse(place, core, core)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.SELECTED)
    painter.drawEllipse(place, 1.5, 1.5)
    paint_note(painter, state, row, place, note)
    painter.restore()


def _falloff(state: TimelineState, row: Row, place: QPointF, radius: float) -> QPolygonF:
    """Return a bell from the lane's zero up to the mouse: how much of a dab arrives where."""
    across = np.linspace(-1.0, 1.0, _POINTS)
    weight = state.brush.falloff(across * state.brush.radius)
    zero = row.y_of(0.0)
    return polygon(place.x() + across * radius, zero + (place.y() - zero) * weight)


def paint_note(painter: QPainter, state: TimelineState, row: Row, place: QPointF, note: str) -> None:
    """Draw a short text beside the mouse, within the lane."""
    painter.setFont(palette.text_font(10))
    width = painter.fontMetrics().horizontalAdvance(note) + 8
    x = min(place.x() + 12, state.axis.width - width)
    y = min(max(place.y() - 24, row.top + 2), row.bottom - 16)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.faded(palette.SEPARATOR, 210))
    painter.drawRoundedRect(QRectF(x, y, width, 14), 3, 3)
    painter.setPen(palette.TEXT)
    painter.drawText(QRectF(x, y, width, 14), Qt.AlignmentFlag.AlignCenter, note)
