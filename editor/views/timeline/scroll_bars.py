"""Scroll bars of time and of lanes, kept in step with the state."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QScrollBar, QWidget

from editor.views.timeline.state import TimelineState
from editor.views.timeline.time_axis import MARGIN


def time_bar(state: TimelineState, parent: QWidget) -> QScrollBar:
    """Make the bar below the lanes."""
    bar = _bar(Qt.Orientation.Horizontal, parent, "timeline_time_bar", "Scroll time")

    def show() -> None:
        axis = state.axis
        whole = axis.duration * axis.scale + 2 * MARGIN
        _show(bar, whole, axis.width, axis.start * axis.scale + MARGIN)

    bar.valueChanged.connect(
        lambda value: state.set_axis(state.axis.panned(value - MARGIN - state.axis.start * state.axis.scale))
    )
    state.axis_changed.connect(show)
    show()
    return bar


def lane_bar(state: TimelineState, parent: QWidget) -> QScrollBar:
    """Make the bar beside the lanes."""
    bar = _bar(Qt.Orientation.Vertical, parent, "timeline_lane_bar", "Scroll lanes")

    def show() -> None:
        _show(bar, state.layout.content, state.sizes.viewport, state.sizes.scroll)

    bar.valueChanged.connect(lambda value: state.scroll_by(value - state.sizes.scroll))
    state.layout_changed.connect(show)
    return bar


def _bar(orientation: Qt.Orientation, parent: QWidget, name: str, tip: str) -> QScrollBar:
    bar = QScrollBar(orientation, parent)
    bar.setObjectName(name)
    bar.setToolTip(tip)
    bar.setAccessibleName(tip)
    return bar


def _show(bar: QScrollBar, whole: float, page: float, at: float) -> None:
    blocker = QSignalBlocker(bar)
    bar.setRange(0, max(round(whole - page), 0))
    bar.setEnabled(bar.maximum() > 0)
    bar.setPageStep(max(round(page), 1))
    bar.setSingleStep(max(round(page / 10), 1))
    bar.setValue(round(at))
    del blocker
    bar.update()
