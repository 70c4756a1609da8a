"""The clock leads, the playhead follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.controllers.playback import Playback
from editor.session import Session
from editor.sound.clock import Motion, SilentClock
from tests.editor_factories import Watchmaker, give_track, messages, open_session


@pytest.fixture
def session() -> Session:
    return open_session()


@pytest.fixture
def maker() -> Watchmaker:
    return Watchmaker()


@pytest.fixture
def playback(session: Session, maker: Watchmaker) -> Playback:
    playback = Playback(session, maker.open)
    session.audio_changed.emit()  # the recording was there before
    return playback


def test_late_frames_are_left_out_and_time_never_drifts(
    playback: Playback, session: Session, maker: Watchmaker
) -> None:
    playback.toggle()
    began = maker.now
    for late in (0.016, 0.4, 0.001, 1.3):
        maker.now += late
        playback.tick()
        assert session.playhead == pytest.approx(maker.now - began)


def test_pausing_stays_and_playing_goes_on_from_there(
    playback: Playback, session: Session, maker: Watchmaker
) -> None:
    playback.toggle()
    maker.now += 1.0
    playback.toggle()
    maker.now += 5.0
    playback.tick()
    assert session.playhead == pytest.approx(1.0)
    playback.toggle()
    maker.now += 0.5
    playback.tick()
    assert session.playhead == pytest.approx(1.5)


def test_the_end_stops_and_space_starts_over(playback: Playback, session: Session, maker: Watchmaker) -> None:
    playback.toggle()
    maker.now += 9.0
    playback.tick()
    assert not playback.playing
    assert session.playhead == pytest.approx(4.0)
    playback.toggle()
    maker.now += 0.25
    playback.tick()
    assert session.playhead == pytest.approx(0.25)


def test_looping_stays_within_the_range(playback: Playback, session: Session, maker: Watchmaker) -> None:
    session.history.apply("range", lambda d: d.__class__(loop=(1.0, 2.0)))
    session.set_looping(True)
    playback.toggle()
    assert_positions = [(0.25, 1.25), (0.5, 1.75), (0.5, 1.25), (10.0, 1.25)]
    for passed, expected in assert_positions:
        maker.now += passed
        playback.tick()
        assert session.playhead == pytest.approx(expected)
    assert playback.playing


def test_a_range_that_changes_while_playing_holds_at_once(
    playback: Playback, session: Session, maker: Watchmaker
) -> None:
    session.set_looping(True)
    playback.toggle()
    maker.now += 1.0
    playback.tick()
    session.history.apply("range", lambda d: d.__class__(loop=(0.5, 1.5)))
    maker.now += 0.75
    playback.tick()
    assert session.playhead == pytest.approx(0.75)


def test_shuttling_steps_through_the_speeds_and_turns_round(playback: Playback, session: Session) -> None:
    session.move_to(2.0)
    speeds = []
    for direction in (1, 1, 1, 1, -1, -1):
        playback.shuttle(direction)
        speeds.append(playback.speed)
    assert speeds == [1.0, 2.0, 4.0, 4.0, -1.0, -2.0]


def test_shuttling_backward_ends_at_the_start(
    playback: Playback, session: Session, maker: Watchmaker
) -> None:
    session.move_to(1.0)
    playback.shuttle(-1)
    maker.now += 3.0
    playback.tick()
    assert session.playhead == 0.0
    assert not playback.playing


def test_steps_land_on_frames_and_sound(playback: Playback, session: Session, maker: Watchmaker) -> None:
    session.move_to(1.013)
    playback.step(1)
    assert session.playhead == pytest.approx(31 / 30)
    playback.step(-10)
    assert session.playhead == pytest.approx(21 / 30)
    assert maker.grains == pytest.approx([31 / 30, 21 / 30])


def test_scrubbing_pauses_and_sounds_what_is_under_the_playhead(
    playback: Playback, session: Session, maker: Watchmaker
) -> None:
    playback.toggle()
    playback.scrub_begin(1.0)
    playback.scrub(2.5)
    playback.scrub(99.0)
    assert not playback.playing
    assert maker.grains == pytest.approx([1.0, 2.5, 4.0])


def test_keys_of_the_chosen_lane_are_jumped_to(playback: Playback, session: Session) -> None:
    give_track(session, "joy", [(0.5, 0.1), (1.5, 0.9)])
    give_track(session, "anger", [(1.0, 0.1)])
    session.choose_lane("joy")
    visited = []
    for direction in (1, 1, 1, -1):
        playback.go_to_key(direction)
        visited.append(session.playhead)
    assert visited == pytest.approx([0.5, 1.5, 1.5, 0.5])
    session.choose_lane("intensity")  # has no keys: those of all lanes count
    playback.go_to_key(1)
    assert session.playhead == pytest.approx(1.0)


class Unplugged(SilentClock):
    """A device that goes away."""

    lost = True


def test_a_device_that_goes_away_is_replaced_by_silence(session: Session) -> None:
    said = messages(session)
    playback = Playback(session, lambda _clip: Unplugged())
    session.audio_changed.emit()
    playback.toggle()
    playback.tick()
    assert playback.playing
    assert playback.clock.label.startswith("Silent")
    assert len(said) == 1


def test_without_a_recording_nothing_plays(maker: Watchmaker) -> None:
    playback = Playback(Session({}), maker.open)
    playback.toggle()
    assert not playback.playing


@given(
    st.floats(0, 10), st.sampled_from([1.0, 2.0, 4.0, -1.0, -2.0]), st.floats(0, 100), st.floats(0, 5),
    st.floats(0.1, 5),
)  # fmt: skip
def test_a_looped_motion_never_leaves_its_range_once_inside(
    start: float, speed: float, elapsed: float, near: float, length: float
) -> None:
    loop = (near, near + length)
    position = Motion(start, speed, loop).at(elapsed)
    if speed > 0:
        assert position < loop[1] + 1e-9
        assert position >= min(start, near) - 1e-9
    else:
        assert position >= near - 1e-9
        assert position <= max(start, loop[1]) + 1e-9
