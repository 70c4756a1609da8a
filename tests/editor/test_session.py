"""What is open, and what moves the face."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.curve import Curve
from core.document import Track
from core.peaks import Peaks
from editor.session import SILENT, Session
from tests.editor_factories import give_track, messages, open_session, tone
from tests.factories import mouth_rig


def test_the_pose_is_what_an_export_of_that_moment_holds() -> None:
    session = open_session()
    give_track(session, "joy", [(0.0, 0.2), (2.0, 1.0)])
    assert session.performance is not None
    take = session.performance.take()
    frames = np.concatenate(list(take.blocks()))
    for k in (0, 7, 31):
        np.testing.assert_array_equal(session.pose(float(take.times[k])), frames[k])


def test_without_a_head_there_is_no_pose() -> None:
    assert Session({}).pose(0.0) is None
    assert Session({}).channel_values(0.0) == {}


def test_a_new_recording_forgets_the_lipsync_of_the_one_before() -> None:
    session = open_session()
    clip = tone(1.0)
    session.move_to(3.5)
    session.set_audio(clip, Peaks(clip))
    assert session.neutral is SILENT
    assert session.ready == ()
    assert session.playhead == pytest.approx(1.0)


def test_an_emotion_that_is_not_at_hand_waits_without_breaking_the_face() -> None:
    session = open_session()
    said = messages(session)
    still = session.pose(0.5)
    session.history.apply("add", lambda d: d.with_track(Track("grin", Curve.constant(1.0))))
    np.testing.assert_array_equal(session.pose(0.5), still)
    assert said == []
    session.set_shapes({"grin": np.full_like(mouth_rig().mesh.vertices, 3.0)})
    moved = session.pose(0.5)
    assert moved is not None and still is not None
    assert np.abs(moved - still).max() == pytest.approx(3.0, abs=1e-5)


def test_a_setting_out_of_range_becomes_a_message_and_the_face_stays() -> None:
    session = open_session()
    give_track(session, "joy", [(1.0, 0.5)])  # without emotions there is nothing to protect from
    said, before = messages(session), session.performance
    session.history.apply("set", lambda d: d.with_setting("emotion.protect", "seven"))
    assert session.performance is before
    assert len(said) == 1 and "emotion.protect" in said[0]


def test_every_edit_is_seen_at_once() -> None:
    session = open_session()
    seen: list[float] = []
    session.face_changed.connect(lambda: seen.append(session.channel_values(1.0)["mouthSmileLeft"]))
    for value in (0.25, 0.5):
        give_track(session, "joy", [(1.0, value)])
    session.history.undo()
    assert seen == pytest.approx([0.25, 0.5, 0.25])


@given(st.floats(-5, 20), st.sampled_from([24.0, 25.0, 29.97, 60.0]))
def test_snapping_finds_the_nearest_frame_within_the_recording(seconds: float, fps: float) -> None:
    session = Session({})
    session.audio = tone(4.0)
    session.history.reset(session.document.__class__(fps=fps))
    snapped = session.snapped(seconds)
    assert 0.0 <= snapped <= 4.0
    assert snapped * fps == pytest.approx(round(snapped * fps), abs=1e-6)
    if 0.0 <= seconds <= 4.0 - 1 / fps:
        assert abs(snapped - seconds) <= 0.5 / fps + 1e-9


def test_the_stage_is_built_once_a_recording_and_not_for_each_edit() -> None:
    session = open_session()
    assert session.performance is not None
    stage = session.performance.stage
    give_track(session, "joy", [(1.0, 0.5)])
    assert session.performance.stage is stage
    session.set_rig(mouth_rig(11))
    assert session.performance.stage is not stage
