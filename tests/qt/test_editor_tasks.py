"""Jobs on the pool: results in the window's thread, newest of a slot, errors told, nothing after closing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from core.errors import InputError
from editor.background import Job, Report
from editor.views.status import written_time
from editor.views.tasks import Tasks, Ticket


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def tasks(qtbot: QtBot, said: list[str]) -> Iterator[Tasks]:
    made = Tasks(said.append)
    yield made
    made.close()


def gated(gate: threading.Event, result: str) -> Callable[[Report], str]:
    def work(_report: Report) -> str:
        assert gate.wait(10)
        return result

    return work


def test_work_runs_elsewhere_and_its_result_arrives_here(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[Any] = []
    here = threading.get_ident()
    tasks.start(
        Job(
            "a",
            "",
            lambda _r: threading.get_ident(),
            lambda there: seen.append((there, threading.get_ident())),
        )
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] != here
    assert seen[0][1] == here


def test_of_several_jobs_in_a_slot_only_the_newest_is_shown_and_no_two_run_at_once(
    tasks: Tasks, qtbot: QtBot
) -> None:
    gate, running, most = threading.Event(), [0], [0]
    shown: list[int] = []
    lock = threading.Lock()

    def work(number: int) -> Callable[[Report], int]:
        def run(_report: Report) -> int:
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            gate.wait(10)
            with lock:
                running[0] -= 1
            return number

        return run

    for number in range(5):
        tasks.start(Job("slot", "work", work(number), shown.append))
    gate.set()
    qtbot.waitUntil(lambda: shown == [4])
    assert most[0] == 1


def test_other_slots_are_not_disturbed(tasks: Tasks, qtbot: QtBot) -> None:
    gate = threading.Event()
    shown: list[str] = []
    tasks.start(Job("a", "", gated(gate, "a"), shown.append))
    tasks.start(Job("b", "", lambda _r: "b", shown.append))
    qtbot.waitUntil(lambda: shown == ["b"])
    gate.set()
    qtbot.waitUntil(lambda: shown == ["b", "a"])


def test_cancel_stops_at_the_next_word_of_progress_and_shows_nothing(
    tasks: Tasks, qtbot: QtBot, said: list[str]
) -> None:
    started, gate = threading.Event(), threading.Event()
    after: list[str] = []
    shown: list[object] = []

    def work(report: Report) -> None:
        started.set()
        gate.wait(10)
        report.partial("late")
        report.progress(0.5)
        after.append("not reached")

    tasks.start(Job("a", "work", work, shown.append, shown.append))
    started.wait(10)
    assert tasks.busy("a")
    tasks.cancel("a")
    assert not tasks.busy("a")
    gate.set()
    with qtbot.waitSignal(tasks.changed):
        pass
    assert (after, shown, said) == ([], [], [])


def test_what_is_ready_so_far_comes_in_order_before_the_result(tasks: Tasks, qtbot: QtBot) -> None:
    shown: list[int] = []

    def work(report: Report) -> int:
        for part in (1, 2, 3):
            report.partial(part)
        return 4

    tasks.start(Job("a", "", work, shown.append, shown.append))
    qtbot.waitUntil(lambda: len(shown) == 4)
    assert shown == [1, 2, 3, 4]


ERRORS = [(InputError("a.wav", "is empty"), "a.wav: is empty"), (ValueError("odd"), "went wrong: odd")]


@pytest.mark.parametrize(("error", "text"), ERRORS)
def test_an_error_is_told_in_one_sentence(
    tasks: Tasks, qtbot: QtBot, said: list[str], error: Exception, text: str
) -> None:
    def work(_report: Report) -> None:
        raise error

    tasks.start(Job("a", "work", work))
    qtbot.waitUntil(lambda: len(said) == 1)
    assert text in said[0]
    assert tasks.shown() is None


def test_a_job_that_handles_its_error_is_not_told_of(tasks: Tasks, qtbot: QtBot, said: list[str]) -> None:
    caught: list[Exception] = []

    def work(_report: Report) -> None:
        raise InputError("x", "y")

    tasks.start(Job("a", "", work, failed=caught.append))
    qtbot.waitUntil(lambda: len(caught) == 1)
    assert said == []


def test_closing_waits_for_the_threads_and_shows_nothing_more(qtbot: QtBot) -> None:
    tasks = Tasks(lambda _text: None)
    shown: list[object] = []
    ended: list[bool] = []
    started = threading.Event()

    def work(report: Report) -> None:
        started.set()
        while not report.cancelled:
            threading.Event().wait(0.005)
        ended.append(True)

    tasks.start(Job("a", "work", work, shown.append))
    started.wait(10)
    tasks.close()
    assert ended == [True]
    tasks.changed.connect(lambda: shown.append("changed"))
    qtbot.wait(20)
    assert shown == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.4, ""), (3.0, ", 5 s left"), (52.0, ", 55 s left"), (61.0, ", 2 min left")],
)
def test_the_time_left_is_told_as_coarsely_as_it_is_known(seconds: float | None, text: str) -> None:
    assert written_time(seconds) == text


def test_the_pace_so_far_tells_how_long_a_job_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("editor.views.tasks.time.monotonic", lambda: clock[0])
    ticket = Ticket(Job("slow", "Listening", lambda _report: None), lambda call: call())
    ticket.progress(0.25)
    clock[0] += 1.0
    assert ticket.seconds_left is None
    clock[0] += 9.0
    assert ticket.seconds_left == pytest.approx(30.0)
