"""Edits of lanes as entries of the history."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.curve import Curve
from core.document import lane_curve
from core.library import blends, emotions
from editor import palette
from editor.controllers.curves import Curves
from editor.session import Session
from tests.editor_factories import give_track, open_session

LIBRARY = {emotion.name: emotion for emotion in emotions()}


@pytest.fixture
def session() -> Session:
    return open_session()


@pytest.fixture
def curves(session: Session) -> Curves:
    return Curves(session, LIBRARY)


def test_lanes_show_speech_first_then_what_was_added(session: Session, curves: Curves) -> None:
    assert [lane.name for lane in curves.lanes()] == ["intensity"]
    for lane in ("joy", "intensity jaw", "offset jawOpen"):
        curves.add_lane(lane)
    lanes = curves.lanes()
    assert [lane.name for lane in lanes] == ["intensity", "intensity jaw", "joy", "offset jawOpen"]
    assert [lane.label for lane in lanes] == ["Speech", "Speech: jaw", LIBRARY["joy"].label, "jawOpen"]
    assert [lane.removable for lane in lanes] == [False, True, True, True]
    assert lanes[2].colour == LIBRARY["joy"].colour
    assert session.lane == "offset jawOpen"


def test_lanes_of_the_users_shapes_have_colours_of_their_own(session: Session, curves: Curves) -> None:
    rig = session.rig
    assert rig is not None
    session.set_shapes({"grin": rig.mesh.vertices, "scowl_big": rig.mesh.vertices})
    colours = [curves.colour(name) for name in ("grin", "scowl_big")]
    assert colours == list(palette.SHAPES[:2])
    assert curves.label("scowl_big") == "Scowl big"
    assert {"grin", "scowl_big"} <= set(curves.missing())


def test_a_gesture_of_many_edits_is_one_entry(session: Session, curves: Curves) -> None:
    curves.add_lane("joy")
    before = session.document
    curves.begin("Paint joy")
    for value in (0.1, 0.2, 0.3):
        curves.set_curve("joy", Curve.constant(value))
    curves.commit()
    assert session.history.undo_label == "Paint joy"
    session.history.undo()
    assert session.document == before


def test_a_value_is_keyed_on_the_frame_at_the_playhead(session: Session, curves: Curves) -> None:
    session.move_to(1.012)  # between frames 30 and 31
    curves.set_value("joy", 0.6)
    curve = lane_curve(session.document, "joy")
    assert curve.times == pytest.approx([1.0])
    assert curve.values == pytest.approx([0.6])
    curves.set_value("joy", 9.0)
    assert lane_curve(session.document, "joy").values == pytest.approx([1.5])


def test_the_first_key_of_a_part_keeps_what_was_there(session: Session, curves: Curves) -> None:
    curves.set_value("intensity jaw", 0.5)
    assert float(lane_curve(session.document, "intensity jaw")(3.0)) == pytest.approx(0.5)
    assert float(lane_curve(session.document, "intensity lips")(3.0)) == pytest.approx(1.0)


def test_keying_here_keeps_the_curve_where_it_is(session: Session, curves: Curves) -> None:
    give_track(session, "joy", [(0.0, 0.0), (2.0, 1.0)])
    session.choose_lane("joy")
    session.move_to(1.0)
    value = float(lane_curve(session.document, "joy")(1.0))
    curves.key_here()
    keyed = lane_curve(session.document, "joy")
    assert len(keyed) == 3
    assert float(keyed(1.0)) == pytest.approx(value)


def test_a_locked_lane_refuses_and_leaves_no_entry(session: Session, curves: Curves) -> None:
    curves.add_lane("joy")
    curves.toggle("joy", "locked")
    label = session.history.undo_label
    curves.set_value("joy", 1.0)
    assert len(lane_curve(session.document, "joy")) == 0
    assert session.history.undo_label == label


@pytest.mark.parametrize("flag", ["muted", "solo", "locked"])
def test_flags_switch_on_and_off(session: Session, curves: Curves, flag: str) -> None:
    give_track(session, "joy", [(1.0, 0.4)])
    curves.toggle("joy", flag)
    track = session.document.track("joy")
    assert [track.muted, track.solo, track.locked] == [name == flag for name in ("muted", "solo", "locked")]
    assert track.curve == Curve.of([(1.0, 0.4)])
    curves.toggle("joy", flag)
    assert not getattr(session.document.track("joy"), flag)


def test_removing_the_chosen_lane_chooses_speech(session: Session, curves: Curves) -> None:
    for lane in ("joy", "intensity lips", "offset jawOpen"):
        curves.add_lane(lane)
        curves.remove_lane(lane)
        assert session.lane == "intensity"
    assert [lane.name for lane in curves.lanes()] == ["intensity"]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([(0, 1.0), (1, 3.0)], (1.0, 3.0)),
        ([(1, 3.0)], (0.0, 3.0)),
        ([(0, 1.0), (1, 2.0), (0, 3.0)], (3.0, 4.0)),
        ([(0, 3.0), (1, 1.0)], (0.0, 1.0)),
    ],
)
def test_in_and_out_points(
    session: Session, curves: Curves, marks: list[tuple[int, float]], expected: tuple[float, float]
) -> None:
    for end, seconds in marks:
        session.move_to(seconds)
        curves.mark(end)
    assert session.document.loop == pytest.approx(expected)


def test_the_frame_rate_moves_no_key(session: Session, curves: Curves) -> None:
    give_track(session, "joy", [(1.0 / 30, 0.2), (2.5, 0.8)])
    curve = lane_curve(session.document, "joy")
    curves.set_fps(24.0)
    assert lane_curve(session.document, "joy") == curve


LANES = ("intensity", "intensity jaw", "joy", "anger", "offset jawOpen")
EDITS: dict[str, Callable[[Curves, str, float], None]] = {
    "value": lambda c, lane, x: c.set_value(lane, x),
    "add": lambda c, lane, _: c.add_lane(lane),
    "remove": lambda c, lane, _: c.remove_lane(lane) if lane != "intensity" else None,
    "mute": lambda c, lane, _: c.toggle(lane, "muted"),
    "fps": lambda c, _, x: c.set_fps(24.0 + round(x)),
}


STEP = st.tuples(st.sampled_from(sorted(EDITS)), st.sampled_from(LANES), st.floats(0, 1.5))


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(EDITS)), st.sampled_from(LANES), st.floats(0, 1.5)), max_size=12
    )
)
def test_undo_leads_back_to_the_start_and_redo_to_the_end(steps: list[tuple[str, str, float]]) -> None:
    session = open_session(1.0)
    curves, start = Curves(session, LIBRARY), session.document
    for name, lane, value in steps:
        session.move_to(value / 2)
        EDITS[name](curves, lane, value)
    end = session.document
    while session.history.undo_label:
        session.history.undo()
    assert session.document == start
    while session.history.redo_label:
        session.history.redo()
    assert session.document == end


def test_a_blend_is_keyed_whole_and_as_one_entry(session: Session, curves: Curves) -> None:
    give_track(session, "anger", [(0.0, 0.8), (4.0, 0.8)])
    session.move_to(2.0)
    curves.key_blend("Bittersweet")
    document = session.document
    for emotion, value in blends()["Bittersweet"].items():
        assert document.track(emotion).curve(2.0) == pytest.approx(value)
    assert document.track("anger").curve(2.0) == 0.0
    assert document.track("anger").curve(0.0) == pytest.approx(0.8)
    assert session.history.undo_label == "Key Bittersweet"
    session.history.undo()
    assert [track.name for track in session.document.tracks] == ["anger"]


def test_a_blend_leaves_locked_lanes_alone(session: Session, curves: Curves) -> None:
    give_track(session, "joy", [(0.0, 0.9)])
    curves.toggle("joy", "locked")
    session.move_to(2.0)
    curves.key_blend("Bittersweet")
    assert len(session.document.track("joy").curve) == 1


def test_blends_are_of_emotions_that_exist() -> None:
    for mix in blends().values():
        assert set(mix) <= set(LIBRARY)
        assert all(0 < value <= 1 for value in mix.values())
