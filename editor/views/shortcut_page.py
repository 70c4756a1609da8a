"""The page of shortcuts, made from the table of actions."""

from __future__ import annotations

from html import escape
from itertools import groupby

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from editor import palette
from editor.actions import ACTIONS, GESTURES, MENUS


class ShortcutPage(QDialog):
    """All keys, and what the mouse does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard and mouse")
        self.resize(680, 620)
        page = QTextBrowser()
        page.setHtml(shortcut_html())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)


def shortcut_html() -> str:
    """Return the page as HTML."""
    blocks = []
    for menu in MENUS:
        rows = [(_keys(a.shortcuts), a.label, a.tip) for a in ACTIONS if a.menu == menu and a.shortcuts]
        blocks.append(_block(menu, rows))
    for place, gestures in groupby(GESTURES, key=lambda g: g.place):
        blocks.append(_block(place, [(escape(g.keys), g.does, "") for g in gestures]))
    return "".join(blocks)


def _block(title: str, rows: list[tuple[str, str, str]]) -> str:
    lines = "".join(
        f"<tr><td width='190' style='color:{palette.ACCENT}'>{keys}</td><td>{escape(does)}"
        f"<span style='color:{palette.DIM}'>{escape(f'  {tip}') if tip else ''}</span></td></tr>"
        for keys, does, tip in rows
    )
    return f"<h3>{escape(title)}</h3><table cellpadding='3'>{lines}</table>" if rows else ""


def _keys(shortcuts: tuple[str, ...]) -> str:
    shown = (QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) for keys in shortcuts)
    return escape(", ".join(shown))
