"""A widget with time from left to right: a picture kept between repaints, the wheel, drags, the playhead."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from editor.views.timeline import palette
from editor.views.timeline.edge_pan import EdgePan
from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.pan import Pan
from editor.views.timeline.tools.tool import Pointer, Tool

ZOOM_STEP = 1.2
"""Magnification of one notch of the wheel."""


class TimeStrip(QWidget):
    """Base of ruler, waveform and lanes.

    Subclasses draw `paint_layer`, which is kept as a picture until `invalidate`, and choose a tool for a
    pressed button. What moves often is drawn over the picture by `paint_overlay`, so that a new playhead
    repaints only the strips where it was and is.
    """

    playhead_reach = 1
    """Pixels to either side that the playhead's mark takes up."""

    def __init__(self, state: TimelineState, parent: QWidget) -> None:
        super().__init__(parent)
        self.state = state
        self._layer: QPixmap | None = None
        self._tool: Tool | None = None
        self._pressure = 1.0
        self._edge_pan = EdgePan(state, self)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        state.axis_changed.connect(self.invalidate)
        state.playhead_changed.connect(self._on_playhead)

    # ---- for subclasses

    def paint_layer(self, painter: QPainter) -> None:
        """Draw what changes with the window on time."""
        raise NotImplementedError

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw what moves over it; as it stands, the playhead's line."""
        x = self.crisp(self.state.axis.x_of(self.state.playhead))
        painter.fillRect(QRectF(x, 0.0, 1.0, self.height()), palette.PLAYHEAD)

    def choose(self, pointer: Pointer) -> Tool | None:
        """Return the tool for the left button."""
        raise NotImplementedError

    def choose_pan(self) -> Tool:
        """Return the tool for the middle button."""
        return Pan(self.state)

    # ---- drawing

    def crisp(self, x: float) -> float:
        """Return the nearest place between two pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return round(x * ratio) / ratio

    def invalidate(self) -> None:
        """Draw the picture anew at the next repaint."""
        self._layer = None
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        layer = self.layer()
        painter = QPainter(self)
        painter.drawPixmap(QPointF(0.0, 0.0), layer)
        self.paint_overlay(painter)

    def layer(self) -> QPixmap:
        """Return the picture at the screen's resolution."""
        ratio = self.devicePixelRatioF()
        if self._layer is None or self._layer.size() != self.size() * ratio:
            self._layer = QPixmap(self.size() * ratio)
            self._layer.setDevicePixelRatio(ratio)
            painter = QPainter(self._layer)
            self.paint_layer(painter)
            painter.end()
        return self._layer

    def _on_playhead(self, before: float, after: float) -> None:
        for seconds in (before, after):
            x = self.state.axis.x_of(seconds)
            reach = self.playhead_reach
            if -reach <= x <= self.width() + reach:
                self.update(QRect(int(x) - reach - 1, 0, 2 * reach + 3, self.height()))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._layer = None

    # ---- mouse and pen

    @property
    def is_dragging(self) -> bool:
        """Whether a button is down and a tool at work."""
        return self._tool is not None

    def cancel(self) -> bool:
        """Take back the drag under way; returns whether there was one."""
        tool, self._tool = self._tool, None
        self._edge_pan.stop()
        if tool is not None:
            tool.cancel()
            self.finished(None)
        return tool is not None

    def finished(self, pointer: Pointer | None) -> None:
        """Tidy up after a drag; ``pointer`` is None if it was taken back."""

    def pointer(self, event: QMouseEvent) -> Pointer:
        """Say where an event is, and with what keys held."""
        keys, place = event.modifiers(), event.position()
        return Pointer(
            place.x(),
            place.y(),
            bool(keys & Qt.KeyboardModifier.ShiftModifier),
            bool(keys & Qt.KeyboardModifier.ControlModifier),
            bool(keys & Qt.KeyboardModifier.AltModifier),
            self._pressure,
        )

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._tool is not None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self.take(self.choose(self.pointer(event)), event)
        elif event.button() == Qt.MouseButton.MiddleButton:
            self.take(self.choose_pan(), event)

    def take(self, tool: Tool | None, event: QMouseEvent) -> None:
        """Let a tool have the pressed button until it is released."""
        self._tool, self._button = tool, event.button()
        if tool is not None:
            tool.press(self.pointer(event))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._tool is not None:
            pointer = self.pointer(event)
            self._move(pointer)
            if self._button == Qt.MouseButton.LeftButton:
                self._edge_pan.follow(pointer.x, lambda: self._move(pointer))

    def _move(self, pointer: Pointer) -> None:
        if self._tool is not None:
            self._tool.move(pointer)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._tool is None or event.button() != self._button:
            return
        tool, self._tool = self._tool, None
        self._edge_pan.stop()
        pointer = self.pointer(event)
        tool.release(pointer)
        self.finished(pointer)

    @override
    def tabletEvent(self, event: QTabletEvent) -> None:
        # Only the pressure is taken: left unaccepted, the event comes again as a mouse event.
        touches = event.type() != QEvent.Type.TabletRelease and event.pressure() > 0
        self._pressure = event.pressure() if touches else 1.0
        event.ignore()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self.cancel()

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.cancel()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        sideways = abs(turned.x()) > abs(turned.y()) and not event.modifiers()
        if sideways:
            self.state.set_axis(self.state.axis.panned(-turned.x()))
        else:
            # With Shift or Alt some systems turn the wheel sideways.
            self.wheel(event.position(), (turned.y() or turned.x()) / 120.0, event.modifiers())
        event.accept()

    def wheel(self, place: QPointF, notches: float, _keys: Qt.KeyboardModifier, /) -> None:
        """Zoom time about the mouse."""
        self.state.set_axis(self.state.axis.zoomed(ZOOM_STEP**notches, place.x()))
