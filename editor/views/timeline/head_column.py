"""The heads of all lanes, beside the canvas and scrolled with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from editor.views.timeline import palette
from editor.views.timeline.lane_head import LaneHead
from editor.views.timeline.state import TimelineState


class HeadColumn(QWidget):
    """One `LaneHead` for each lane, made and dropped as lanes come and go."""

    toggled = Signal(str, str)
    removed = Signal(str)

    def __init__(self, state: TimelineState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._heads: dict[str, LaneHead] = {}
        self.setObjectName("timeline_heads")
        self.setFixedWidth(palette.HEAD_WIDTH)
        state.layout_changed.connect(self._place)
        state.lanes_changed.connect(self._show_lanes)
        state.active_changed.connect(self._show_lanes)
        state.playhead_changed.connect(self._show_values)

    def head(self, name: str) -> LaneHead:
        """Return the head of a lane.

        Raises
        ------
        KeyError
            If there is no such lane.
        """
        return self._heads[name]

    def _place(self) -> None:
        rows = self._state.layout.rows
        for name in [n for n in self._heads if n not in {row.name for row in rows}]:
            head = self._heads.pop(name)
            head.hide()
            head.deleteLater()
        for row in rows:
            if row.name not in self._heads:
                self._heads[row.name] = self._made(row.name)
            top = round(row.top)
            self._heads[row.name].setGeometry(0, top, self.width(), round(row.bottom) - top)
        self._show_lanes()

    def _made(self, name: str) -> LaneHead:
        head = LaneHead(name, self)
        head.toggled.connect(self.toggled)
        head.removed.connect(self.removed)
        head.pressed.connect(self._state.set_active)
        head.stretched.connect(self._stretch)
        head.show()
        return head

    def _stretch(self, factor: float) -> None:
        self._state.set_lane_height(self._state.sizes.lane * factor)

    def _show_lanes(self) -> None:
        for lane in self._state.lanes:
            if lane.name in self._heads:
                self._heads[lane.name].show_lane(lane, lane.name == self._state.active)
        self._show_values()

    def _show_values(self) -> None:
        for row in self._state.layout.rows:
            if row.bottom > 0 and row.top < self.height():
                value = self._state.lane(row.name).curve(self._state.playhead)
                self._heads[row.name].show_value(float(value))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._state.scroll_by(-event.angleDelta().y() / 120.0 * self._state.sizes.lane)
        event.accept()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), palette.PANEL)
