"""What a locked lane answers to an edit: for a moment it says why nothing happens."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPen

from editor.views.timeline import palette
from editor.views.timeline.state import TimelineState

_SHOWN_MS = 900
_REASON = "Locked: its head unlocks it"


class Refusal(QObject):
    """Remembers for a while which lane refused."""

    changed = Signal()

    def __init__(self, state: TimelineState, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._lane = state, ""
        self._shown = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._shown.timeout.connect(lambda: self._show(""))
        state.refused.connect(self._on_refused)

    def paint(self, painter: QPainter, width: float) -> None:
        """Outline the lane that refused, if one did, and say why in its middle."""
        if not self._lane:
            return
        row = self._state.layout.row(self._lane)
        where = QRectF(0.5, row.top + 0.5, width - 1, row.height - 2)
        painter.setPen(QPen(palette.REFUSED, 1))
        painter.setBrush(palette.faded(palette.REFUSED, 34))
        painter.drawRect(where)
        painter.setFont(palette.text_font(11, bold=True))
        pill = QRectF(0, 0, painter.fontMetrics().horizontalAdvance(_REASON) + 20, 20)
        pill.moveCenter(where.center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(palette.SEPARATOR)
        painter.drawRoundedRect(pill, 10, 10)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, _REASON)

    def _on_refused(self, lane: str) -> None:
        self._shown.start()
        self._show(lane)

    def _show(self, lane: str) -> None:
        self._lane = lane
        self.changed.emit()
