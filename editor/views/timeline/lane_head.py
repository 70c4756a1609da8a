"""The head of a lane: its name, its value at the playhead, and what can be switched."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QIcon, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QToolButton, QWidget
from typing_extensions import override

from editor.lanes import LaneState
from editor.views.timeline import icons, palette

_BUTTON = 19
_ROW = 32
_TWO_ROWS = 60
_GRIP = 5
_SWITCHES = (("muted", "M", "Mute"), ("solo", "S", "Solo: hear of this lane alone"), ("locked", "", "Lock"))


class LaneHead(QWidget):
    """Passive: `show_lane` and `show_value` in, signals out."""

    toggled = Signal(str, str)
    removed = Signal(str)
    pressed = Signal(str)
    stretched = Signal(float)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._lane: LaneState | None = None
        self._active = False
        self._value = ""
        self._grip_y: float | None = None
        self.setMouseTracking(True)
        self.setObjectName(f"lane_head:{name}")
        self._switches = {role: self._switch(role, text, tip) for role, text, tip in _SWITCHES}
        self._switches["locked"].setIcon(icons.icon(icons.unlocked, icons.locked))
        self._remove = self._button("remove", "Remove this lane")
        self._remove.setIcon(icons.icon(icons.cross))
        self._remove.clicked.connect(lambda: self.removed.emit(self._name))
        self._remove.hide()

    def show_lane(self, lane: LaneState, active: bool) -> None:
        """Show the lane's state."""
        if lane == self._lane and active == self._active:
            return
        self._lane, self._active = lane, active
        for role, button in self._switches.items():
            button.setChecked(getattr(lane, role))
            button.setVisible(lane.switchable)
            button.setAccessibleName(f"{button.toolTip().partition(':')[0]} {lane.label}")
        self._remove.setAccessibleName(f"Remove {lane.label}")
        self._remove.setVisible(lane.removable and self.underMouse())
        self.setAccessibleName(lane.label)
        low, high = lane.limits
        self.setToolTip(
            f"{lane.label}: values {low:g} to {high:g}. Click to work on it; its lower edge sets the height."
        )
        self.update()

    def show_value(self, value: float) -> None:
        """Show the curve's value at the playhead."""
        text = f"{value:.2f}"
        if text != self._value:
            self._value = text
            self.update(self._value_place().toAlignedRect())

    # ---- parts

    def _button(self, role: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"{role}:{self._name}")
        button.setProperty("role", role)
        button.setToolTip(tip)
        button.setFixedSize(_BUTTON, _BUTTON)
        button.setIconSize(QSize(13, 13))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _switch(self, role: str, text: str, tip: str) -> QToolButton:
        button = self._button(role, tip)
        button.setText(text)
        button.setCheckable(True)
        button.clicked.connect(lambda: self._ask(role))
        return button

    def _ask(self, role: str) -> None:
        # The owner decides: until it sets the lane anew, the button shows what holds.
        if self._lane is not None:
            self._switches[role].setChecked(getattr(self._lane, role))
        self.toggled.emit(self._name, role)

    @override
    def resizeEvent(self, event: QEvent) -> None:
        top = (self._row_height() - _BUTTON) // 2
        right = self.width() - 7
        for role in ("locked", "solo", "muted"):
            right -= _BUTTON + 1
            self._switches[role].move(right, top)
        self._remove.move(right - _BUTTON - 1, top)

    def _value_place(self) -> QRectF:
        return QRectF(self.width() - 7 - 3 * (_BUTTON + 1) - 36, 0, 32, self._row_height())

    def _row_height(self) -> int:
        return self.height() if self.height() < _TWO_ROWS else _ROW

    # ---- events

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._remove.setVisible(self._lane is not None and self._lane.removable)
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._remove.hide()
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._on_grip(event):
            self._grip_y = event.globalPosition().y()
        else:
            self.pressed.emit(self._name)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip_y is None:
            self.setCursor(
                Qt.CursorShape.SizeVerCursor if self._on_grip(event) else Qt.CursorShape.ArrowCursor
            )
            return
        now = event.globalPosition().y()
        self.stretched.emit((self.height() + now - self._grip_y) / self.height())
        self._grip_y = now

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip_y = None

    def _on_grip(self, event: QMouseEvent) -> bool:
        return event.position().y() >= self.height() - _GRIP

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._lane is None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), palette.LANE_ACTIVE if self._active else palette.PANEL)
        dim = self._lane.muted
        colour = QColor(self._lane.colour)
        painter.fillRect(
            0, 0, 5 if self._active else 3, self.height() - 1, palette.faded(colour, 110 if dim else 255)
        )
        painter.fillRect(0, self.height() - 1, self.width(), 1, palette.SEPARATOR)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), palette.SEPARATOR)
        self._paint_text(painter, palette.TEXT_DIM if dim else palette.TEXT)

    def _paint_text(self, painter: QPainter, colour: QColor) -> None:
        assert self._lane is not None
        place = QRectF(13, 0, self._value_place().left() - 16, self._row_height())
        painter.setFont(palette.text_font(11, bold=self._active))
        painter.setPen(colour)
        middle = Qt.AlignmentFlag.AlignVCenter
        label = painter.fontMetrics().elidedText(
            self._lane.label, Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignLeft, label)
        painter.setFont(palette.text_font(10))
        painter.setPen(palette.TEXT_DIM)
        if not self._remove.isVisible():
            painter.drawText(self._value_place(), middle | Qt.AlignmentFlag.AlignRight, self._value)
        if self.height() >= _TWO_ROWS:
            keys = len(self._lane.curve)
            note = "no keys" if keys == 0 else "1 key" if keys == 1 else f"{keys} keys"
            painter.drawText(QRectF(13, _ROW - 5, place.width(), 16), middle, note)


def icon_button(
    parent: QWidget, name: str, tip: str, icon: QIcon | None = None, text: str = ""
) -> QToolButton:
    """Make a tool button of the timeline with an object name and a tooltip."""
    button = QToolButton(parent)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAccessibleName(tip.split(" (", maxsplit=1)[0])
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setFixedHeight(22)
    if icon is not None:
        button.setIcon(icon)
        button.setIconSize(QSize(16, 16))
    if text:
        button.setText(text)
        button.setProperty("role", "wide")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
