"""The window: face in the middle, panels beside it, time below."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from editor.views.message_bar import MessageBar
from editor.views.panels import EmotionPanel, FilteredPanel, SpeechPanel
from editor.views.status import Status
from editor.views.transport import Transport
from editor.views.viewport import Viewport
from editor.views.welcome import Welcome

TITLE = "Editable Lipsync"
SIZE = (1440, 900)
SIDE, TIME = 272, 364
"""Pixels of the side docks' width and the timeline's height at first."""


class MainWindow(QMainWindow):
    """Lays out what it is given; passive.

    Signals
    -------
    dropped(paths)
        Files were dropped on the window.
    """

    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(f"{TITLE}[*]")
        self.resize(*SIZE)
        self.setMinimumSize(1000, 640)
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        # As tall as the window, so that all emotions and intensities are in sight.
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.may_close: Callable[[], bool] = lambda: True
        self.viewport = Viewport()
        self.message, self.welcome = MessageBar(self.viewport), Welcome(self.viewport)
        self.viewport.resized.connect(self._place_overlays)
        self.emotions, self.speech = EmotionPanel(), SpeechPanel()
        self.channels = FilteredPanel("Filter channels", "What moves the face now; an offset is added to it.")
        self.tune = FilteredPanel("Filter parameters", "Click and press S to key it: then it is a lane.")

    def arrange(self, timeline: QWidget, transport: Transport, status: Status) -> None:
        """Put everything in its place."""
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((self.viewport, 1), (transport, 0)):
            column.addWidget(widget, stretch)
        self.setCentralWidget(middle)
        self.setStatusBar(status)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        emotions = self._dock("Emotions", self.emotions, left)
        speech = self._dock("Speech", self.speech, left)
        channels = self._dock("Channels", self.channels, right)
        self.tabifyDockWidget(channels, self._dock("Tune", self.tune, right))
        channels.raise_()
        time = self._dock("Timeline", timeline, Qt.DockWidgetArea.BottomDockWidgetArea)
        time.setTitleBarWidget(QWidget())  # it has a ruler; a title would only take its room
        self.resizeDocks([emotions, channels], [SIDE, SIDE], Qt.Orientation.Horizontal)
        self.resizeDocks([time], [TIME], Qt.Orientation.Vertical)
        self.resizeDocks([emotions, speech], [330, 500], Qt.Orientation.Vertical)
        self._first_state = self.saveState()

    def layout_state(self) -> tuple[QByteArray, QByteArray]:
        """Return geometry and state, to be kept."""
        return self.saveGeometry(), self.saveState()

    def restore_layout(self, layout: tuple[QByteArray, QByteArray]) -> None:
        """Bring back what `layout_state` returned."""
        self.restoreGeometry(layout[0])
        self.restoreState(layout[1])

    def reset_layout(self) -> None:
        """Bring back the docks as they were at first."""
        self.restoreState(self._first_state)

    def set_project(self, name: str, modified: bool) -> None:
        """Show name and modified mark in the title."""
        self.setWindowTitle(f"{name}[*] - {TITLE}")
        self.setWindowModified(modified)

    def set_empty(self, empty: bool) -> None:
        """Invite to drop a recording, or not."""
        self.welcome.setVisible(empty)

    # ---- Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Hand the files on."""
        event.acceptProposedAction()
        self.dropped.emit([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Close only if nothing would be lost."""
        if self.may_close():
            event.accept()
        else:
            event.ignore()

    def _place_overlays(self) -> None:
        self.message.fit()
        free = self.viewport.size() - self.welcome.size()
        self.welcome.move(max(free.width() // 2, 0), max(free.height() - 20, 0))

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock
