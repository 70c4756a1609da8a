"""One sentence over the top of the face, in nobody's way."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from editor import palette
from editor.session import Message, Tone
from editor.views.parts import icon_button
from editor.views.theme import icon

SECONDS = 8
"""How long a message stays that is no error."""

FRAME, PADDING, LOWEST = 110, 20, 40
"""Pixels beside the text, above and below it together, and of the whole bar at least."""

LOOKS = {
    Tone.INFO: ("info", palette.ACCENT),
    Tone.WARNING: ("triangle-alert", palette.WARNING),
    Tone.ERROR: ("circle-alert", palette.ERROR),
}


class MessageBar(QFrame):
    """Shows the newest message until it is closed, or for a while if it is no error."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("message")
        self._sign = QLabel()
        self.text = QLabel(wordWrap=True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        close = icon_button("x", "Close the message")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 8, 5)
        row.setSpacing(10)
        row.addWidget(self._sign)
        row.addWidget(self.text, 1)
        row.addWidget(close)
        self._timer = QTimer(self, singleShot=True, interval=SECONDS * 1000)
        self._timer.timeout.connect(self.hide)
        self._shown: Message | None = None
        self.hide()

    def take_back(self, message: Message) -> None:
        """Hide a sentence, if it is the one that is shown."""
        if message == self._shown:
            self.hide()

    def show_message(self, message: Message) -> None:
        """Show a sentence; it takes the place of the one before."""
        self._shown = message
        name, colour = LOOKS[message.tone]
        self._sign.setPixmap(icon(name, colour).pixmap(16, 16))
        self.setStyleSheet(f"QFrame#message {{ border-left: 3px solid {colour}; }}")
        self.text.setText(message.text)
        self._timer.stop()
        if message.tone is not Tone.ERROR:
            self._timer.start()
        self.fit()
        self.show()

    def fit(self) -> None:
        """Span the top of what it lies over."""
        width = self._over.width()
        lines = self.text.heightForWidth(width - FRAME)
        self.setGeometry(0, 0, width, max(lines + PADDING, LOWEST))
