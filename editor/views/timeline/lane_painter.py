"""Draw one lane."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF

from core.curve import Curve
from editor.lanes import Ghost, LaneState
from editor.views.timeline import palette
from editor.views.timeline.hit import handle_places, shown_handles
from editor.views.timeline.lane_layout import Row
from editor.views.timeline.sampling import polyline
from editor.views.timeline.state import TimelineState

Doubles = NDArray[np.float64]

_KEY = 6.0
_KEY_CROWDED = 2.5
_MANY_KEYS = 200
_KEY_SELECTED = 7.5
_FILL = 0.34


class LanePainter:
    """Draws a lane of the state with a painter whose screen has ``ratio`` pixels to one."""

    def __init__(self, state: TimelineState, painter: QPainter, ratio: float) -> None:
        self._state = state
        self._painter = painter
        self._ratio = ratio

    def paint_ground(self, row: Row, odd: bool) -> None:
        """Fill the lane's row."""
        active = row.name == self._state.active
        ground = palette.LANE_ACTIVE if active else palette.LANE_ODD if odd else palette.LANE
        self._painter.fillRect(QRectF(0, row.top, self._state.axis.width, row.height - 1), ground)
        self._painter.fillRect(QRectF(0, row.bottom - 1, self._state.axis.width, 1), palette.SEPARATOR)

    def paint(self, lane: LaneState, row: Row) -> None:
        """Draw the lane over its ground, within its row."""
        active = lane.name == self._state.active
        self._painter.save()
        self._painter.setClipRect(QRectF(0, row.top, self._state.axis.width, row.height - 1))
        self._paint_guides(row, active)
        colour = self._colour(lane)
        ghost = self._state.ghosts.get(lane.name)
        if ghost is not None:
            self._paint_ghost(ghost, row, colour)
        self._paint_curve(lane.curve, row, colour, active)
        if lane.name != self._state.painted_lane:
            self._paint_handles(lane, row)
            self._paint_keys(lane, row, colour)
        if lane.locked:
            hatch = QBrush(QColor(255, 255, 255, 14), Qt.BrushStyle.BDiagPattern)
            self._painter.fillRect(QRectF(0, row.top, self._state.axis.width, row.height), hatch)
        self._painter.restore()

    def _colour(self, lane: LaneState) -> QColor:
        colour = QColor(lane.colour)
        others_solo = any(other.solo for other in self._state.lanes) and not lane.solo
        if not lane.switchable or not (lane.muted or others_solo):
            return colour
        return QColor.fromHsvF(colour.hsvHueF() % 1.0, colour.hsvSaturationF() * 0.25, 0.42)

    def _paint_guides(self, row: Row, active: bool) -> None:
        painter = self._painter
        painter.setFont(palette.text_font(9))
        for value in (0.0, 1.0):
            if not row.limits[0] <= value <= row.limits[1]:
                continue
            y = self._crisp(row.y_of(value))
            painter.fillRect(QRectF(0, y, self._state.axis.width, 1 / self._ratio), palette.GUIDE)
            if active:
                painter.setPen(palette.TEXT_DIM)
                painter.drawText(QPointF(3, y - 2), f"{value:g}")

    def _paint_ghost(self, ghost: Ghost, row: Row, colour: QColor) -> None:
        low, high = (polyline(curve, self._state.axis) for curve in (ghost.low, ghost.high))
        band = polygon(
            np.concatenate([low[0], high[0][::-1]]), row.y_of(np.concatenate([low[1], high[1][::-1]]))
        )
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(palette.faded(colour, 40))
        self._painter.drawPolygon(band)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        x, values = polyline(ghost.curve, self._state.axis)
        pen = QPen(palette.faded(colour.lighter(150), 230), 0)
        pen.setDashPattern([5 * self._ratio, 4 * self._ratio])
        self._painter.setPen(pen)
        self._painter.drawPolyline(polygon(x, row.y_of(values)))

    def _paint_curve(self, curve: Curve, row: Row, colour: QColor, active: bool) -> None:
        x, values = polyline(curve, self._state.axis)
        y = row.y_of(values)
        self._paint_fill(x, y, row, colour)
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour.lighter(118) if active else colour, 0))
        # Qt strokes hair lines 50 times faster than wide ones: several, half a pixel apart, look as one.
        hairs = round(self._ratio) + 1
        for shift in (np.arange(hairs) - (hairs - 1) / 2) * 0.6 / self._ratio:
            painter.drawPolyline(polygon(x, y + shift))

    def _paint_fill(self, x: Doubles, y: Doubles, row: Row, colour: QColor) -> None:
        """Tint the area between curve and zero, strongest far from zero; the line hides the hard edge."""
        ratio = self._ratio
        width, height = round(self._state.axis.width * ratio), round(row.height * ratio)
        edge = (np.interp((np.arange(width) + 0.5) / ratio, x, y) - row.top) * ratio
        columns = np.clip(edge, -1.0, height + 1.0).astype(np.int16)
        zero = int((row.y_of(float(np.clip(0.0, *row.limits))) - row.top) * ratio)
        rows = np.arange(height, dtype=np.int16)[:, None]
        inside = (rows >= np.minimum(columns, zero)) & (rows < np.maximum(columns, zero))
        strength = _FILL * (0.35 + 0.65 * np.minimum(np.abs(rows - zero) / height, 1.0))
        pixels = np.where(inside, _tints(colour.rgb())[(strength * 255).astype(np.uint8)], np.uint32(0))
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        self._painter.drawImage(QPointF(0, row.top), image)

    def _paint_keys(self, lane: LaneState, row: Row, colour: QColor) -> None:
        curve, axis = lane.curve, self._state.axis
        chosen = np.zeros(len(curve), bool)
        picked = self._state.selection.get(lane.name, np.empty(0, np.intp))
        chosen[picked[picked < len(curve)]] = True
        x, y = axis.x_of(curve.times), row.y_of(curve.values)
        seen = (x > -8) & (x < axis.width + 8)
        # Keys that crowd are drawn smaller, so that the curve between them is still seen.
        room = axis.width / max(int(np.count_nonzero(seen)), 1)
        usual = float(np.clip(room * 0.5, _KEY_CROWDED, _KEY))
        for which, size, inner in ((~chosen, usual, colour), (chosen, _KEY_SELECTED, palette.SELECTED)):
            places = _apart(x[seen & which], y[seen & which])
            self._paint_diamonds(*places, size + (2.5 if size > 4 else 1.0), palette.SEPARATOR)
            self._paint_diamonds(*places, size, inner)

    def _paint_diamonds(self, x: Doubles, y: Doubles, size: float, colour: QColor) -> None:
        # Points drawn with a square pen, all turned by 45 degrees together: one call for thousands of keys.
        if not len(x):
            return
        half = np.sqrt(0.5)
        painter = self._painter
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.rotate(45)
        painter.setPen(QPen(colour, size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        painter.drawPoints(polygon((x + y) * half, (y - x) * half))
        painter.restore()

    def _paint_handles(self, lane: LaneState, row: Row) -> None:
        painter = self._painter
        for key in shown_handles(self._state, lane):
            middle = QPointF(
                self._state.axis.x_of(float(lane.curve.times[key])), row.y_of(float(lane.curve.values[key]))
            )
            for x, y in handle_places(self._state, row, lane.curve, key):
                painter.setPen(QPen(palette.faded(palette.SELECTED, 150), 1))
                painter.drawLine(middle, QPointF(x, y))
                painter.setPen(QPen(palette.SEPARATOR, 1))
                painter.setBrush(palette.SELECTED)
                painter.drawEllipse(QPointF(x, y), 3.5, 3.5)

    def _crisp(self, y: float) -> float:
        return round(y * self._ratio) / self._ratio


def polygon(x: Doubles, y: Doubles) -> QPolygonF:
    """Make a polygon of points without a Python object for each."""
    points = QPolygonF()
    points.resize(len(x))
    if len(x):
        # The stubs know neither the buffer's size nor that it is one.
        memory: Any = shiboken6.VoidPtr(points.data(), len(x) * 16, True)  # type: ignore[call-arg, arg-type]
        np.frombuffer(memory, np.float64).reshape(-1, 2)[:] = np.stack([x, y], axis=1)
    return points


@cache
def _tints(rgb: int) -> NDArray[np.uint32]:
    """Return the colour at all 256 opacities, premultiplied."""
    colour, alpha = QColor(rgb), np.arange(256)
    red, green, blue = (channel * alpha // 255 for channel in (colour.red(), colour.green(), colour.blue()))
    return np.asarray(alpha << 24 | red << 16 | green << 8 | blue, np.uint32)


def _apart(x: Doubles, y: Doubles) -> tuple[Doubles, Doubles]:
    """Leave out keys that would be drawn on the same pixel."""
    if len(x) < _MANY_KEYS:
        return x, y
    _, first = np.unique(
        np.round(x).astype(np.int64) << 20 | np.round(y).astype(np.int64) & 0xFFFFF, return_index=True
    )
    return x[first], y[first]
