"""Buttons of the timeline: tools, snapping and unit beside the ruler, the title beside the waveform."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget
from typing_extensions import override

from editor.views.timeline import icons, palette
from editor.views.timeline.lane_head import icon_button
from editor.views.timeline.state import TimelineState

_SHORT = {"Seconds": "sec", "Frames": "frm", "Timecode": "TC"}


class Controls(QWidget):
    """The corner: select or brush, snapping, unit of time."""

    def __init__(self, state: TimelineState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("timeline_controls")
        self.setFixedSize(palette.HEAD_WIDTH, palette.RULER_HEIGHT)
        self.select = icon_button(self, "tool_select", "Select tool (V)", icons.icon(icons.arrow))
        self.brush = icon_button(self, "tool_brush", "Brush tool (B)", icons.icon(icons.brush))
        self.snap = icon_button(
            self, "snap", "Snap to frames (Ctrl turns it while dragging)", icons.icon(icons.magnet)
        )
        self.unit = icon_button(self, "time_unit", "Unit of time (Ctrl+T)", text="sec")
        self._connect()
        self._arrange()

    def show_unit(self) -> None:
        """Show the unit that holds."""
        self.unit.setText(_SHORT[self._state.unit.value])

    def _connect(self) -> None:
        state, group = self._state, QButtonGroup(self)
        for button, tool in ((self.select, "select"), (self.brush, "brush")):
            button.setCheckable(True)
            button.setFixedWidth(26)
            button.clicked.connect(lambda _, tool=tool: state.set_tool(tool))
            group.addButton(button)
        self.select.setChecked(True)
        state.tool_changed.connect(self._show_tool)
        self.snap.setCheckable(True)
        self.snap.setFixedWidth(26)
        self.snap.setChecked(state.snapping)
        self.snap.toggled.connect(lambda on: setattr(state, "snapping", on))
        state.marks_changed.connect(self.show_unit)

    def _show_tool(self, tool: str) -> None:
        (self.brush if tool == "brush" else self.select).setChecked(True)

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(2)
        for button in (self.select, self.brush):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.snap)
        row.addStretch(1)
        row.addWidget(self.unit)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), palette.PANEL)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), palette.SEPARATOR)
        painter.fillRect(0, self.height() - 1, self.width(), 1, palette.SEPARATOR)


class Title(QWidget):
    """A name in the left column, drawn as the lane heads are; the note beside it tells what a line marks."""

    def __init__(self, text: str, height: int, parent: QWidget, note: str = "") -> None:
        super().__init__(parent)
        self._text, self._note = text, note
        self.setFixedSize(palette.HEAD_WIDTH, height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), palette.PANEL)
        painter.fillRect(0, 0, 3, self.height() - 1, palette.WAVE)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), palette.SEPARATOR)
        painter.fillRect(0, self.height() - 1, self.width(), 1, palette.SEPARATOR)
        painter.setFont(palette.text_font())
        painter.setPen(palette.TEXT)
        painter.drawText(self.rect().adjusted(13, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.setPen(palette.TEXT_DIM)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(self.rect().adjusted(0, 0, -8, 0), right, self._note)
