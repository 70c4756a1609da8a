"""A network that somebody trained: dropped once, it speaks and stays in the menu of models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot

from core.channels import CHANNELS
from core.inference.models import known_models
from core.inference.remembered import LIST_VARIABLE
from core.inference.request import SPEAKER
from core.paths import DEMO_CLIP
from editor.app import Editor
from editor.views.preferences import Preferences
from models.toolbox.motion_model import MotionCard, MotionModel, save_motion_model
from models.training.datasets.arkit import CHANNELS as COLUMNS
from tests.qt.editor_person import Person


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A network with a jaw that stands open by 0.3, whatever it hears."""
    torch.manual_seed(0)
    card = MotionCard(
        "mine",
        "recurrent",
        {"width": 8},
        "arkit",
        COLUMNS,
        30.0,
        "own",
        "none",
        "mel",
        speakers=("Ann", "Bo"),
    )
    mean = np.zeros(len(COLUMNS), np.float32)
    mean[COLUMNS.index("jawOpen")] = 0.3
    model = MotionModel(card, card.built(len(mean)).eval(), mean, np.full(len(mean), 1e-6, np.float32))
    save_motion_model(tmp_path / "mine.safetensors", model)
    return tmp_path / "mine.safetensors"


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    monkeypatch.setenv("EDITABLE_LIPSYNC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv(LIST_VARIABLE, str(tmp_path / "lists" / "models.json"))
    editor = Editor(Preferences(tmp_path / "preferences.ini"), tmp_path / "state")
    made = Person(editor)
    editor.start(None)
    made.until(lambda: editor.session.rig is not None)
    yield made
    editor.window.may_close = lambda: True
    editor.close()
    editor.window.deleteLater()
    made.wait(0.05)


def test_a_dropped_network_speaks_and_stays_in_the_menu(person: Person, own: Path) -> None:
    session, menu = person.editor.session, person.editor.window.speech.model
    person.drop(DEMO_CLIP)
    person.until_loaded()
    jaw = CHANNELS.index("jawOpen")
    person.drop(own)
    person.until(lambda: session.neutral is not None and session.neutral.model == "mine")
    assert session.neutral is not None
    np.testing.assert_allclose(session.neutral.weights[:, jaw], 0.3, atol=1e-3)
    assert [menu.itemText(k) for k in range(menu.count())] == ["default", "mine"]
    assert menu.currentText() == "mine"
    manner = person.editor.window.speech.speaker
    assert [manner.itemText(k) for k in range(manner.count())] == ["Nobody's", "Ann", "Bo"]
    manner.setCurrentIndex(2)
    manner.activated.emit(2)
    assert session.document.settings[SPEAKER] == "Bo"
    person.until_loaded()
    assert person.editor.window.speech.form.isRowVisible(manner)
    assert manner.currentText() == "Bo"
    menu.setCurrentIndex(0)
    menu.activated.emit(0)
    person.until(lambda: session.neutral is not None and session.neutral.model == "default")
    assert session.document.model == "default"
    assert SPEAKER not in session.document.settings
    assert not person.editor.window.speech.form.isRowVisible(manner)
    assert [menu.itemText(k) for k in range(menu.count())] == ["default", "mine"]  # still there to go back to
    assert known_models()[str(own)] == "mine"
    own.unlink()
    assert list(known_models()) == ["default"]  # what is gone is not offered
