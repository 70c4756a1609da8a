"""The face in a window of its own, beside the real editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.paths import DEMO_CLIP
from editor.app import Editor
from editor.views.preferences import Preferences
from editor.views.second_window import SecondWindow
from tests.qt.editor_person import Person


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    monkeypatch.setenv("EDITABLE_LIPSYNC_CACHE", str(tmp_path / "cache"))
    editor = Editor(Preferences(tmp_path / "preferences.ini"), tmp_path / "state")
    made = Person(editor)
    editor.start(None)
    editor.window.resize(1000, 700)
    made.until(lambda: editor.session.rig is not None)
    made.drop(DEMO_CLIP)
    made.until_loaded()
    yield made
    editor.window.may_close = lambda: True
    editor.close()
    editor.window.deleteLater()
    made.wait(0.05)


def on_screen(widget: QWidget) -> NDArray[np.int16]:
    """Return what the screen shows where a widget is, (H, W, 3)."""
    origin = widget.mapToGlobal(widget.rect().topLeft())
    shot = widget.screen().grabWindow(0, origin.x(), origin.y(), widget.width(), widget.height())
    image = shot.toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.asarray(image.constBits()).reshape(image.height(), image.width(), 4)
    return pixels[..., :3].astype(np.int16)


def shows_a_face(widget: QWidget) -> bool:
    """Tell whether there is skin in the middle, and not one colour all over."""
    middle = on_screen(widget)[widget.height() // 2, widget.width() // 3 : widget.width() * 2 // 3]
    return bool((middle.max(axis=1) > 120).mean() > 0.3)


def test_both_windows_show_the_face_and_follow_the_playhead(person: Person) -> None:
    window, session = person.editor.window, person.editor.session
    person.press("Ctrl+2")
    (second,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, SecondWindow) and w.isVisible())
    second.resize(400, 400)
    second.move(window.width() + 20, 0)
    person.until(lambda: shows_a_face(second))
    person.editor.playback.go(0.0)
    person.until(lambda: shows_a_face(window.viewport))
    assert on_screen(window.emotions).max() > 150  # the panels are there, too: not a black window
    before = on_screen(second)
    person.editor.playback.go(2.7)
    person.until(lambda: (np.abs(on_screen(second) - before).max(axis=2) > 40).mean() > 0.003)
    person.until(lambda: shows_a_face(window.viewport))

    QTest.keyClick(second.windowHandle(), Qt.Key.Key_Space)  # on the second screen, too, Space plays
    person.until(lambda: session.playhead > 2.9)
    assert person.editor.playback.playing
    person.editor.playback.pause()
    second.close()
    person.until(lambda: shows_a_face(window.viewport))
    person.press("Ctrl+2")
    person.until(lambda: shows_a_face(second))
