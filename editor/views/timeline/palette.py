"""Colours and sizes of the timeline."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont

from editor import palette as theme

BACKGROUND = QColor(theme.WINDOW)
PANEL = QColor(theme.PANEL)
LANE = QColor("#1d1f23")
LANE_ODD = QColor("#202226")
LANE_ACTIVE = QColor("#282b31")
SEPARATOR = QColor("#121316")
GRID = QColor(255, 255, 255, 13)
GUIDE = QColor(255, 255, 255, 30)
TICK = QColor(theme.FAINT)
TEXT = QColor(theme.TEXT)
TEXT_DIM = QColor(theme.DIM)
PLAYHEAD = QColor(theme.PLAYHEAD)
LOOP = QColor(theme.ACCENT)
READY = QColor(theme.GOOD)
WAITING = QColor(theme.WARNING)
WAVE = QColor("#4f6f8c")
WAVE_LOUD = QColor("#9cc3e6")
SELECTED = QColor("#ffffff")
REFUSED = QColor(theme.ERROR)
OUTSIDE = QColor(0, 0, 0, 90)

HEAD_WIDTH = 216
RULER_HEIGHT = 36
WAVE_HEIGHT = 64
LABEL_HEIGHT = 35
GAP_HEIGHT = 44
LANE_HEIGHT = 40.0


def text_font(pixels: int = 11, bold: bool = False) -> QFont:
    """Return the interface font; DejaVu Sans where the system names none with the glyphs needed."""
    font = QFont()
    font.setFamilies([font.family(), "DejaVu Sans"])
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def faded(colour: QColor, alpha: int) -> QColor:
    """Return the colour with an opacity of 0..255."""
    return QColor(colour.red(), colour.green(), colour.blue(), alpha)


STYLE = """
#timeline { background: #222428; }
#timeline QToolButton {
    background: transparent; color: #9aa0aa; border: 1px solid transparent; border-radius: 3px;
    font-size: 10px; font-weight: 600; padding: 0px;
}
#timeline QToolButton:hover { background: #363a42; color: #f0f2f5; }
#timeline QToolButton:pressed { background: #43484f; }
#timeline QToolButton:focus { border-color: #5aa0f2; }
#timeline QToolButton:checked { background: #3d5a80; color: #ffffff; }
#timeline QToolButton[role="muted"]:checked { background: #d9912b; color: #17181b; }
#timeline QToolButton[role="solo"]:checked { background: #4aa3f0; color: #101214; }
#timeline QToolButton[role="locked"]:checked { background: #b5483f; }
#timeline QToolButton[role="wide"] { color: #c3c8d0; background: #2d3036; padding: 0px 8px; }
#timeline QToolButton[role="wide"] { font-size: 11px; font-weight: 400; }
#timeline QToolButton[role="wide"]:hover { background: #363a42; }
#timeline QScrollBar { background: #1a1b1e; border: none; }
#timeline QScrollBar:horizontal { height: 12px; }
#timeline QScrollBar:vertical { width: 10px; }
#timeline QScrollBar::handle { background: #43474f; border-radius: 3px; margin: 2px; }
#timeline QScrollBar::handle { min-width: 24px; min-height: 24px; }
#timeline QScrollBar::handle:disabled { background: transparent; }
#timeline QScrollBar::handle:hover { background: #5a606a; }
#timeline QScrollBar::add-line, #timeline QScrollBar::sub-line { width: 0px; height: 0px; }
#timeline QScrollBar::add-page, #timeline QScrollBar::sub-page { background: transparent; }
#timeline QLineEdit {
    background: #101114; color: #ffffff; border: 1px solid #5aa0f2; border-radius: 3px; padding: 0px 4px;
    selection-background-color: #3d5a80; font-size: 11px;
}
QMenu#key_menu { background: #2a2d33; color: #d9dce1; border: 1px solid #121316; padding: 4px; }
QMenu#key_menu::item { padding: 4px 26px 4px 22px; border-radius: 3px; }
QMenu#key_menu::item:selected { background: #3d5a80; }
QMenu#key_menu::item:disabled { color: #6b7078; }
QMenu#key_menu::separator { height: 1px; background: #3a3e45; margin: 4px 6px; }
"""
