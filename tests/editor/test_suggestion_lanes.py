"""Suggestions in the editor: offered beside the document, taken when asked, never over her keys."""

from __future__ import annotations

import numpy as np
import pytest

from core.curve import Curve
from core.document import lane_names
from editor.controllers.curves import Curves
from editor.controllers.suggesting import Suggesting
from editor.session import Session
from emotion.suggesting import Suggestion
from emotion.voice import Voice
from tests.editor_factories import AtOnce, give_track, messages, open_session

OFFERED = Curve.of([(0.0, 0.0), (1.0, 0.6), (2.0, 0.8), (4.0, 0.2)])


@pytest.fixture
def session() -> Session:
    session = open_session()
    faint = Suggestion("joy", OFFERED, Curve.constant(0.1), Curve.constant(0.9), 0.5)
    session.set_suggestions({"joy": faint})
    return session


@pytest.fixture
def curves(session: Session) -> Curves:
    return Curves(session, {})


@pytest.fixture
def suggesting(session: Session, curves: Curves) -> Suggesting:
    return Suggesting(session, AtOnce(), curves)


def test_a_suggestion_shows_a_lane_and_changes_nothing(session: Session, curves: Curves) -> None:
    assert [lane.name for lane in curves.lanes()] == ["intensity", "joy"]
    assert "joy" not in lane_names(session.document)
    assert session.history.undo_label is None


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_accepting_is_one_entry_of_its_size(session: Session, suggesting: Suggesting, scale: float) -> None:
    session.choose_lane("joy")
    suggesting.accept(scale)
    np.testing.assert_allclose(session.document.track("joy").curve.values, scale * OFFERED.values)
    assert session.history.undo_label == "Accept Joy"
    assert not session.suggestions
    session.history.undo()
    assert not session.document.tracks


def test_her_keys_stay_and_so_does_what_lies_between_them(session: Session, suggesting: Suggesting) -> None:
    give_track(session, "joy", [(1.5, 1.0), (2.2, 0.1)])
    session.choose_lane("joy")
    before = session.document.track("joy").curve
    suggesting.accept()
    after = session.document.track("joy").curve
    assert after.times.tolist() == [0.0, 1.0, 1.5, 2.2, 4.0]
    inside = np.linspace(1.5, 2.2, 20)
    np.testing.assert_allclose(after(inside), before(inside), atol=0.25)
    assert after(1.5) == 1.0


def test_a_suggested_lane_can_be_painted_or_sent_away(session: Session, curves: Curves) -> None:
    curves.set_curve("joy", Curve.of([(1.0, 0.3)]))
    assert session.document.track("joy").curve(1.0) == pytest.approx(0.3)
    session.history.undo()
    curves.remove_lane("joy")
    assert not session.suggestions
    assert session.history.redo_label is not None  # sending it away was no edit


def test_a_locked_lane_takes_nothing(session: Session, curves: Curves, suggesting: Suggesting) -> None:
    give_track(session, "joy", [(1.5, 1.0)])
    curves.toggle("joy", "locked")
    session.choose_lane("joy")
    suggesting.accept()
    assert len(session.document.track("joy").curve) == 1


def test_asking_listens_and_tells_how_sure_it_is(session: Session, suggesting: Suggesting) -> None:
    said = messages(session)
    frames, ones = 240, np.ones(240, np.float32)
    wide = (5 * np.sin(np.arange(frames) / 20)).astype(np.float32)
    session.set_voice(Voice(60.0, 0 * ones, wide, 290.0, ones, -13 * ones, 0 * ones, ()))
    suggesting.ask()
    assert "joy" in session.suggestions
    assert session.lane == next(iter(session.suggestions))
    assert "%" in said[-1]
    suggesting.ignore()
    assert not session.suggestions
    flat = Voice(60.0, 0 * ones, 3.3 * ones, 0.0, 0 * ones, -13 * ones, 0 * ones, ())
    session.set_voice(flat)
    suggesting.ask()
    assert "Nothing" in said[-1]
