"""Icons of the timeline, drawn: sharp at any pixel ratio and in the colour of the text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

_SIZE = 16
_RATIO = 3  # drawn for the finest screens; Qt scales down

OFF = QColor("#9aa0aa")
ON = QColor("#ffffff")


def icon(draw: Callable[[QPainter], None], draw_on: Callable[[QPainter], None] | None = None) -> QIcon:
    """Make an icon with an off and an on state; each is drawn 16 x 16 with the pen that is set."""
    made = QIcon()
    for on, colour in ((False, OFF), (True, ON)):
        pixmap = QPixmap(QSize(_SIZE, _SIZE) * _RATIO)
        pixmap.setDevicePixelRatio(_RATIO)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(colour, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        (draw_on or draw if on else draw)(painter)
        painter.end()
        made.addPixmap(pixmap, QIcon.Mode.Normal, QIcon.State.On if on else QIcon.State.Off)
    return made


def locked(painter: QPainter) -> None:
    """Draw a closed padlock."""
    _padlock(painter, 5.5, 10.5)


def unlocked(painter: QPainter) -> None:
    """Draw an open padlock."""
    _padlock(painter, 7.5, 12.5)


def _padlock(painter: QPainter, left: float, right: float) -> None:
    shackle = QPainterPath(QPointF(left, 7.5))
    shackle.arcTo(QRectF(left, 2.5, right - left, 6), 180, -180)
    if right <= 12:
        shackle.lineTo(right, 7.5)
    painter.drawPath(shackle)
    painter.setBrush(painter.pen().color())
    painter.drawRoundedRect(QRectF(4, 7.5, 8, 6), 1, 1)


def cross(painter: QPainter) -> None:
    """Draw a cross: remove."""
    painter.drawLine(QLineF(4.5, 4.5, 11.5, 11.5))
    painter.drawLine(QLineF(11.5, 4.5, 4.5, 11.5))


def arrow(painter: QPainter) -> None:
    """Draw an arrow: the select tool."""
    path = QPainterPath(QPointF(4, 2))
    for x, y in ((4, 12.5), (6.8, 10), (8.6, 14), (10.4, 13.2), (8.6, 9.3), (12.2, 9.3)):
        path.lineTo(x, y)
    path.closeSubpath()
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPath(path)


def brush(painter: QPainter) -> None:
    """Draw a brush."""
    painter.drawLine(QLineF(13, 3, 8, 8.5))
    path = QPainterPath(QPointF(8.2, 7.5))
    path.cubicTo(5, 7, 5.5, 11, 2.5, 12.5)
    path.cubicTo(6, 14.5, 10.5, 12.5, 9.2, 8.6)
    path.closeSubpath()
    painter.setBrush(painter.pen().color())
    painter.drawPath(path)


def magnet(painter: QPainter) -> None:
    """Draw a magnet: snapping."""
    path = QPainterPath(QPointF(4, 3))
    path.lineTo(4, 8)
    path.arcTo(QRectF(4, 4.5, 8, 8), 180, 180)
    path.lineTo(12, 3)
    pen = QPen(painter.pen())
    pen.setWidthF(2.4)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawPath(path)


def plus(painter: QPainter) -> None:
    """Draw a plus: add."""
    painter.drawLine(QLineF(8, 3.5, 8, 12.5))
    painter.drawLine(QLineF(3.5, 8, 12.5, 8))
