"""The ruler: loop range, ticks, and the line that says how far the speech is inferred."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from editor.views.timeline import palette
from editor.views.timeline.state import TimelineState
from editor.views.timeline.ticks import TimeUnit, label, ticks
from editor.views.timeline.time_strip import TimeStrip
from editor.views.timeline.tools.loop_range import LoopPart, LoopRange
from editor.views.timeline.tools.scrub import Scrub, Scrubbing
from editor.views.timeline.tools.tool import Pointer, Tool

_LOOP_BAND = 11
_STATUS = 3
_HANDLE = 6
_FLAG = 52


class Ruler(TimeStrip):
    """Click or drag scrubs; the band at the top holds the loop range; Shift+drag draws a new one."""

    loop_changed = Signal(object)
    playhead_reach = 2 * _FLAG

    def __init__(self, state: TimelineState, scrubbing: Scrubbing, parent: QWidget) -> None:
        super().__init__(state, parent)
        self._scrubbing = scrubbing
        self.setObjectName("timeline_ruler")
        self.setFixedHeight(palette.RULER_HEIGHT)
        state.marks_changed.connect(self.invalidate)

    @override
    def choose(self, pointer: Pointer) -> Tool | None:
        part = self._loop_part(pointer)
        if part is not None:
            return LoopRange(self.state, part, self.loop_changed.emit)
        return Scrub(self.state, self._scrubbing)

    def _loop_part(self, pointer: Pointer) -> LoopPart | None:
        loop = self.state.marks.loop
        if pointer.shift:
            return LoopPart.NEW
        if loop is None or pointer.y > _LOOP_BAND:
            return None
        start, end = (self.state.axis.x_of(t) for t in loop)
        to_start, to_end = abs(pointer.x - start), abs(pointer.x - end)
        if min(to_start, to_end) <= _HANDLE + 2:
            return LoopPart.START if to_start < to_end else LoopPart.END
        return LoopPart.BODY if start < pointer.x < end else None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        part = self._loop_part(self.pointer(event))
        ends = part in (LoopPart.START, LoopPart.END)
        body = Qt.CursorShape.OpenHandCursor if part is LoopPart.BODY else Qt.CursorShape.ArrowCursor
        self.setToolTip(self._tip(event.position().y()))
        self.setCursor(Qt.CursorShape.SizeHorCursor if ends else body)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if (
            event.button() == Qt.MouseButton.LeftButton
            and self._loop_part(self.pointer(event)) is LoopPart.BODY
        ):
            self.loop_changed.emit(None)
        else:
            self.mousePressEvent(event)

    def _tip(self, y: float) -> str:
        if y <= _LOOP_BAND and self.state.marks.loop:
            return "Loop range: drag its ends or move it; double-click clears it"
        if y >= self.height() - _STATUS - 1:
            return "Green: the lips are ready. Amber: they are still being made."
        return "Click or drag to scrub; Shift+drag sets the loop range; Ctrl+T changes the unit"

    # ---- drawing

    @override
    def paint_layer(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), palette.PANEL)
        painter.fillRect(0, 0, self.width(), _LOOP_BAND, palette.BACKGROUND)
        self._paint_ticks(painter)
        self._paint_loop(painter)
        self._paint_status(painter)

    def _paint_ticks(self, painter: QPainter) -> None:
        axis, bottom = self.state.axis, self.height() - _STATUS - 1
        found = ticks(axis, self.state.unit, self.state.fps)
        painter.setFont(palette.text_font(10))
        faint = palette.faded(palette.TICK, 150)
        for x in axis.x_of(found.minor).tolist():
            painter.fillRect(QRectF(self.crisp(x), bottom - 4, 1, 4), faint)
        for seconds, text in zip(found.major, found.labels, strict=True):
            x = self.crisp(axis.x_of(float(seconds)))
            painter.fillRect(QRectF(x, _LOOP_BAND + 3, 1, bottom - _LOOP_BAND - 3), palette.TICK)
            painter.setPen(palette.TEXT_DIM)
            if x + 4 + painter.fontMetrics().horizontalAdvance(text) <= self.width():
                painter.drawText(QPointF(x + 4, _LOOP_BAND + 12), text)

    def _paint_loop(self, painter: QPainter) -> None:
        if self.state.marks.loop is None:
            return
        start, end = (self.crisp(self.state.axis.x_of(t)) for t in self.state.marks.loop)
        painter.fillRect(QRectF(start, 2, end - start, _LOOP_BAND - 4), palette.faded(palette.LOOP, 110))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.LOOP)
        for x, inwards in ((start, _HANDLE), (end, -_HANDLE)):
            grip = QPainterPath(QPointF(x, 1))
            grip.lineTo(x + inwards, 1)
            grip.lineTo(x, _LOOP_BAND + 2)
            grip.closeSubpath()
            painter.drawPath(grip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_status(self, painter: QPainter) -> None:
        axis, top = self.state.axis, self.height() - _STATUS
        painter.fillRect(QRectF(0, top, self.width(), _STATUS), palette.BACKGROUND)
        ready = self.state.marks.ready
        if ready is None:
            return
        for spans, colour in ((((0.0, axis.duration),), palette.WAITING), (ready, palette.READY)):
            for start, end in spans:
                painter.fillRect(QRectF(axis.x_of(start), top, (end - start) * axis.scale, _STATUS), colour)

    @override
    def paint_overlay(self, painter: QPainter) -> None:
        x = self.crisp(self.state.axis.x_of(self.state.playhead))
        text = self._playhead_text()
        painter.setFont(palette.text_font(10, bold=True))
        half = min(painter.fontMetrics().horizontalAdvance(text) / 2 + 6, _FLAG)
        left = min(max(x + 0.5 - half, 0.0), self.width() - 2 * half)
        flag = QRectF(left, _LOOP_BAND + 1, 2 * half, 15)
        painter.fillRect(QRectF(x, flag.bottom(), 1, self.height() - flag.bottom()), palette.PLAYHEAD)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.PLAYHEAD)
        painter.drawRoundedRect(flag, 3, 3)
        painter.setPen(palette.SEPARATOR)
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, text)

    def _playhead_text(self) -> str:
        state = self.state
        text = label(state.playhead, state.unit, state.fps, 0.01)
        if state.unit is TimeUnit.SECONDS:
            return f"{text}  f{round(state.playhead * state.fps)}"
        return text
