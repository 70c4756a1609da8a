"""What an empty editor says: what to drop on it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from editor import palette
from editor.views.parts import label
from editor.views.theme import icon

MORE = """WAV, MP3, FLAC, video with sound ... any language
A head, emotions, a trained network or a project goes here, too"""


class Welcome(QWidget):
    """An invitation over the empty face."""

    open_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"Welcome {{ background: {palette.PANEL}; border-radius: 8px; }}")
        sign = label()
        sign.setPixmap(icon("audio-lines", palette.ACCENT).pixmap(40, 40))
        heading = label("Drop a recording here", "heading")
        more = label(MORE, "dim")
        button = QPushButton("Open...")
        button.setDefault(True)
        button.clicked.connect(self.open_requested)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(heading)
        words.addWidget(more)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(22)
        row.addWidget(sign)
        row.addLayout(words)
        row.addWidget(button)
        self.adjustSize()
