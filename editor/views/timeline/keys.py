"""The keyboard of the timeline: what a key does while the timeline has the focus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from editor.views.timeline import key_edits
from editor.views.timeline.clipboard import copy_keys, cut_keys, paste_keys
from editor.views.timeline.state import TimelineState

RADIUS_STEP = 1.25
_VALUE_STEP = 0.05
_UNDO = "Ctrl+Z"
_DURING_DRAGS = frozenset({"Esc", "[", "]", "Ctrl+T"})

Act = Callable[[], None]


class Keyboard(QObject):
    """Gives a widget and its children keys that act there, even where the window has the same shortcut.

    Parameters
    ----------
    widget : QWidget
    acts : mapping of str to callable
        Keys as `QKeySequence` writes them.
    cancel : callable
        Takes back the drag under way; what undo means during one.
    is_dragging : callable
        Whether there is one; most keys then do nothing.
    """

    def __init__(
        self, widget: QWidget, acts: Mapping[str, Act], cancel: Act, is_dragging: Callable[[], bool]
    ) -> None:
        super().__init__(widget)
        self._acts, self._cancel, self._is_dragging = dict(acts), cancel, is_dragging
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() == QEvent.Type.KeyRelease:
            return False
        act = self._act(_written(event))
        if act is None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            act()
        return True

    def _act(self, written: str) -> Act | None:
        if not self._is_dragging() or written in _DURING_DRAGS:
            return self._acts.get(written)
        if written == _UNDO:
            return self._cancel
        return _nothing if written in self._acts else None


def _nothing() -> None:
    """Swallow a key."""


def _written(event: QKeyEvent) -> str:
    keys = QKeySequence(event.keyCombination().toCombined())
    return keys.toString(QKeySequence.SequenceFormat.PortableText)


def state_keys(state: TimelineState) -> Mapping[str, Act]:
    """Return what needs nothing but the state; keys as `QKeySequence` writes them."""
    return {
        "Del": partial(key_edits.delete_keys, state),
        "Backspace": partial(key_edits.delete_keys, state),
        "Ctrl+A": partial(key_edits.select_all, state),
        "Ctrl+C": partial(copy_keys, state),
        "Ctrl+X": partial(cut_keys, state),
        "Ctrl+V": partial(paste_keys, state),
        "B": partial(state.set_tool, "brush"),
        "V": partial(state.set_tool, "select"),
        "Q": partial(state.set_tool, "select"),
        "[": partial(scale_radius, state, 1 / RADIUS_STEP),
        "]": partial(scale_radius, state, RADIUS_STEP),
        "Up": partial(step_lane, state, -1),
        "Down": partial(step_lane, state, 1),
        "Alt+Left": partial(key_edits.nudge_keys, state, -1, 0.0),
        "Alt+Right": partial(key_edits.nudge_keys, state, 1, 0.0),
        "Alt+Up": partial(key_edits.nudge_keys, state, 0, _VALUE_STEP),
        "Alt+Down": partial(key_edits.nudge_keys, state, 0, -_VALUE_STEP),
    }


def scale_radius(state: TimelineState, factor: float) -> None:
    """Make the brush larger or smaller, from 5 ms to 30 s."""
    radius = min(max(state.brush.radius * factor, 0.005), 30.0)
    state.set_brush(replace(state.brush, radius=radius))


def step_lane(state: TimelineState, step: int) -> None:
    """Make a lane further down or up the active one, and scroll to it."""
    names = [lane.name for lane in state.lanes]
    if not names:
        return
    at = names.index(state.active) if state.active in names else 0
    state.set_active(names[min(max(at + step, 0), len(names) - 1)])
    state.reveal_active()
