"""The menu of a right click on the lanes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from core.curve import Tangent
from editor.views.timeline import key_edits
from editor.views.timeline.clipboard import copy_keys, cut_keys, paste_keys
from editor.views.timeline.hit import KeyHit, key_at, value_on_curve
from editor.views.timeline.selection import holds
from editor.views.timeline.state import TimelineState


def key_menu(
    state: TimelineState, parent: QWidget, x: float, y: float, edit_value: Callable[[str, int], None]
) -> QMenu:
    """Make the menu for a place on the canvas; a key there that is not selected becomes the selection."""
    menu = QMenu(parent)
    menu.setObjectName("key_menu")
    hit = key_at(state, x, y)
    if hit is not None:
        if not holds(state.selection, hit.lane, hit.key):
            state.select({hit.lane: np.array([hit.key])})
        _add_key_actions(menu, state, hit, edit_value)
    else:
        _add_lane_actions(menu, state, x, y)
    return menu


def _add_key_actions(
    menu: QMenu, state: TimelineState, hit: KeyHit, edit_value: Callable[[str, int], None]
) -> None:
    locked = state.lane(hit.lane).locked
    for tangent in Tangent:
        action = _action(menu, tangent.name.capitalize(), f"tangent_{tangent.name.lower()}")
        action.setCheckable(True)
        action.setChecked(_shared_tangent(state) == tangent)
        action.setEnabled(not locked)
        action.triggered.connect(lambda _, tangent=tangent: key_edits.set_tangent(state, tangent))
    menu.addSeparator()
    value = _action(menu, "Edit value…", "edit_value")
    value.triggered.connect(lambda: edit_value(hit.lane, hit.key))
    menu.addSeparator()
    cut = _action(menu, "Cut", "cut_keys")
    cut.triggered.connect(lambda: cut_keys(state))
    copy = _action(menu, "Copy", "copy_keys")
    copy.triggered.connect(lambda: copy_keys(state))
    delete = _action(menu, "Delete", "delete_keys")
    delete.triggered.connect(lambda: key_edits.delete_keys(state))
    for action in (value, cut, delete):
        action.setEnabled(not locked)


def _add_lane_actions(menu: QMenu, state: TimelineState, x: float, y: float) -> None:
    row = state.layout.at(y)
    if row is not None:
        seconds = state.axis.time_at(x)
        value = value_on_curve(state, row, x, y, seconds)
        insert = _action(menu, "Insert key here", "insert_key")
        insert.setEnabled(not state.lane(row.name).locked)
        insert.triggered.connect(lambda: key_edits.insert_key(state, row.name, seconds, value))
        lane = _action(menu, f"Select all keys of {state.lane(row.name).label}", "select_lane")
        lane.triggered.connect(lambda: key_edits.select_all(state, row.name))
    paste = _action(menu, "Paste at the playhead", "paste_keys")
    paste.triggered.connect(lambda: paste_keys(state))
    everything = _action(menu, "Select all keys", "select_all")
    everything.triggered.connect(lambda: key_edits.select_all(state))


def _action(menu: QMenu, text: str, name: str) -> QAction:
    action = menu.addAction(text)
    action.setObjectName(name)
    return action


def _shared_tangent(state: TimelineState) -> int | None:
    """Return the tangent of all selected keys, None where they differ."""
    chosen = [state.lane(name).curve.tangents[keys] for name, keys in state.selection.items()]
    found = np.unique(np.concatenate(chosen)) if chosen else np.empty(0)
    return int(found[0]) if len(found) == 1 else None
