"""Someone at the editor: mouse, keys, dropped files and a camera, all through the window system's events."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from editor.app import Editor
from editor.controllers.inference import SLOT

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


class Person:
    """Drives one editor."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor

    # ---- waiting

    @staticmethod
    def wait(seconds: float) -> None:
        """Let the program run."""
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def until(self, happened: Callable[[], object], seconds: float = 20.0) -> None:
        """Let the program run until something happened."""
        end = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < end, "it never happened"
            self.wait(0.02)

    def until_still(self, look: Callable[[], np.ndarray], seconds: float = 20.0) -> np.ndarray:
        """Return what is looked at (any array) once it has not changed for a fifth of a second."""
        seen = [look()]

        def still() -> bool:
            self.wait(0.2)
            seen.append(look())
            return np.array_equal(seen[-2], seen[-1])

        self.until(still, seconds)
        return seen[-1]

    def until_loaded(self, seconds: float = 60.0) -> None:
        """Wait until head, recording and the whole lipsync are there."""
        session = self.editor.session
        self.until(lambda: session.rig is not None and session.duration > 0, seconds)
        self.until(lambda: session.is_ready, seconds)
        # The beginning of a short recording may reach to its end: what follows is the lipsync itself.
        self.until(lambda: not self.editor.tasks.busy(SLOT), seconds)

    # ---- hands

    def press(self, keys: str) -> None:
        """Press keys, written as in a menu."""
        combination = QKeySequence(keys)[0]  # type: ignore[index]  # the stub does not know it is a sequence
        if QApplication.activeWindow() is None:  # without a window manager nobody else activates it
            self.editor.window.activateWindow()
            self.until(QApplication.activeWindow)
        window = QApplication.activeWindow().windowHandle()
        QTest.keyClick(window, combination.key(), combination.keyboardModifiers())
        self.wait(0.02)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click a widget."""
        self.drag(widget, [QPointF(at or widget.rect().center())])

    def drag(
        self,
        widget: QWidget,
        path: Sequence[QPointF],
        button: Qt.MouseButton = LEFT,
        modifiers: Qt.KeyboardModifier = NONE,
        pace: float = 0.012,
    ) -> None:
        """Press at the first point of a path in the widget, follow it in small steps, and let go."""
        QApplication.sendPostedEvents()  # a layout that is due would move the widget from under the mouse
        window = widget.window()
        points = [widget.mapTo(window, point.toPoint()) for point in _steps(path)]
        handle = window.windowHandle()
        QTest.mouseMove(handle, points[0])
        QTest.mousePress(handle, button, modifiers, points[0])
        for point in points[1:]:
            QTest.mouseMove(handle, point)
            self.wait(pace)
        QTest.mouseRelease(handle, button, modifiers, points[-1])
        self.wait(0.05)

    def drop(self, *paths: Path) -> None:
        """Drop files on the window."""
        window, data = self.editor.window, QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        middle = window.rect().center()
        action, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        QApplication.sendEvent(window, QDragEnterEvent(middle, action, data, buttons, NONE))
        QApplication.sendEvent(window, QDropEvent(QPointF(middle), action, data, buttons, NONE))
        self.wait(0.02)

    def answer(self, button: str, before: Callable[[], None] = lambda: None) -> None:
        """Press a button of the next dialog, once it is open; call ``before`` while it is."""

        def act() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                QTimer.singleShot(50, act)
                return
            self.wait(0.3)
            before()
            found = [b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == button]
            self.click(found[0])

        QTimer.singleShot(50, act)

    # ---- places

    def lane(self, name: str, seconds: float, value: float) -> QPointF:
        """Return the place of a value in a lane of the timeline."""
        state = self.editor.timeline.state
        return QPointF(state.axis.x_of(seconds), state.layout.row(name).y_of(value))

    def shoot(self, file: Path) -> None:
        """Photograph the screen where the window is, dialogs and all."""
        if self.editor.playback.playing:
            self.wait(0.2)
        else:
            self.until(lambda: self.editor.window.viewport.refined)
        window = self.editor.window
        corner = window.mapToGlobal(QPoint(0, 0))
        screen = window.screen()
        picture = screen.grabWindow(0, corner.x(), corner.y(), window.width(), window.height())
        picture.save(str(file), quality=90 if file.suffix == ".jpg" else -1)


def _steps(path: Sequence[QPointF]) -> list[QPointF]:
    points = [path[0]]
    for start, end in itertools.pairwise(path):
        count = max(2, int((end - start).manhattanLength() / 6))
        points += [start + (end - start) * (k / count) for k in range(1, count + 1)]
    return points
