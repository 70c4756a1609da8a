"""What an empty editor says: what to drop on it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from editor import palette
from editor.views.parts import label
from editor.views.theme import icon

MORE = """WAV, MP3, FLAC, video with sound ... any language
A head mesh, a folder of emotions or a project goes here as well"""


class Welcome(QWidget):
    """An invitation over the empty face."""

    open_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"Welcome {{ background: {palette.PANEL}; border-radius: 8px; }}")
        centre = Qt.AlignmentFlag.AlignCenter
        sign = label(alignment=centre)
        sign.setPixmap(icon("audio-lines", palette.ACCENT).pixmap(40, 40))
        heading = label("Drop a recording here", "heading", centre)
        more = label(MORE, "dim", centre)
        button = QPushButton("Open...")
        button.setDefault(True)
        button.clicked.connect(self.open_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 26, 40, 26)
        column.setSpacing(12)
        for widget in (sign, heading, more):
            column.addWidget(widget)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.adjustSize()
