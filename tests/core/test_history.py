from functools import partial

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.history import History


class Editing(RuleBasedStateMachine):
    """Random edits, gestures, undo and redo against a plain list of states."""

    def __init__(self) -> None:
        super().__init__()
        self.history = History(0)
        self.states, self.at = [0], 0
        self.before: int | None = None

    @rule(value=st.integers(0, 5))
    def edit(self, value: int) -> None:
        self.history.apply("edit", lambda _: value)
        if self.before is None and value != self.states[self.at]:
            self._record(value)

    @rule()
    def begin(self) -> None:
        self.history.begin("gesture")
        if self.before is None:
            self.before = self.history.present

    @rule()
    def commit(self) -> None:
        self.history.commit()
        if self.before is not None and self.history.present != self.before:
            self._record(self.history.present)
        self.before = None

    @rule()
    def abort(self) -> None:
        self.history.abort()
        self.before = None

    @rule()
    def undo(self) -> None:
        self.history.undo()
        if self.before is None:
            self.at = max(self.at - 1, 0)
        self.before = None

    @rule()
    def redo(self) -> None:
        self.history.redo()
        if self.before is None:
            self.at = min(self.at + 1, len(self.states) - 1)

    def _record(self, value: int) -> None:
        self.states[self.at + 1 :] = [value]
        self.at += 1

    @invariant()
    def agrees(self) -> None:
        if self.before is None:
            assert self.history.present == self.states[self.at]
            assert (self.history.undo_label is not None) == (self.at > 0)


Editing.TestCase.settings = settings(max_examples=200, stateful_step_count=30)
TestEditing = Editing.TestCase


def test_a_failing_edit_changes_nothing():
    history = History(1)
    with pytest.raises(ZeroDivisionError):
        history.apply("divide", lambda state: state // 0)
    assert history.present == 1
    assert history.undo_label is None


def test_a_gesture_that_raises_is_taken_back():
    history = History("a")
    with pytest.raises(RuntimeError), history.gesture("drag"):
        history.apply("move", lambda _: "b")
        raise RuntimeError
    assert history.present == "a"
    assert history.undo_label is None


def test_clean_follows_undo_back_to_the_saved_state():
    history = History(0)
    history.apply("edit", lambda _: 1)
    history.mark_clean()
    history.apply("edit", lambda _: 2)
    assert not history.is_clean
    history.undo()
    assert history.is_clean


def test_an_amended_entry_stays_one_and_goes_where_it_comes_to_nothing():
    history = History(0)
    history.apply("paint", lambda n: n + 1)
    history.amend("compare", lambda _: 5)
    history.amend("compare", lambda _: 7)
    history.undo()
    assert history.present == 1
    history.redo()
    history.amend("compare", lambda _: 1)
    assert (history.present, history.undo_label, history.redo_label) == (1, "paint", None)


def test_only_the_latest_entries_are_kept():
    history = History(0, limit=3)
    for value in range(1, 10):
        history.apply("edit", partial(max, value))
    for _ in range(20):
        history.undo()
    assert history.present == 6
