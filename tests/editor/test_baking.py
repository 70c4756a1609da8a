"""Life baked to keys: the same face, one entry, and nothing where there is nothing."""

from __future__ import annotations

import numpy as np

from core.audio import load_audio
from core.curve import Curve
from core.document import Document
from core.library import default_rig
from core.neutral import Neutral
from core.paths import DEMO_CLIP
from core.peaks import Peaks
from editor.controllers.baking import Baking
from editor.session import Session
from emotion.voice import voice_of
from tests.editor_factories import AtOnce, messages


def living() -> Session:
    session, clip = Session({}), load_audio(DEMO_CLIP)
    session.set_rig(default_rig())
    session.set_audio(clip, Peaks(clip))
    channels = default_rig().channels
    session.set_neutral(Neutral(60.0, channels, np.zeros((540, len(channels)), np.float32)), ())
    session.set_voice(voice_of(clip))
    session.history.apply("live", alive)
    return session


def alive(document: Document) -> Document:
    for key in ("life.blinks", "life.gaze", "life.head", "life.breath"):
        document = document.with_parameter(key, Curve.constant(1.0))
    return document


def poses(session: Session, times: np.ndarray) -> np.ndarray:
    found = [session.pose(time) for time in times.tolist()]
    return np.stack([vertices for vertices in found if vertices is not None])


def test_the_face_is_the_same_before_and_after() -> None:
    session = living()
    times = np.arange(0.0, 8.0, 0.13)
    before = poses(session, times)
    Baking(session, AtOnce()).bake()
    assert session.history.undo_label == "Bake life to keys"
    assert session.document.offsets
    assert len(session.document.parameter("head.yaw")) > 2
    moved = np.abs(poses(session, times) - before).max()
    assert moved < 1.5  # millimetres, at the crown and in the fastest blink
    session.history.undo()
    assert session.document.number("life.gaze") == 1.0


def test_nothing_alive_is_no_entry() -> None:
    session = living()
    session.history.undo()
    Baking(session, AtOnce()).bake()
    assert session.history.undo_label is None


def test_an_edit_meanwhile_is_not_lost() -> None:
    session, jobs = living(), AtOnce()
    said = messages(session)
    jobs.hold()
    Baking(session, jobs).bake()
    session.history.apply("edit", lambda d: d.with_parameter("head.roll", Curve.constant(5.0)))
    jobs.release()
    assert session.history.undo_label == "edit"
    assert "changed" in said[-1]
