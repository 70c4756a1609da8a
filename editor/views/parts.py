"""Labels and buttons as the theme knows them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from editor.views.theme import icon


def label(text: str = "", role: str = "") -> QLabel:
    """Make a label; the role ("dim", "heading", "time") chooses its look."""
    made = QLabel(text)
    made.setObjectName(role)
    return made


def icon_button(name: str, tip: str) -> QToolButton:
    """Make a flat button with an icon of assets/icons."""
    made = QToolButton()
    made.setIcon(icon(name))
    made.setToolTip(tip)
    made.setAutoRaise(True)
    return made


def panel() -> QWidget:
    """Make a widget with a panel's background."""
    made = QWidget()
    made.setObjectName("panel")
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return made
