"""A line edit beside a key to type its value."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QDoubleValidator, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

_WIDTH, _HEIGHT = 58, 22


class ValueEditor(QLineEdit):
    """Enter or a click elsewhere takes the value, Esc leaves it; either way the editor goes."""

    def __init__(
        self, parent: QWidget, value: float, limits: tuple[float, float], take: Callable[[float], None]
    ) -> None:
        super().__init__(f"{value:.3f}".rstrip("0").rstrip("."), parent)
        self._over = parent
        self._take: Callable[[float], None] | None = take
        self.setObjectName("value_editor")
        self.setAccessibleName("Value of the key")
        self.setToolTip(f"Value from {limits[0]:g} to {limits[1]:g}; Enter takes it, Esc leaves it")
        validator = QDoubleValidator(self)
        validator.setLocale(QLocale.c())
        self.setValidator(validator)
        self.editingFinished.connect(self._finish)

    def open_beside(self, x: float, y: float) -> None:
        """Show it near a place of its parent, within the parent."""
        parent = self._over
        left = min(max(x + 10, 0), parent.width() - _WIDTH)
        top = min(max(y - _HEIGHT - 6, 0), parent.height() - _HEIGHT)
        self.setGeometry(int(left), int(top), _WIDTH, _HEIGHT)
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)
            # Keys of the timeline must not act while a number is typed.
            event.accept()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # An unfinished number is not announced as finished, yet the editor must not stay behind.
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._close()

    def _finish(self) -> None:
        take, text = self._take, self.text()
        self._close()
        if take is not None:
            take(float(text))

    def _close(self) -> None:
        self._take = None
        if self.hasFocus():
            self._over.setFocus()
        self.hide()
        self.deleteLater()
