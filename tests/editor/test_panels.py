"""Rows of the panels, their values at the playhead, and what dragging them does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.curve import Curve
from core.document import FileRef, lane_curve
from core.library import SHAPE, shape_of
from core.parameters import REGIONS, parameters
from editor.controllers.curves import Curves
from editor.controllers.panels import PROTECT, PanelFeed
from editor.lane_edits import SETTING
from editor.session import Session
from emotion import performance
from tests.editor_factories import give_track, open_session


@pytest.fixture
def session() -> Session:
    return open_session()


@pytest.fixture
def panels(session: Session) -> PanelFeed:
    return PanelFeed(session, Curves(session, {}))


def test_emotions_without_a_track_are_listed_and_dim(session: Session, panels: PanelFeed) -> None:
    give_track(session, "joy", [(0.0, 0.0), (2.0, 1.0)])
    assert [(row.name, row.present) for row in panels.emotion_rows()] == [("joy", True), ("anger", False)]
    session.move_to(2.0)
    assert panels.lane_values()["joy"] == pytest.approx(1.0)


def test_channels_show_what_all_layers_make_of_them(session: Session, panels: PanelFeed) -> None:
    give_track(session, "joy", [(0.0, 0.5)])
    values = panels.channel_values()
    assert values["offset mouthSmileLeft"] == pytest.approx(0.5)
    channels = [row.name for row in panels.channel_rows() if not row.name.startswith(SETTING)]
    assert set(channels) == {name for name in values if not name.startswith(SETTING)}


@pytest.mark.parametrize("wanted", [0.0, 0.3, 0.9])
def test_a_dragged_channel_gets_the_offset_that_makes_the_sum(
    session: Session, panels: PanelFeed, wanted: float
) -> None:
    give_track(session, "joy", [(0.0, 0.5)])
    lane = "offset mouthSmileLeft"
    panels.grip(lane)
    for value in (0.45, wanted):
        panels.drag(lane, value)
    session.history.commit()
    assert panels.channel_values()[lane] == pytest.approx(wanted, abs=1e-6)
    assert lane_curve(session.document, lane).values == pytest.approx([wanted - 0.5])
    session.history.undo()
    assert "mouthSmileLeft" not in session.document.offsets


def test_a_second_drag_starts_from_the_first(session: Session, panels: PanelFeed) -> None:
    lane = "offset mouthSmileLeft"
    for wanted in (0.4, 0.7):
        panels.grip(lane)
        panels.drag(lane, wanted)
        session.history.commit()
    assert panels.channel_values()[lane] == pytest.approx(0.7)
    assert len(lane_curve(session.document, lane)) == 1


def test_the_lip_seal_is_a_setting_and_one_entry(session: Session, panels: PanelFeed) -> None:
    assert PROTECT == performance.PROTECT
    row = panels.speech_rows()[-1]
    assert panels.lane_values()[row.name] == 1.0
    panels.grip(row.name)
    for value in (0.8, 0.25):
        panels.drag(row.name, value)
    session.history.commit()
    assert panels.lane_values()[SETTING + PROTECT] == pytest.approx(0.25)
    assert session.document.settings[PROTECT] == "0.250"
    session.history.undo()
    assert PROTECT not in session.document.settings


def test_the_figure_is_offered_for_the_default_head_only(session: Session, panels: PanelFeed) -> None:
    figure = SETTING + SHAPE
    assert panels.channel_rows()[0].name == figure
    assert panels.channel_values()[figure] == 0.0
    panels.grip(figure)
    panels.drag(figure, 0.4)
    session.history.commit()
    assert session.history.undo_label == "Set Figure"
    assert shape_of(session.document.settings) == pytest.approx(0.4)
    template = FileRef(Path("other.obj"), "")
    session.history.apply("Open other.obj", lambda d: replace(d, template=template))
    assert figure not in [row.name for row in panels.channel_rows()]


def test_a_setting_that_is_no_number_leaves_its_row_empty(session: Session, panels: PanelFeed) -> None:
    session.history.apply("set", lambda d: d.with_setting(PROTECT, "seven"))
    assert SETTING + PROTECT not in panels.lane_values()


def test_parameters_stand_under_their_headings(session: Session, panels: PanelFeed) -> None:
    give_track(session, "joy", [(0.0, 0.5)])
    assert "track.joy.brows" not in {row.name for row in panels.tune_rows()}
    session.choose_lane("joy")
    rows = panels.tune_rows()
    assert rows[0].heading
    assert [row.name for row in rows[1:10]] == [f"set track.joy.{region}" for region in REGIONS]
    assert {row.name for row in rows if not row.heading} >= {f"set {key}" for key in parameters()}
    headings = [row.label for row in rows if row.heading]
    assert len(headings) == len(set(headings))


def test_a_parameter_is_a_number_until_it_is_keyed(session: Session) -> None:
    curves = Curves(session, {})
    panels = PanelFeed(session, curves)
    lane = "set emotion.strength"
    panels.grip(lane)
    panels.drag(lane, 0.5)
    panels.drag(lane, 0.6)
    curves.commit()
    assert session.history.undo_label == "Set All emotions: strength"
    assert session.document.parameter("emotion.strength") == Curve.constant(0.6)
    assert lane not in {shown.name for shown in curves.lanes()}
    session.choose_lane(lane)
    session.move_to(1.0)
    curves.key_here()
    assert [shown.name for shown in curves.lanes()][-1] == lane
    session.move_to(2.0)
    curves.set_value(lane, 5.0)
    assert session.document.parameter("emotion.strength").values.tolist() == [0.6, 2.0]
    assert panels.tune_values()[lane] == pytest.approx(2.0)
    curves.remove_lane(lane)
    assert "emotion.strength" not in session.document.parameters
    for _ in range(4):
        session.history.undo()
    assert not session.document.parameters


def test_what_cannot_change_over_time_is_never_keyed(session: Session) -> None:
    curves = Curves(session, {})
    session.choose_lane("set life.seed")
    curves.key_here()
    assert not session.document.parameters
    curves.set_value("set life.seed", 7.0)
    assert session.document.number("life.seed") == 7.0
