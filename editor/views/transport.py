"""The bar under the face: where the playhead is, and the buttons that move it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from editor.views.parts import label

RATES = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0)


class Transport(QWidget):
    """Passive; its buttons are the window's actions.

    Parameters
    ----------
    buttons : list of QAction
        From left to right.
    """

    fps_chosen = Signal(float)

    def __init__(self, buttons: list[QAction]) -> None:
        super().__init__()
        self.setObjectName("transport")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.time = label(role="time")
        self.total = label(role="dim")
        self.speed = label(role="dim")
        self.fps = QComboBox()
        self.fps.setToolTip("Frames per second of display and export; keys stay where they are")
        for rate in RATES:
            self.fps.addItem(f"{rate:g} fps", rate)
        self.fps.activated.connect(lambda: self.fps_chosen.emit(self.fps.currentData()))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 10, 4)
        row.setSpacing(2)
        left, right = QHBoxLayout(), QHBoxLayout()
        left.setSpacing(10)
        for widget in (self.time, self.total, self.speed):
            left.addWidget(widget)
        left.addStretch(1)
        right.addStretch(1)
        right.addWidget(self.fps)
        row.addLayout(left, 1)
        for action in buttons:
            row.addWidget(_button(action))
        row.addLayout(right, 1)

    def set_time(self, seconds: float, duration: float, fps: float) -> None:
        """Show where the playhead is."""
        frame = round(seconds * fps)
        self.time.setText(f"{int(seconds // 60):02d}:{seconds % 60:05.2f}")
        self.total.setText(f"frame {frame} of {int(duration * fps)}" if duration else "")

    def set_fps(self, fps: float) -> None:
        """Show the frame rate."""
        if self.fps.findData(fps) < 0:
            self.fps.addItem(f"{fps:g} fps", fps)
        self.fps.setCurrentIndex(self.fps.findData(fps))

    def set_speed(self, speed: float) -> None:
        """Show a speed other than rest and 1."""
        self.speed.setText("" if speed in (0.0, 1.0) else f"{speed:+.0f}x")


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return button
