"""From the session to files: whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.document import FileRef
from editor.background import Job
from editor.controllers.exporting import Exporting, ExportOrder
from editor.controllers.inference import SLOT as LIPSYNC
from editor.render.offscreen import TakeRenderer
from editor.session import SILENT, Session
from tests.editor_factories import AtOnce, give_track, messages, open_session


class Desk:
    """A session with an emotion, and where it exports to."""

    def __init__(self, folder: Path) -> None:
        self.session: Session = open_session(1.0)
        give_track(self.session, "joy", [(0.0, 0.0), (1.0, 1.0)])
        self.jobs, self.said = AtOnce(), messages(self.session)
        self.exporting = Exporting(self.session, self.jobs, TakeRenderer((64, 48)))
        self.order = ExportOrder((".npz",), folder, "shot", 30.0, 0.0, 1.0)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_file_holds_what_the_viewport_shows(desk: Desk, tmp_path: Path) -> None:
    desk.exporting.start(desk.order)
    with np.load(tmp_path / "shot.npz", allow_pickle=False) as stored:
        times, vertices = stored["times"], stored["vertices"]
    assert len(times) == 30
    for k in (0, 11, 29):
        np.testing.assert_array_equal(vertices[k], desk.session.pose(float(times[k])))
    assert len(desk.said) == 1 and "shot.npz" in desk.said[0]


def test_all_formats_at_once(desk: Desk, tmp_path: Path) -> None:
    order = replace(desk.order, suffixes=(".abc", ".obj", ".npz", ".mp4"), end=0.2, name="shot v2.1")
    desk.exporting.start(order)
    assert desk.jobs.errors == []
    assert {path.name for path in tmp_path.iterdir()} == {
        "shot v2.1.abc", "shot v2.1_obj", "shot v2.1.npz", "shot v2.1.mp4",
    }  # fmt: skip
    assert len(list((tmp_path / "shot v2.1_obj").glob("*.obj"))) == 6


def test_edits_made_while_it_is_written_do_not_get_into_it(desk: Desk, tmp_path: Path) -> None:
    expected = desk.session.pose(0.5)
    desk.jobs.hold()
    desk.exporting.start(desk.order)
    give_track(desk.session, "joy", [(0.0, 1.5)])
    desk.jobs.release()
    with np.load(tmp_path / "shot.npz", allow_pickle=False) as stored:
        np.testing.assert_array_equal(stored["vertices"][15], expected)


def test_a_place_that_cannot_be_written_is_an_error_and_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    order = replace(desk.order, folder=tmp_path / "missing", suffixes=(".npz", ".abc"))
    desk.exporting.start(order)
    assert len(desk.jobs.errors) == 1 and "missing" in str(desk.jobs.errors[0])
    assert list(tmp_path.iterdir()) == []


def test_the_first_suggestion_lies_beside_the_recording_and_the_next_repeats_the_last(
    desk: Desk, tmp_path: Path
) -> None:
    desk.session.history.apply(
        "open", lambda d: replace(d, audio=FileRef(tmp_path / "line 7.wav"), loop=(0.2, 0.8), fps=24.0)
    )
    first = desk.exporting.suggestion()
    assert first == ExportOrder((".abc",), tmp_path, "line 7", 24.0, 0.2, 0.8)
    desk.exporting.start(desk.order)
    again = desk.exporting.suggestion()
    assert (again.name, again.suffixes, again.start) == ("shot", (".npz",), 0.2)


def test_without_a_head_there_is_nothing_to_export(tmp_path: Path) -> None:
    jobs = AtOnce()
    exporting = Exporting(Session({}), jobs, TakeRenderer())
    exporting.start(ExportOrder((".npz",), tmp_path, "x", 30.0, 0.0, 1.0))
    assert jobs.started == []


def test_an_export_waits_for_the_lipsync(desk: Desk, tmp_path: Path) -> None:
    whole = desk.session.neutral
    desk.jobs.hold()
    desk.jobs.start(Job(LIPSYNC, "listening", lambda _report: None))
    desk.session.set_neutral(SILENT, ())
    desk.exporting.start(desk.order)
    assert not desk.jobs.busy("export")
    desk.session.set_neutral(whole, ((0.0, 0.5),))
    assert not desk.jobs.busy("export")
    desk.session.set_neutral(whole, ((0.0, 1.0),))
    assert desk.jobs.busy("export")
    desk.jobs.release()
    with np.load(tmp_path / "shot.npz", allow_pickle=False) as stored:
        np.testing.assert_array_equal(stored["vertices"][15], desk.session.pose(0.5))


def test_without_a_lipsync_nothing_is_exported_and_that_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.session.set_neutral(SILENT, ())
    desk.exporting.start(desk.order)
    assert "no lipsync" in desk.said[-1]
    assert list(tmp_path.iterdir()) == []
