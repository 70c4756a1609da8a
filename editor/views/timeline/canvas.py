"""The lanes: curves and keys, and all that is done to them with the mouse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from editor.views.timeline import palette
from editor.views.timeline.brush_cursor import paint_brush, paint_note
from editor.views.timeline.hit import key_at
from editor.views.timeline.lane_layout import Row
from editor.views.timeline.lane_painter import LanePainter
from editor.views.timeline.refusal import Refusal
from editor.views.timeline.state import TimelineState
from editor.views.timeline.ticks import ticks
from editor.views.timeline.time_shade import paint_loop, paint_outside
from editor.views.timeline.time_strip import TimeStrip
from editor.views.timeline.tools.choose import choose
from editor.views.timeline.tools.insert_key import InsertKey
from editor.views.timeline.tools.pan import Pan
from editor.views.timeline.tools.tool import Pointer, Tool

_HEIGHT_STEP = 1.15
_STRENGTH_STEP = 0.05


class LaneCanvas(TimeStrip):
    """All lanes. Only lanes that changed are drawn anew; the brush and the playhead hang over the picture."""

    menu_requested = Signal(QPoint)
    value_requested = Signal(str, int)

    def __init__(self, state: TimelineState, parent: QWidget) -> None:
        super().__init__(state, parent)
        self.setObjectName("timeline_canvas")
        self.setAccessibleName("Lanes")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._stale: set[str] = set()
        self._mouse: QPointF | None = None
        # A lane that grew at once would be gone from under the second click of a double-click.
        self._settling = QTimer(self, singleShot=True, interval=QApplication.doubleClickInterval())
        self._settling.timeout.connect(self._settle)
        self._refusal = Refusal(state, self)
        self._refusal.changed.connect(self.update)
        state.lanes_changed.connect(self._on_lanes)
        state.layout_changed.connect(self.invalidate)
        state.marks_changed.connect(self.invalidate)
        state.overlay_changed.connect(self.update)
        state.tool_changed.connect(self._show_cursor)

    # ---- drawing

    def _on_lanes(self, names: frozenset[str]) -> None:
        self._stale |= names
        for row in self.state.layout.rows:
            if row.name in names:
                self.update(QRectF(0, row.top, self.width(), row.height).toAlignedRect())

    @override
    def layer(self) -> QPixmap:
        if (
            self._layer is not None
            and self._stale
            and self._layer.size() == self.size() * self.devicePixelRatioF()
        ):
            painter = QPainter(self._layer)
            self._paint_rows(painter, [r for r in self.state.layout.rows if r.name in self._stale])
            painter.end()
        self._stale.clear()
        return super().layer()

    @override
    def paint_layer(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), palette.BACKGROUND)
        self._paint_hint(painter)
        self._paint_rows(
            painter, [r for r in self.state.layout.rows if r.bottom > 0 and r.top < self.height()]
        )

    def _paint_hint(self, painter: QPainter) -> None:
        """Say what to do with the empty space until a lane was added."""
        space = self.rect().adjusted(0, round(self.state.layout.content), 0, 0)
        if any(lane.removable for lane in self.state.lanes) or space.height() < 40:
            return
        painter.setFont(palette.text_font(12))
        painter.setPen(palette.TEXT_DIM)
        painter.drawText(
            space, Qt.AlignmentFlag.AlignCenter, "Add an emotion, then paint it with the brush (B)"
        )

    def _paint_rows(self, painter: QPainter, rows: list[Row]) -> None:
        lanes = LanePainter(self.state, painter, self.devicePixelRatioF())
        numbers = {lane.name: number for number, lane in enumerate(self.state.lanes)}
        areas = [QRectF(0, top, self.width(), bottom - top) for top, bottom in _joined(rows)]
        for row in rows:
            lanes.paint_ground(row, odd=bool(numbers[row.name] % 2))
        for area in areas:
            self._paint_grid(painter, area)
            paint_loop(painter, self.state, area)
        for row in rows:
            lanes.paint(self.state.lane(row.name), row)
        for area in areas:
            paint_outside(painter, self.state, area)

    def _paint_grid(self, painter: QPainter, area: QRectF) -> None:
        for seconds in ticks(self.state.axis, self.state.unit, self.state.fps).major:
            x = self.crisp(self.state.axis.x_of(float(seconds)))
            painter.fillRect(QRectF(x, area.top(), 1, area.height()), palette.GRID)

    @override
    def paint_overlay(self, painter: QPainter) -> None:
        super().paint_overlay(painter)
        if self.state.band is not None:
            painter.setPen(QPen(palette.LOOP, 1))
            painter.setBrush(palette.faded(palette.LOOP, 36))
            painter.drawRect(self.state.band)
        self._refusal.paint(painter, self.width())
        row = self._brush_row()
        if row is not None and self._mouse is not None:
            paint_brush(painter, self.state, row, self._mouse, self._brush_note())
        if self.state.readout and self._mouse is not None and self.state.active:
            row = self.state.layout.row(self.state.active)
            paint_note(painter, self.state, row, self._mouse, self.state.readout)
        if self.hasFocus() and self.focusPolicy():
            painter.fillRect(0, 0, self.width(), 1, palette.faded(palette.LOOP, 90))

    # ---- the brush over the lanes

    def _brush_row(self) -> Row | None:
        if self.state.tool != "brush" or self._mouse is None:
            return None
        if self.state.painted_lane:
            return self.state.layout.row(self.state.painted_lane)
        return self.state.layout.at(self._mouse.y())

    def _brush_note(self) -> str:
        brush = self.state.brush
        return f"{brush.strength:.0%}   {self.state.dab_radius:.2g} s"

    def _show_cursor(self) -> None:
        if self.state.tool == "brush":
            hidden = self._brush_row() is not None
            self.setCursor(Qt.CursorShape.BlankCursor if hidden else Qt.CursorShape.ArrowCursor)
        elif not self.is_dragging and self._mouse is not None:
            hit = key_at(self.state, self._mouse.x(), self._mouse.y())
            self.setCursor(Qt.CursorShape.ArrowCursor if hit is None else Qt.CursorShape.PointingHandCursor)

    def _hover(self, place: QPointF | None) -> None:
        self._mouse = place
        self._show_cursor()
        if self.state.tool == "brush":
            self.update()

    # ---- mouse

    @override
    def choose(self, pointer: Pointer) -> Tool | None:
        self.hold()
        return choose(self.state, pointer)

    def hold(self) -> None:
        """Keep the lanes where they are until the mouse has been up for a while."""
        self.state.hold_layout()
        self._settling.start()

    def _settle(self) -> None:
        if self.is_dragging:
            self._settling.start()
            return
        self.state.release_layout(self._mouse.y() if self._mouse else self.height() / 2)

    @override
    def choose_pan(self) -> Tool:
        return Pan(self.state, scrolls_lanes=True)

    @override
    def finished(self, pointer: Pointer | None) -> None:
        self.state.set_readout("")
        self._settling.start()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(event.position())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.state.tool == "brush":
            self.mousePressEvent(event)
            return
        pointer = self.pointer(event)
        hit = key_at(self.state, pointer.x, pointer.y)
        row = self.state.layout.at(pointer.y)
        if hit is not None:
            self.value_requested.emit(hit.lane, hit.key)
        elif row is not None:
            self.hold()
            self.take(InsertKey(self.state, row), event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.is_dragging:
            return
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_requested.emit(self._selected_place() if by_key else event.pos())

    def _selected_place(self) -> QPoint:
        """Return where the first selected key is, the middle where none is."""
        for name, keys in self.state.selection.items():
            curve, row = self.state.lane(name).curve, self.state.layout.row(name)
            x = self.state.axis.x_of(float(curve.times[keys[0]]))
            return QPointF(x, row.y_of(float(curve.values[keys[0]]))).toPoint()
        return self.rect().center()

    @override
    def wheel(self, place: QPointF, notches: float, keys: Qt.KeyboardModifier, /) -> None:
        held = self.state.tool == "brush" and keys & Qt.KeyboardModifier.AltModifier
        if self.state.painted_lane or held:
            strength = float(np.clip(self.state.brush.strength + notches * _STRENGTH_STEP, 0.05, 1.0))
            self.state.set_brush(replace(self.state.brush, strength=strength))
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            self.state.scroll_by(-notches * self.state.sizes.lane)
        elif keys & Qt.KeyboardModifier.ControlModifier:
            self.state.set_lane_height(self.state.sizes.lane * _HEIGHT_STEP**notches, place.y())
        else:
            super().wheel(place, notches, keys)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.state.set_axis(self.state.axis.resized(self.width()))
        self.state.set_viewport(self.height())


def _joined(rows: list[Row]) -> list[tuple[float, float]]:
    """Return top and bottom of each run of neighbouring rows."""
    runs: list[tuple[float, float]] = []
    for row in rows:
        if runs and runs[-1][1] == row.top:
            runs[-1] = (runs[-1][0], row.bottom)
        else:
            runs.append((row.top, row.bottom))
    return runs
