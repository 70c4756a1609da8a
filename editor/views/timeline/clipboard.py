"""Keys on the clipboard of the system, so that they travel between lanes, projects and running editors."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from core.curve import Curve
from core.project.curve_json import curve_from_json, curve_to_json
from editor.lanes import LaneState
from editor.views.timeline.key_edits import delete_keys
from editor.views.timeline.state import TimelineState

KIND = "application/x-editable-lipsync-keys"


def copy_keys(state: TimelineState) -> None:
    """Put the selected keys on the clipboard; without any it stays as it is."""
    curves = {name: state.lane(name).curve.only(keys) for name, keys in state.selection.items()}
    if curves:
        data = QMimeData()
        text = json.dumps({name: curve_to_json(curve) for name, curve in curves.items()})
        data.setData(KIND, text.encode())
        data.setText(text)
        QGuiApplication.clipboard().setMimeData(data)


def cut_keys(state: TimelineState) -> None:
    """Put the selected keys on the clipboard and remove them."""
    copy_keys(state)
    delete_keys(state)


def paste_keys(state: TimelineState) -> None:
    """Insert the clipboard's keys from the playhead on, and select them.

    Keys of one lane go to the active lane, those of several to the lanes of the same names.
    """
    copied = _clipboard()
    if len(copied) == 1 and state.active:
        copied = {state.active: next(iter(copied.values()))}
    there = {lane.name for lane in state.lanes if not lane.locked}
    for lane in state.lanes:
        if lane.name in copied and lane.locked:
            state.refuse(lane.name)
    copied = {name: curve for name, curve in copied.items() if name in there and len(curve)}
    if not copied:
        return
    shift = state.snapped(state.playhead) - min(float(curve.times[0]) for curve in copied.values())
    pasted = {name: _placed(curve, state.lane(name), state, shift) for name, curve in copied.items()}
    changes = {name: state.lane(name).curve.with_keys_of(curve) for name, curve in pasted.items()}
    state.edits.once("Paste keys", changes)
    state.select({n: np.flatnonzero(np.isin(changes[n].times, pasted[n].times)) for n in changes})


def _clipboard() -> dict[str, Curve]:
    data = QGuiApplication.clipboard().mimeData()
    if not data.hasFormat(KIND):
        return {}
    try:
        read = json.loads(bytes(data.data(KIND).data()))
        return {str(name): curve_from_json(curve) for name, curve in read.items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}  # of another version of the program


def _placed(curve: Curve, lane: LaneState, state: TimelineState, shift: float) -> Curve:
    """Keys from the playhead on, within the recording and the lane's limits."""
    times = curve.times + shift
    inside = curve.only(np.flatnonzero(times <= state.axis.duration))
    return replace(inside, times=times[: len(inside)], values=np.clip(inside.values, *lane.limits))
