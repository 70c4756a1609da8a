"""Killed in the middle of the work: the next start brings it back."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from core.document import lane_curve
from editor.app import Editor
from editor.views.preferences import Preferences
from tests.qt.editor_person import Person

ROOT = Path(__file__).resolve().parents[2]

WORK = """
import os, signal, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from editor.app import Editor
from editor.views.preferences import Preferences
from tests.qt.editor_person import Person
app = QApplication([])
state = Path(sys.argv[1])
editor = Editor(Preferences(state / "p.ini"), state)
person = Person(editor)
editor.start(None)
person.wait(0.1)
editor.curves.set_value("joy", 0.75)
person.until(lambda: list((state / "autosave").glob("*.autosave")))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_editor_loses_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(tmp_path)], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    editor = Editor(Preferences(tmp_path / "p.ini"), tmp_path)
    person = Person(editor)
    person.answer("Recover")
    editor.start(None)
    person.until(lambda: editor.session.document.tracks)
    assert lane_curve(editor.session.document, "joy").values.tolist() == [0.75]
    assert editor.window.isWindowModified()
    assert "not saved" in editor.window.message.text.text()
    editor.window.may_close = lambda: True
    editor.close()
    editor.window.deleteLater()
    assert list((tmp_path / "autosave").glob("*.autosave")) == []
