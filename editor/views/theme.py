"""The dark look: palette, style sheet, type and icons."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from core.paths import ASSETS
from editor import palette

FONT_PIXELS = 12

SHEET = """
* {{ outline: none; }}
QMainWindow, QDialog, QMessageBox {{ background: {WINDOW}; }}
QDialog {{ background: {PANEL}; border: 1px solid {LINE}; }}
QMainWindow::separator {{ background: {WINDOW}; width: 4px; height: 4px; }}
QMainWindow::separator:hover {{ background: {ACCENT_DARK}; }}
QMenuBar {{ background: {WINDOW}; padding: 2px 6px; }}
QMenuBar::item {{ padding: 4px 9px; border-radius: 3px; background: transparent; }}
QMenuBar::item:selected {{ background: {RAISED}; }}
QMenu {{ background: {RAISED}; border: 1px solid {LINE}; padding: 4px; }}
QMenu::item {{ padding: 5px 28px 5px 22px; border-radius: 3px; }}
QMenu::item:selected {{ background: {ACCENT_DARK}; }}
QMenu::item:disabled {{ color: {FAINT}; }}
QMenu::separator {{ height: 1px; background: {HOVER}; margin: 4px 6px; }}
QDockWidget {{ font-weight: 600; titlebar-close-icon: none; titlebar-normal-icon: none; }}
QDockWidget::title {{ background: {PANEL}; padding: 7px 10px; border-bottom: 1px solid {WINDOW}; }}
QDockWidget > QWidget {{ background: {PANEL}; }}
QTabBar::tab {{ background: {WINDOW}; color: {DIM}; padding: 6px 14px; border: none;
  border-top: 2px solid {WINDOW}; }}
QTabBar::tab:hover {{ color: {TEXT}; background: {RAISED}; border-top-color: {RAISED}; }}
QTabBar::tab:selected {{ background: {PANEL}; color: {TEXT}; border-top-color: {ACCENT}; }}
QWidget#panel, QWidget#transport {{ background: {PANEL}; }}
QStatusBar {{ background: {WINDOW}; color: {DIM}; min-height: 24px; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {DIM}; padding: 0 6px; }}
QToolTip {{ background: {RAISED}; color: {TEXT}; border: 1px solid {FAINT}; padding: 4px 6px; }}
QLabel#dim {{ color: {DIM}; }}
QLabel#heading {{ font-size: 20px; font-weight: 600; }}
QLabel#section {{ color: {DIM}; font-weight: 600; }}
QLabel#time {{ font-size: 17px; font-weight: 500; color: {TEXT}; }}
QPushButton, QToolButton {{ background: {RAISED}; border: 1px solid transparent; border-radius: 4px;
  padding: 5px 12px; }}
QToolButton {{ background: transparent; padding: 5px; }}
QToolButton#small {{ padding: 2px; }}
QPushButton:hover, QToolButton:hover {{ background: {HOVER}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {FIELD}; }}
QToolButton:checked {{ background: {ACCENT_DARK}; }}
QPushButton:default {{ background: {ACCENT_DARK}; border-color: {ACCENT}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {FAINT}; }}
QPushButton:focus, QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border-color: {ACCENT}; }}
QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox {{
  background: {FIELD}; border: 1px solid {LINE}; border-radius: 4px;
  padding: 4px 8px; selection-background-color: {ACCENT_DARK}; min-height: 16px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url({ICONS}/arrow-down.svg); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {RAISED}; border: 1px solid {LINE};
  selection-background-color: {ACCENT_DARK}; }}
QCheckBox {{ spacing: 8px; padding: 3px 0; }}
QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {FAINT}; border-radius: 3px;
  background: {FIELD}; }}
QCheckBox::indicator:hover {{ border-color: {ACCENT}; }}
QCheckBox::indicator:checked {{ background: {ACCENT}; border-color: {ACCENT};
  image: url({ICONS}/check.svg); }}
QProgressBar {{ background: {FIELD}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {ACCENT}; border-radius: 3px; }}
QScrollBar {{ background: {PANEL}; border: none; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {HOVER}; border-radius: 4px; margin: 1px; min-height: 24px;
  min-width: 24px; }}
QScrollBar::handle:hover {{ background: {FAINT}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: none; border: none; width: 0; height: 0; }}
QScrollArea, QAbstractScrollArea {{ background: {PANEL}; border: none; }}
QTextBrowser {{ background: {PANEL}; border: none; padding: 12px; }}
QFrame#message {{ border: none; border-bottom: 1px solid {WINDOW}; background: {RAISED}; }}
QFrame#separator {{ background: {LINE}; max-width: 1px; margin: 4px 4px; }}
"""


def apply_theme(app: QApplication) -> None:
    """Dress the application; every widget made afterwards follows."""
    for font in sorted((ASSETS / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(font))
    app.setStyle("Fusion")
    app.setFont(font_of())
    app.setPalette(_dark())
    colours = {name: value for name, value in vars(palette).items() if isinstance(value, str)}
    app.setStyleSheet(SHEET.format(**colours, ICONS=(ASSETS / "icons").as_posix()))


def font_of(pixels: int = FONT_PIXELS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the interface's type; digits share one width, so running numbers stand still."""
    font = QFont("Inter")
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _dark() -> QPalette:
    roles = {
        QPalette.ColorRole.Window: palette.PANEL,
        QPalette.ColorRole.Base: palette.FIELD,
        QPalette.ColorRole.AlternateBase: palette.PANEL,
        QPalette.ColorRole.Button: palette.RAISED,
        QPalette.ColorRole.Text: palette.TEXT,
        QPalette.ColorRole.WindowText: palette.TEXT,
        QPalette.ColorRole.ButtonText: palette.TEXT,
        QPalette.ColorRole.BrightText: palette.TEXT,
        QPalette.ColorRole.ToolTipBase: palette.RAISED,
        QPalette.ColorRole.ToolTipText: palette.TEXT,
        QPalette.ColorRole.PlaceholderText: palette.FAINT,
        QPalette.ColorRole.Highlight: palette.ACCENT_DARK,
        QPalette.ColorRole.HighlightedText: palette.TEXT,
        QPalette.ColorRole.Link: palette.ACCENT,
        QPalette.ColorRole.Accent: palette.ACCENT,
    }
    dark = QPalette()
    for role, colour in roles.items():
        dark.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        dark.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.FAINT))
    return dark


@cache
def icon(name: str, colour: str = palette.TEXT) -> QIcon:
    """Return an icon of assets/icons in a colour, dimmed where its button is disabled."""
    made = QIcon(_drawn(name, colour))
    made.addPixmap(_drawn(name, palette.FAINT), QIcon.Mode.Disabled)
    return made


def _drawn(name: str, colour: str) -> QPixmap:
    source = (ASSETS / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    side = QSize(48, 48)  # drawn at twice the usual size, for dense screens
    pixmap = QPixmap(side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, side.width(), side.height()))
    painter.end()
    return pixmap
