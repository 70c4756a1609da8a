"""Lipsync in the background: asked for when something changed, the playhead's window first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.audio import load_audio
from core.curve import Curve
from core.document import Track
from core.inference.cache import NeutralCache
from core.library import default_rig, emotion_poses
from core.neutral import Neutral
from core.paths import DEMO_CLIP
from core.peaks import Peaks
from editor.controllers.inference import SLOT, Inference
from editor.session import SILENT, Session
from tests.editor_factories import AtOnce, tone


class Desk:
    """A session on the default head, listening with the default model."""

    def __init__(self, folder: Path) -> None:
        self.session, self.jobs = Session({}), AtOnce()
        self.session.set_rig(default_rig())
        self.cache = NeutralCache(folder / "cache")
        self.inference = Inference(self.session, self.jobs, self.cache)

    def open(self, seconds: float) -> None:
        clip = tone(seconds)
        self.session.set_audio(clip, Peaks(clip))

    @property
    def asked(self) -> int:
        return len([job for job in self.jobs.started if job.slot == SLOT])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_recording_is_listened_to_and_the_result_is_kept_on_disk(desk: Desk, tmp_path: Path) -> None:
    desk.open(2.0)
    assert desk.session.ready == ((0.0, 2.0),)
    assert desk.session.neutral.duration == pytest.approx(2.0, abs=0.05)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_painting_never_asks_again_but_a_setting_of_the_speech_does(desk: Desk) -> None:
    desk.open(1.0)
    for label, edit in (
        ("paint", lambda d: d.with_setting("emotion.protect", "0.5")),
        ("rate", lambda d: d.__class__(fps=24.0)),
    ):
        desk.session.history.apply(label, edit)
    assert desk.asked == 1
    desk.session.history.apply("rest", lambda d: d.with_setting("speech.rest", "natural"))
    assert desk.asked == 2
    desk.session.history.undo()
    assert desk.asked == 3


def test_the_window_at_the_playhead_is_shown_before_the_rest(desk: Desk) -> None:
    seen: list[tuple[tuple[float, float], ...]] = []
    desk.jobs.hold()
    desk.open(65.0)
    desk.session.move_to(30.0)
    desk.inference.again()  # as the playhead stands now
    desk.session.ready_changed.connect(lambda: seen.append(desk.session.ready))
    desk.jobs.release()
    first = seen[0][0]
    assert first[0] <= 30.0 < first[1] < 65.0
    assert seen[-1] == ((0.0, 65.0),)


def test_what_is_not_ready_yet_rests_and_what_is_ready_is_final(desk: Desk) -> None:
    parts: list[tuple[Neutral, float]] = []

    def note() -> None:
        if desk.session.ready:
            parts.append((desk.session.neutral, desk.session.ready[0][1]))

    desk.session.ready_changed.connect(note)
    desk.open(45.0)
    (beginning, end), (whole, _) = parts[-2:]
    frames = round(end * whole.fps)
    assert not beginning.weights[frames:].any()
    settled = frames - round(2.0 * whole.fps)  # what is smoothed as a whole may differ near the seam
    np.testing.assert_allclose(beginning.weights[:settled], whole.weights[:settled], atol=1e-3)


def test_no_recording_is_silence(desk: Desk) -> None:
    desk.open(1.0)
    desk.session.set_audio(None, None)
    assert desk.session.neutral is SILENT
    assert desk.session.ready == ()


def test_an_unknown_model_is_an_error_and_the_face_rests(desk: Desk) -> None:
    desk.open(1.0)
    desk.session.history.apply("model", lambda d: d.__class__(model="no such model"))
    assert len(desk.jobs.errors) == 1 and "no such model" in str(desk.jobs.errors[0])
    assert desk.session.neutral is SILENT


def test_emotions_follow_the_speech_once_a_network_has_made_them(tmp_path: Path) -> None:
    session, jobs = Session(emotion_poses()), AtOnce()
    session.set_rig(default_rig())
    listening = Inference(session, jobs, NeutralCache(tmp_path / "cache"))
    clip = load_audio(DEMO_CLIP)
    session.set_audio(clip, Peaks(clip))
    brow = "browInnerUp"
    jobs.hold()
    session.history.apply("add", lambda d: d.with_track(Track("sadness", Curve.constant(1.0))))
    pose = emotion_poses()["sadness"][brow]
    held = [session.channel_values(second)[brow] for second in np.arange(1.0, 7.0, 0.5)]
    assert held == pytest.approx([pose] * len(held), abs=1e-5)  # no edit waits for a network
    jobs.release()
    worn = [session.channel_values(second)[brow] for second in np.arange(1.0, 7.0, 0.5)]
    assert np.ptp(worn) > 0.03
    assert listening is not None
    jobs.started.clear()
    session.history.apply("paint", lambda d: d.with_track(Track("sadness", Curve.constant(0.5))))
    assert not [job for job in jobs.started if job.slot == "residuals"]
    session.history.apply("hold", lambda d: d.with_setting("emotion.residual", "constant"))
    assert session.channel_values(2.0)[brow] == pytest.approx(0.5 * pose, abs=1e-5)
