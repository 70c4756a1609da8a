"""Opening, choosing and comparing speech models: what cannot speak changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.channels import CHANNELS
from core.inference.cache import NeutralCache
from core.inference.models import known_models
from core.inference.remembered import LIST_VARIABLE, remember_model
from core.inference.request import SPEAKER
from core.peaks import Peaks
from core.transcript import Transcript
from editor.controllers.inference import Inference
from editor.controllers.models import Models
from editor.session import Session
from tests.editor_factories import AtOnce, messages, tone
from tests.factories import mouth_rig
from tests.networks import no_face, open_jaw

JAW = CHANNELS.index("jawOpen")


class Desk:
    """A session with a head and a second of sound."""

    def __init__(self, folder: Path) -> None:
        self.session, self.jobs = Session({}), AtOnce()
        self.session.set_rig(mouth_rig())
        self.inference = Inference(self.session, self.jobs, NeutralCache(folder / "cache"))
        self.models = Models(self.session, self.jobs, self.inference.again)
        self.said = messages(self.session)
        clip = tone(1.0)
        self.session.set_audio(clip, Peaks(clip))

    @property
    def jaw(self) -> float:
        weights = self.session.neutral.weights
        return float(weights[:, JAW].mean()) if len(weights) else 0.0


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv(LIST_VARIABLE, str(tmp_path / "lists" / "models.json"))
    return Desk(tmp_path)


def test_a_model_that_is_opened_speaks_and_is_offered(desk: Desk, tmp_path: Path) -> None:
    own = open_jaw(tmp_path / "mine.safetensors", 0.3)
    desk.models.open(own)
    assert desk.jaw == pytest.approx(0.3, abs=1e-3)
    assert desk.session.history.undo_label == "Speak with mine"
    assert desk.models.offered() == {"default": "default", str(own): "mine"}


def test_what_cannot_speak_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(open_jaw(tmp_path / "whole.safetensors", 0.3).read_bytes()[:3000])
    before = desk.session.document, desk.session.neutral
    for file, reason in ((damaged, "damaged"), (no_face(tmp_path / "pyramid.safetensors"), "no face")):
        desk.models.open(file)
        assert reason in str(desk.jobs.errors[-1])
    assert (desk.session.document, desk.session.neutral) == before
    assert desk.session.history.undo_label is None
    assert desk.models.offered() == {"default": "default"}


def test_a_file_that_was_trained_on_speaks_anew_when_it_is_dropped_again(desk: Desk, tmp_path: Path) -> None:
    own = open_jaw(tmp_path / "mine.safetensors", 0.3)
    desk.models.open(own)
    open_jaw(own, 0.62)
    desk.models.open(own)
    assert desk.jaw == pytest.approx(0.62, abs=1e-3)
    assert desk.session.history.undo_label == "Speak with mine"


def test_comparing_goes_there_and_back_and_leaves_no_trace(desk: Desk, tmp_path: Path) -> None:
    own = open_jaw(tmp_path / "mine.safetensors", 0.3, ("Ann", "Bo"))
    desk.models.compare()  # with nothing to compare to
    assert desk.session.document.model == "default"
    desk.models.open(own)
    desk.session.history.apply("manner", lambda d: d.with_setting(SPEAKER, "Bo"))
    before = desk.session.document
    desk.models.compare()
    assert (desk.session.document.model, desk.models.title) == ("default", "default")
    assert SPEAKER not in desk.session.document.settings
    desk.models.compare()
    assert desk.session.document == before
    assert desk.models.title == "mine as Bo"
    assert desk.session.history.undo_label == "manner"


def test_a_manner_is_kept_where_the_next_model_knows_it(desk: Desk, tmp_path: Path) -> None:
    desk.models.open(open_jaw(tmp_path / "monday.safetensors", 0.3, ("Ann", "Bo")))
    desk.session.history.apply("manner", lambda d: d.with_setting(SPEAKER, "Bo"))
    desk.models.open(open_jaw(tmp_path / "tuesday.safetensors", 0.4, ("Bo", "Cy")))
    assert desk.session.document.settings[SPEAKER] == "Bo"
    desk.models.open(open_jaw(tmp_path / "friday.safetensors", 0.4, ("Cy",)))
    assert SPEAKER not in desk.session.document.settings


def test_the_lips_stay_while_another_model_listens_and_are_marked_as_not_ready(
    desk: Desk, tmp_path: Path
) -> None:
    own = open_jaw(tmp_path / "mine.safetensors", 0.3)
    desk.models.open(own)
    desk.jobs.hold()
    desk.models.choose("default")
    assert desk.jaw == pytest.approx(0.3, abs=1e-3)
    assert desk.session.ready == ()
    desk.jobs.release()
    assert desk.session.neutral.model == "default"
    assert desk.session.is_ready


def test_a_missing_model_is_said_to_be_missing_and_found_again_by_a_drop(desk: Desk, tmp_path: Path) -> None:
    own = open_jaw(tmp_path / "mine.safetensors", 0.3, ("Ann", "Bo"))
    desk.models.open(own)
    desk.session.history.apply("manner", lambda d: d.with_setting(SPEAKER, "Bo"))
    saved = desk.session.document
    (tmp_path / "archive").mkdir()
    moved = own.rename(tmp_path / "archive" / "mine.safetensors")
    desk.inference.again()
    assert "mine.safetensors is missing" in desk.said[-1]
    assert desk.jaw == 0.0
    assert desk.models.offered() == {"default": "default", str(own): "mine (missing)"}
    desk.models.open(moved)
    assert desk.jaw == pytest.approx(0.3, abs=1e-3)
    assert desk.session.document == saved.with_model(str(moved)).with_setting(SPEAKER, "Bo")
    desk.models.compare()  # not with what is missing
    assert desk.session.document.model == "default"


def test_namesakes_are_told_apart_by_their_folders(desk: Desk, tmp_path: Path) -> None:
    for place in ("a/run", "b/run", "c"):
        (tmp_path / place).mkdir(parents=True)
        remember_model(open_jaw(tmp_path / place / "best.safetensors", 0.3))
    remember_model(open_jaw(tmp_path / "default.safetensors", 0.3))
    titles = list(known_models().values())
    assert titles == ["default", f"default ({tmp_path.name})", "best (c)", "best (b/run)", "best (a/run)"]


def test_a_transcript_is_kept_for_models_that_hear_phones(desk: Desk, tmp_path: Path) -> None:
    desk.session.history.apply(
        "text", lambda d: d.__class__(transcript=Transcript("ma", "en-us"), model="default")
    )
    desk.models.open(open_jaw(tmp_path / "mine.safetensors", 0.3))
    assert desk.jaw == pytest.approx(0.3, abs=1e-3)
    assert desk.jobs.errors == []
    asked = len(desk.jobs.started)
    desk.session.history.apply("rest", lambda d: d.with_setting("speech.rest", "natural"))
    assert len(desk.jobs.started) == asked  # it has no use for that
    assert np.isfinite(desk.session.neutral.weights).all()
