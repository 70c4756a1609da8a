"""A list of named values, each a bar to drag: emotions, channels, speech intensities."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from editor import palette
from editor.rows import Row
from editor.views.theme import font_of

ROW = 24
DRAG_START = 3
"""Pixels before a press becomes a drag."""
FINE = 0.1
"""Share of the movement that a drag with Shift makes."""


def written(value: float, limits: tuple[float, float]) -> str:
    """Write a number as finely as its range asks for."""
    reach = limits[1] - limits[0]
    return f"{value:.{3 if reach < 0.5 else 0 if reach > 50 else 2}f}"


class ValueList(QWidget):
    """Rows of dot, label, bar and number; passive.

    Signals
    -------
    chosen(name)
        A row was clicked.
    drag_begun(name), dragged(name, value), drag_ended(), drag_aborted()
        A value is dragged; a typed value comes as one short drag.
    walked(rect)
        The keyboard went to the row that is there.
    """

    chosen = Signal(str)
    drag_begun = Signal(str)
    dragged = Signal(str, float)
    drag_ended = Signal()
    drag_aborted = Signal()
    walked = Signal(QRectF)

    def __init__(self, tip: str) -> None:
        super().__init__()
        self._tip = tip
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._at = ""  # the row that the keyboard is on
        self._rows: tuple[Row, ...] = ()
        self._label_width = 0
        self._values: dict[str, float] = {}
        self._active = self._hovered = ""
        self._pressed: tuple[Row, float, float] | None = None  # row, x and value at the press
        self._dragging = False
        self._editor: QLineEdit | None = None

    # ---- setters

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these rows."""
        if rows != self._rows:
            self._rows = rows
            advance = QFontMetrics(self.font()).horizontalAdvance
            self._label_width = max((advance(row.label) for row in rows if not row.heading), default=0)
            self.setFixedHeight(max(len(rows), 1) * ROW + 6)
            self.update()

    def set_values(self, values: Mapping[str, float]) -> None:
        """Show these values; cheap where nothing changed."""
        fresh = {row.name: round(values.get(row.name, 0.0), 4) for row in self._rows}
        if fresh != self._values:
            self._values = fresh
            self.update()

    def set_active(self, name: str) -> None:
        """Mark the row that keys go to."""
        if name != self._active:
            self._active = name
            self.update()

    def row_rect(self, name: str) -> QRectF:
        """Return where a row is."""
        index = [row.name for row in self._rows].index(name)
        return QRectF(0, index * ROW, self.width(), ROW)

    def bar_rect(self, name: str) -> QRectF:
        """Return where the bar of a row is; dragging along all of it covers the row's whole range."""
        rect = self.row_rect(name)
        left = min(max(132.0, self._label_width + 40.0), rect.width() * 0.6)
        return QRectF(left, rect.top() + 4, rect.width() - left - 10, ROW - 8)

    # ---- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take a value in hand."""
        row = self._row_at(event.position())
        if row and event.button() == Qt.MouseButton.LeftButton:
            self._at = row.name
            self._pressed = (row, event.position().x(), self._values.get(row.name, 0.0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag the value along its bar."""
        under = self._row_at(event.position())
        self._hover(under.name if under else "")
        if self._pressed is None:
            return
        row, x, value = self._pressed
        moved = event.position().x() - x
        if not self._dragging and abs(moved) >= DRAG_START:
            self._dragging = True
            self.drag_begun.emit(row.name)
        if self._dragging:
            fine = FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            low, high = row.limits
            share = moved / max(self.bar_rect(row.name).width(), 1.0)
            self.dragged.emit(row.name, min(max(value + share * (high - low) * fine, low), high))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """End the drag, or choose the row if there was none."""
        if self._pressed is None:
            return
        (row, _, _), self._pressed = self._pressed, None
        if self._dragging:
            self._dragging = False
            self.drag_ended.emit()
        self.chosen.emit(row.name)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Type a value."""
        row = self._row_at(event.position())
        if row:
            self._type(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk along the rows, type a value with Enter, take a drag back with Escape."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step:
            self._walk(step)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.hasFocus():
            for row in self._rows:
                if row.name == self._at:
                    self._type(row)
            return
        if event.key() == Qt.Key.Key_Escape and self._dragging:
            self._pressed, self._dragging = None, False
            self.drag_aborted.emit()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tell what the row under the mouse does, and what can be done with it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._row_at(QPointF(event.pos()))
            lines = [row.tip, self._tip] if row and row.tip else [self._tip]
            QToolTip.showText(event.globalPos(), "\n".join(lines), self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show where the keyboard is."""
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._walk(0)
        super().focusInEvent(event)

    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802
        """Forget the row under the mouse."""
        self._hover("")

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for label, bar and number."""
        return QSize(248, len(self._rows) * ROW + 6)

    # ---- drawing

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the rows in view."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(palette.PANEL))
        for row in self._rows:
            if self.row_rect(row.name).intersects(QRectF(event.rect())):
                self._draw(painter, row)

    def _draw(self, painter: QPainter, row: Row) -> None:
        rect, bar = self.row_rect(row.name), self.bar_rect(row.name)
        if row.heading:
            self._draw_heading(painter, row, rect)
            return
        if row.name in (self._active, self._hovered):
            shade = palette.RAISED if row.name == self._active else "#272a2f"
            painter.fillRect(rect, QColor(shade))
        if row.name == self._active:
            painter.fillRect(QRectF(0, rect.top(), 2, ROW), QColor(palette.ACCENT))
        if row.name == self._at and self.hasFocus():
            painter.setPen(QColor(palette.ACCENT))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0.5, 0.5, -1.5, -0.5))
        colour = QColor(row.colour)
        colour.setAlphaF(1.0 if row.present else 0.45)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(16, rect.center().y()), 4, 4)
        painter.setPen(QColor(palette.TEXT if row.present else palette.DIM))
        text = QRectF(28, rect.top(), bar.left() - 34, ROW)
        label = QFontMetrics(self.font()).elidedText(
            row.label, Qt.TextElideMode.ElideRight, int(text.width())
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, label)
        self._draw_bar(painter, row, bar, colour)

    def _draw_heading(self, painter: QPainter, row: Row, rect: QRectF) -> None:
        painter.setFont(font_of(11))
        painter.setPen(QColor(palette.DIM))
        low = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect.adjusted(12, 0, -8, -4), low, row.label)
        painter.setFont(self.font())

    def _draw_bar(self, painter: QPainter, row: Row, bar: QRectF, colour: QColor) -> None:
        value, (low, high) = self._values.get(row.name, 0.0), row.limits
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.FIELD))
        painter.drawRoundedRect(bar, 3, 3)
        zero = bar.left() + bar.width() * (min(max(0.0, low), high) - low) / (high - low)
        tip = bar.left() + bar.width() * (min(max(value, low), high) - low) / (high - low)
        if value:
            colour.setAlphaF(0.75 if row.present else 0.4)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(min(zero, tip), bar.top(), abs(tip - zero), bar.height()), 3, 3)
        painter.setFont(font_of(11))
        painter.setPen(QColor(palette.TEXT if value else palette.FAINT))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(bar.adjusted(0, 0, -6, 0), right, written(value, row.limits))
        painter.setFont(self.font())

    # ---- inside

    def _row_at(self, point: QPointF) -> Row | None:
        index = int(point.y() // ROW)
        row = self._rows[index] if 0 <= index < len(self._rows) else None
        return None if row is None or row.heading else row

    def _walk(self, step: int) -> None:
        names = [row.name for row in self._rows if not row.heading]
        if not names:
            return
        start = next((name for name in (self._at, self._active) if name in names), "")
        place = names.index(start) + step if start else 0
        self._at = names[min(max(place, 0), len(names) - 1)]
        self.walked.emit(self.row_rect(self._at))
        self.update()

    def _hover(self, name: str) -> None:
        if name != self._hovered:
            self._hovered = name
            self.update()

    def _type(self, row: Row) -> None:
        editor = QLineEdit(written(self._values.get(row.name, 0.0), row.limits), self)
        editor.setGeometry(self.bar_rect(row.name).adjusted(0, -3, 0, 3).toRect())
        editor.selectAll()
        editor.editingFinished.connect(lambda: self._typed(row, editor))
        editor.show()
        editor.setFocus()

    def _typed(self, row: Row, editor: QLineEdit) -> None:
        editor.blockSignals(True)
        if editor.hasFocus():  # Enter was pressed, and not another place clicked; it comes here as well
            QTimer.singleShot(0, self, self.setFocus)
        editor.deleteLater()
        try:
            value = float(editor.text().replace(",", "."))
        except ValueError:
            return
        self.drag_begun.emit(row.name)
        self.dragged.emit(row.name, min(max(value, row.limits[0]), row.limits[1]))
        self.drag_ended.emit()
