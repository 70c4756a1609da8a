"""New, open, save, recover: nothing is lost without a question."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.document import Document, FileRef
from core.project.autosave import Autosave
from core.project.project_file import load_project, save_project
from editor.controllers.projects import LONGEST, QUIET, Projects
from editor.controllers.prompts import Answer, Fate
from editor.session import Session
from tests.editor_factories import AtOnce, Script, Watchmaker, give_track, messages, open_session


class Desk:
    """A session with its projects, a script for the questions, and a watch."""

    def __init__(self, folder: Path) -> None:
        self.session = open_session()
        self.script, self.time, self.jobs = Script(), Watchmaker(), AtOnce()
        self.autosave = Autosave(folder / "autosave")
        self.recent: list[Path] = []
        self.projects = Projects(
            self.session, self.jobs, self.script, self.autosave, self.recent.append, lambda: self.time.now
        )
        self.said = messages(self.session)

    def kept(self, folder: Path) -> list[Path]:
        return list((folder / "autosave").glob("*.autosave"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def paint(session: Session, value: float = 0.5) -> None:
    give_track(session, "joy", [(1.0, value)])


def test_saving_asks_where_once_and_then_no_more(desk: Desk, tmp_path: Path) -> None:
    desk.script.place = tmp_path / "shot"
    paint(desk.session)
    assert desk.projects.save()
    assert load_project(tmp_path / "shot.lipsync").tracks == desk.session.document.tracks
    assert desk.session.history.is_clean
    paint(desk.session, 0.9)
    assert desk.projects.save()
    assert desk.script.asked == ["save tone.lipsync"]
    assert desk.recent == [tmp_path / "shot.lipsync"] * 2
    assert desk.projects.name == "shot"


def test_undoing_to_what_was_saved_is_clean_again(desk: Desk, tmp_path: Path) -> None:
    desk.script.place = tmp_path / "shot.lipsync"
    desk.projects.save()
    paint(desk.session)
    assert not desk.session.history.is_clean
    desk.session.history.undo()
    assert desk.session.history.is_clean


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_marked_saved(
    desk: Desk, tmp_path: Path
) -> None:
    desk.script.place = tmp_path / "missing" / "shot.lipsync"
    paint(desk.session)
    assert not desk.projects.save()
    assert not desk.session.history.is_clean
    assert desk.session.project is None
    assert len(desk.said) == 1 and "shot.lipsync" in desk.said[0]


@pytest.mark.parametrize(
    ("answer", "lets_go", "saved"),
    [(Answer.CANCEL, False, False), (Answer.DISCARD, True, False), (Answer.SAVE, True, True)],
)
def test_unsaved_work_is_let_go_only_by_an_answer(
    desk: Desk, tmp_path: Path, answer: Answer, lets_go: bool, saved: bool
) -> None:
    paint(desk.session)
    desk.script.answer, desk.script.place = answer, tmp_path / "a.lipsync"
    assert desk.projects.may_discard() == lets_go
    assert (tmp_path / "a.lipsync").exists() == saved
    document = desk.session.document
    desk.script.answer = Answer.CANCEL
    if not saved:
        desk.projects.new()
        assert desk.session.document is document


def test_a_recording_that_was_only_opened_is_let_go_without_a_question(desk: Desk, tmp_path: Path) -> None:
    ref = FileRef(tmp_path / "voice.wav")
    desk.session.history.apply("Open", lambda d: replace(d, audio=ref))
    assert not desk.session.history.is_clean
    assert desk.projects.may_discard()
    assert desk.script.asked == []
    desk.session.history.apply("rate", lambda d: replace(d, fps=24.0))
    assert not desk.projects.may_discard()


def test_saying_save_and_then_giving_no_place_keeps_everything(desk: Desk) -> None:
    paint(desk.session)
    desk.script.answer, desk.script.place = Answer.SAVE, None
    desk.projects.new()
    assert desk.session.document.tracks


def test_opening_replaces_everything_and_undo_cannot_cross_it(desk: Desk, tmp_path: Path) -> None:
    save_project(Document(fps=24.0), tmp_path / "other.lipsync")
    desk.projects.open(tmp_path / "other.lipsync")
    assert desk.session.document.fps == 24.0
    assert desk.session.history.undo_label is None
    assert desk.session.project == tmp_path / "other.lipsync"
    assert desk.recent == [tmp_path / "other.lipsync"]


NEWER = json.dumps({"format": "editable-lipsync project", "version": 999})


@pytest.mark.parametrize("content", ["", "{}", "[1]", NEWER])
def test_what_is_no_project_is_told_and_changes_nothing(desk: Desk, tmp_path: Path, content: str) -> None:
    file = tmp_path / "bad.lipsync"
    file.write_text(content)
    document = desk.session.document
    desk.projects.open(file)
    assert desk.session.document is document
    assert len(desk.said) == 1 and "bad.lipsync" in desk.said[0]


def test_a_recording_that_changed_since_is_mentioned(desk: Desk, tmp_path: Path) -> None:
    from core.project.project_file import file_ref

    sound = tmp_path / "voice.wav"
    sound.write_bytes(b"first")
    save_project(Document(audio=file_ref(sound)), tmp_path / "p.lipsync")
    sound.write_bytes(b"second take")
    desk.projects.open(tmp_path / "p.lipsync")
    assert any("voice.wav" in text for text in desk.said)


# ---- autosave


def test_work_is_kept_after_a_moment_of_rest(desk: Desk, tmp_path: Path) -> None:
    paint(desk.session)
    desk.projects.tick()
    assert desk.kept(tmp_path) == []
    desk.time.now += QUIET
    desk.projects.tick()
    assert len(desk.kept(tmp_path)) == 1


def test_steady_work_is_kept_too(desk: Desk, tmp_path: Path) -> None:
    for step in range(int(LONGEST / 0.5) + 1):
        paint(desk.session, 0.1 + step * 0.01)
        desk.projects.tick()
        desk.time.now += 0.5
    assert len(desk.kept(tmp_path)) == 1


def test_nothing_is_kept_in_the_middle_of_a_gesture(desk: Desk, tmp_path: Path) -> None:
    desk.session.history.begin("Paint")
    paint(desk.session)
    desk.time.now += 2 * LONGEST
    desk.projects.tick()
    assert desk.kept(tmp_path) == []


def test_saved_work_is_not_kept_any_longer(desk: Desk, tmp_path: Path) -> None:
    paint(desk.session)
    desk.time.now += QUIET
    desk.projects.tick()
    desk.script.place = tmp_path / "a.lipsync"
    desk.projects.save()
    paint(desk.session, 0.7)
    desk.session.history.undo()
    desk.time.now += QUIET
    desk.projects.tick()
    assert desk.kept(tmp_path) == []


def died(folder: Path) -> Document:
    """Leave behind what an editor leaves that is killed."""
    desk = Desk(folder)
    paint(desk.session, 0.8)
    desk.time.now += QUIET
    desk.projects.tick()
    desk.autosave._lock.release()  # as the system does when the process is gone
    return desk.session.document


def test_the_work_of_a_killed_editor_comes_back_unsaved(tmp_path: Path) -> None:
    lost, desk = died(tmp_path), Desk(tmp_path)
    desk.script.fate = Fate.RECOVER
    assert desk.projects.offer_recovery()
    assert desk.session.document == lost
    assert not desk.session.history.is_clean
    assert len(desk.kept(tmp_path)) == 1  # its own copy now; the orphan is gone
    again = Desk(tmp_path)
    assert not again.projects.offer_recovery()
    assert again.script.asked == []


def test_later_keeps_it_and_discard_drops_it(tmp_path: Path) -> None:
    died(tmp_path)
    for fate, left in ((Fate.LATER, 1), (Fate.DISCARD, 0)):
        desk = Desk(tmp_path)
        desk.script.fate = fate
        assert not desk.projects.offer_recovery()
        assert desk.script.asked == ["recover None"]
        assert len(desk.kept(tmp_path)) == left
        assert desk.session.document.tracks == ()


def test_a_clean_end_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    paint(desk.session)
    desk.time.now += QUIET
    desk.projects.tick()
    desk.projects.close()
    assert list((tmp_path / "autosave").iterdir()) == []
