"""Undo and redo over immutable states, without Qt.

A state is replaced whole, so an entry is two references and a name. A gesture (a brush stroke, a slider
drag) applies many states and leaves one entry; aborted, it leaves none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from psygnal import Signal

State = TypeVar("State")

LIMIT = 200


class History(Generic[State]):
    """The present state and the way back.

    Parameters
    ----------
    state : State
        An immutable value; equality decides whether anything changed.
    limit : int
        Entries kept.
    """

    changed = Signal()

    def __init__(self, state: State, limit: int = LIMIT) -> None:
        self.present = state
        self._limit = limit
        self._past: list[tuple[str, State]] = []
        self._future: list[tuple[str, State]] = []
        self._clean = state
        self._gesture: tuple[str, State] | None = None

    @property
    def is_clean(self) -> bool:
        """Whether the present state is the one last saved or opened."""
        return self.present is self._clean or self.present == self._clean

    @property
    def undo_label(self) -> str | None:
        """Name of the edit that undo would take back, None for none."""
        return self._past[-1][0] if self._past else None

    @property
    def redo_label(self) -> str | None:
        """Name of the edit that redo would bring back, None for none."""
        return self._future[-1][0] if self._future else None

    @property
    def in_gesture(self) -> bool:
        """Whether a gesture is under way."""
        return self._gesture is not None

    def mark_clean(self) -> None:
        """Remember the present state as saved."""
        self._clean = self.present
        self.changed.emit()

    def reset(self, state: State) -> None:
        """Start over with another document; the way back is forgotten."""
        self.present = self._clean = state
        self._past.clear()
        self._future.clear()
        self._gesture = None
        self.changed.emit()

    def apply(self, label: str, edit: Callable[[State], State]) -> None:
        """Replace the present state by ``edit(present)``; nothing is recorded if that is equal or fails."""
        before, after = self.present, edit(self.present)
        if after == before:
            return
        if self._gesture is None:
            self._record(label, before)
        self.present = after
        self.changed.emit()

    def amend(self, label: str, edit: Callable[[State], State]) -> None:
        """Apply an edit within the last entry if that has this name; an entry that comes to nothing goes."""
        if self._gesture is not None or self.undo_label != label:
            self.apply(label, edit)
            return
        self.present = edit(self.present)
        self._future.clear()
        if self.present == self._past[-1][1]:
            self._past.pop()
        self.changed.emit()

    def begin(self, label: str) -> None:
        """Open a gesture: all that is applied until `commit` becomes one entry called ``label``."""
        if self._gesture is None:
            self._gesture = (label, self.present)

    def commit(self) -> None:
        """Close the gesture; nothing is recorded if it changed nothing."""
        if self._gesture is None:
            return
        (label, before), self._gesture = self._gesture, None
        if before != self.present:
            self._record(label, before)
        self.changed.emit()

    def abort(self) -> None:
        """Close the gesture and bring back the state it began with."""
        if self._gesture is None:
            return
        (_, self.present), self._gesture = self._gesture, None
        self.changed.emit()

    @contextmanager
    def gesture(self, label: str) -> Iterator[None]:
        """Run a block as one gesture; an exception aborts it."""
        self.begin(label)
        try:
            yield
        except BaseException:
            self.abort()
            raise
        self.commit()

    def undo(self) -> None:
        """Step back one entry; an open gesture is aborted instead."""
        if self.in_gesture:
            self.abort()
        elif self._past:
            self._step(self._past, self._future)

    def redo(self) -> None:
        """Step forward one entry; does nothing within a gesture."""
        if self._future and not self.in_gesture:
            self._step(self._future, self._past)

    def _record(self, label: str, before: State) -> None:
        self._past.append((label, before))
        del self._past[: -self._limit]
        self._future.clear()

    def _step(self, source: list[tuple[str, State]], target: list[tuple[str, State]]) -> None:
        label, state = source.pop()
        target.append((label, self.present))
        self.present = state
        self.changed.emit()
