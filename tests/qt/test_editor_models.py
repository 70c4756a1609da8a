"""A network that somebody trained: dropped once, it speaks and stays in the menu of models."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from core.channels import CHANNELS
from core.inference.models import known_models
from core.inference.remembered import LIST_VARIABLE
from core.inference.request import SPEAKER
from core.paths import DEMO_CLIP
from editor.app import Editor
from editor.background import Job, Report
from editor.controllers.inference import SLOT as LIPSYNC
from editor.session import SILENT
from editor.views.preferences import Preferences
from tests.networks import open_jaw
from tests.qt.editor_person import Person


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return open_jaw(tmp_path / "mine.safetensors", 0.3, ("Ann", "Bo"))


@contextmanager
def someone_at_the_editor(folder: Path) -> Iterator[Person]:
    """Start the editor afresh, with what earlier ones left in the folder."""
    editor = Editor(Preferences(folder / "preferences.ini"), folder / "state")
    made = Person(editor)
    editor.start(None)
    made.until(lambda: editor.session.rig is not None)
    yield made
    editor.window.may_close = lambda: True
    editor.close()
    editor.window.deleteLater()
    made.wait(0.05)


@pytest.fixture
def folder(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EDITABLE_LIPSYNC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv(LIST_VARIABLE, str(tmp_path / "lists" / "models.json"))
    return tmp_path


@pytest.fixture
def person(folder: Path) -> Iterator[Person]:
    with someone_at_the_editor(folder) as made:
        yield made


def titles(person: Person) -> list[str]:
    menu = person.editor.window.speech.model
    return [menu.itemText(k) for k in range(menu.count())]


def speaks(person: Person, model: str) -> None:
    session = person.editor.session
    person.until(lambda: session.is_ready and session.neutral.model == model)


def choose(person: Person, box: QComboBox, key: Qt.Key) -> None:
    """Choose from a menu by the keyboard."""
    box.setFocus()
    QTest.keyClick(box, key)
    person.wait(0.02)


def test_a_dropped_network_speaks_and_stays_in_the_menu(person: Person, own: Path) -> None:
    session, menu = person.editor.session, person.editor.window.speech.model
    person.drop(DEMO_CLIP)
    person.until_loaded()
    jaw = CHANNELS.index("jawOpen")
    person.drop(own)
    person.until(lambda: session.neutral is not None and session.neutral.model == "mine")
    assert session.neutral is not None
    np.testing.assert_allclose(session.neutral.weights[:, jaw], 0.3, atol=1e-3)
    assert titles(person) == ["default", "mine"]
    assert menu.currentText() == "mine"
    manner = person.editor.window.speech.speaker
    assert [manner.itemText(k) for k in range(manner.count())] == ["Nobody's", "Ann", "Bo"]
    assert not person.editor.window.speech.form.isRowVisible(person.editor.window.speech.rest)
    choose(person, manner, Qt.Key.Key_End)
    assert session.document.settings[SPEAKER] == "Bo"
    assert person.editor.status.model.text() == "Lips: mine as Bo"
    person.until_loaded()
    assert person.editor.window.speech.form.isRowVisible(manner)
    assert manner.currentText() == "Bo"
    choose(person, menu, Qt.Key.Key_Home)
    speaks(person, "default")
    assert person.editor.status.model.text() == "Lips: default"
    assert person.editor.window.speech.form.isRowVisible(person.editor.window.speech.rest)
    assert session.document.model == "default"
    assert SPEAKER not in session.document.settings
    assert not person.editor.window.speech.form.isRowVisible(manner)
    assert titles(person) == ["default", "mine"]  # still there to go back to
    assert known_models()[str(own)] == "mine"
    own.unlink()
    assert list(known_models()) == ["default"]  # what is gone is not offered


def test_a_checkpoint_is_compared_with_the_default_while_it_plays(person: Person, own: Path) -> None:
    editor, session = person.editor, person.editor.session
    person.drop(DEMO_CLIP)
    person.until_loaded()
    person.drop(own)
    speaks(person, "mine")
    person.press("Space")
    person.until(lambda: session.playhead > 0.3)
    before = session.document
    for model in ("default", "mine"):
        person.press("C")
        speaks(person, model)
        assert editor.status.model.text() == f"Lips: {model}"
        assert editor.playback.playing
    person.press("Space")
    assert session.document == before
    assert editor.actions["undo"].text() == "Undo Speak with mine"


def test_a_damaged_file_leaves_lips_menu_and_undo_alone(person: Person, own: Path, tmp_path: Path) -> None:
    window, session = person.editor.window, person.editor.session
    person.drop(DEMO_CLIP)
    person.until_loaded()
    shown = session.neutral
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(own.read_bytes()[:3000])
    person.drop(damaged)
    person.until(window.message.isVisible)
    assert "damaged.safetensors: damaged" in window.message.text.text()
    assert session.neutral is shown
    assert not person.editor.actions["undo"].text().endswith("damaged")
    window.speech.model.showPopup()
    window.speech.model.hidePopup()
    assert titles(person) == ["default"]


def test_the_next_day_the_model_was_moved(folder: Path, own: Path) -> None:
    project = folder / "shot.lipsync"
    with someone_at_the_editor(folder) as person:
        person.drop(DEMO_CLIP)
        person.until_loaded()
        person.drop(own)
        speaks(person, "mine")
        choose(person, person.editor.window.speech.speaker, Qt.Key.Key_End)
        person.until_loaded()
        person.editor.session.set_project(project)
        person.press("Ctrl+S")
    (folder / "archive").mkdir()
    moved = own.rename(folder / "archive" / own.name)

    with someone_at_the_editor(folder) as person:
        window, session = person.editor.window, person.editor.session
        person.drop(project)
        person.until(window.message.isVisible)
        assert "mine.safetensors is missing" in window.message.text.text()
        assert titles(person) == ["default", "mine (missing)"]
        assert person.editor.status.model.text() == "Lips: mine (missing) as Bo"
        assert session.document.settings[SPEAKER] == "Bo"
        person.drop(moved)
        speaks(person, "mine")
        assert person.editor.status.model.text() == "Lips: mine as Bo"
        assert not window.message.isVisible()
        person.press("Ctrl+S")

    with someone_at_the_editor(folder) as person:
        person.drop(project)
        person.until_loaded()
        assert person.editor.session.document.model == str(moved)
        assert not person.editor.window.message.isVisible()


def test_lips_that_were_stopped_rest_and_can_be_asked_for_again(person: Person, own: Path) -> None:
    editor, session = person.editor, person.editor.session
    person.drop(DEMO_CLIP)
    person.until_loaded()
    editor.tasks.start(Job(LIPSYNC, "Endless", _endless))
    work = editor.status.work
    person.until(lambda: work.cancel.isVisible() and work.title.text() == "Endless")
    person.click(work.cancel)
    assert session.neutral is SILENT
    assert "Make lipsync again" in editor.window.message.text.text()
    editor.actions["listen-again"].trigger()
    person.until_loaded()
    assert not editor.window.message.isVisible()


def _endless(report: Report) -> None:
    while True:
        report.progress(0.0)
        time.sleep(0.005)
