"""The timeline: ruler, waveform and lanes around one shared state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from core.brush import Brush
from core.neutral import Label
from core.peaks import Peaks
from editor.lanes import Ghost, LaneState
from editor.views.timeline import icons, key_edits, palette
from editor.views.timeline.canvas import LaneCanvas
from editor.views.timeline.controls import Controls, Title
from editor.views.timeline.gap_strip import MARKED_MM, GapSource, GapStrip
from editor.views.timeline.head_column import HeadColumn
from editor.views.timeline.key_menu import key_menu
from editor.views.timeline.keys import Keyboard, state_keys
from editor.views.timeline.label_strip import LabelStrip
from editor.views.timeline.lane_head import icon_button
from editor.views.timeline.ruler import Ruler
from editor.views.timeline.scroll_bars import lane_bar, time_bar
from editor.views.timeline.state import TimelineState
from editor.views.timeline.time_strip import ZOOM_STEP, TimeStrip
from editor.views.timeline.tools.scrub import Scrubbing
from editor.views.timeline.value_editor import ValueEditor
from editor.views.timeline.waveform import Waveform


class Timeline(QWidget):
    """Passive: it shows what it is given and asks for edits by signals, between `gesture_begun` and the end.

    What is only about looking (window on time, selection, active lane, tool, lane heights) it keeps itself.
    """

    scrub_begun = Signal(float)
    scrubbed = Signal(float)
    scrub_ended = Signal()
    gesture_begun = Signal(str)
    curve_edited = Signal(str, object)
    gesture_ended = Signal()
    gesture_aborted = Signal()
    lane_toggled = Signal(str, str)
    lane_removed = Signal(str)
    active_lane_changed = Signal(str)
    tool_changed = Signal(str)
    brush_changed = Signal(object)
    loop_changed = Signal(object)
    add_lane_requested = Signal()
    view_changed = Signal(float, float)
    selection_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(palette.STYLE)
        self.setMinimumHeight(180)
        self.state = TimelineState(self)
        self._scrubbing = Scrubbing(self)
        self.ruler = Ruler(self.state, self._scrubbing, self)
        self.waveform = Waveform(self.state, self._scrubbing, self)
        self.labels = LabelStrip(self.state, self._scrubbing, self)
        self.gaps = GapStrip(self.state, self._scrubbing, self)
        self.canvas = LaneCanvas(self.state, self)
        self.heads = HeadColumn(self.state, self)
        self.controls = Controls(self.state, self)
        self._arrange()
        self._connect()
        Keyboard(self, self._keys(), self.cancel, self._is_dragging)

    # ---- what is shown

    def set_duration(self, seconds: float) -> None:
        """Show a recording of this length, whole."""
        if seconds != self.state.axis.duration:
            self.state.set_axis(self.state.axis.lasting(seconds))

    def set_fps(self, fps: float) -> None:
        """Take the frame rate of display and snapping."""
        if fps != self.state.fps:
            self.state.fps = fps
            self.state.marks_changed.emit()

    def set_peaks(self, peaks: Peaks | None) -> None:
        """Show a waveform, None for none."""
        self.waveform.set_peaks(peaks)

    def set_labels(self, words: tuple[Label, ...], phones: tuple[Label, ...], hint: str = "") -> None:
        """Show the words and phones of the recording, or a hint why there are none."""
        self.labels.set_labels(words, phones, hint)

    def set_gaps(self, source: GapSource | None) -> None:
        """Show the gap of the lips that this tells of; to be called again when it may have changed."""
        self.gaps.set_source(source)

    def set_lanes(self, lanes: tuple[LaneState, ...]) -> None:
        """Show lanes; only those that differ from before are drawn anew."""
        self.state.set_lanes(lanes)

    def set_playhead(self, seconds: float) -> None:
        """Move the playhead, turning the page when it leaves the window."""
        self.state.set_playhead(seconds)

    def set_loop(self, span: tuple[float, float] | None) -> None:
        """Show the loop range, None for none."""
        if span != self.state.marks.loop:
            self.state.marks = replace(self.state.marks, loop=span)
            self.state.marks_changed.emit()

    def set_ready(self, spans: tuple[tuple[float, float], ...] | None) -> None:
        """Show in which spans the lips are ready; None where there is no recording to wait for."""
        if spans != self.state.marks.ready:
            self.state.marks = replace(self.state.marks, ready=spans)
            self.ruler.invalidate()
            self.gaps.invalidate()

    def set_ghosts(self, ghosts: Mapping[str, Ghost]) -> None:
        """Show offered curves, dashed within their bands, behind those of the lanes; by lane name."""
        self.state.ghosts = dict(ghosts)
        self.canvas.invalidate()

    def set_active_lane(self, name: str) -> None:
        """Work on a lane and scroll to it; an unknown name changes nothing."""
        before = self.state.active
        self.state.set_active(name)
        if self.state.active != before:
            self.state.reveal_active()

    def set_tool(self, tool: str) -> None:
        """Take the ``"select"`` or the ``"brush"`` tool."""
        self.state.set_tool(tool)

    def set_brush(self, brush: Brush) -> None:
        """Take a brush."""
        self.state.set_brush(brush)

    def selected_keys(self) -> Mapping[str, NDArray[np.intp]]:
        """Numbers of the selected keys, by lane; lanes without any are left out."""
        return dict(self.state.selection)

    # ---- the window on time

    def frame_all(self) -> None:
        """Show the whole recording."""
        self.state.set_axis(self.state.axis.framed(0.0, self.state.axis.duration))

    def frame_selection(self) -> None:
        """Show the selected keys; without any the loop range, without one everything."""
        times = [self.state.lane(name).curve.times[keys] for name, keys in self.state.selection.items()]
        if times:
            found = np.concatenate(times)
            middle, half = (found.min() + found.max()) / 2, max(np.ptp(found) / 2 * 1.1, 0.25)
            self.state.set_axis(self.state.axis.framed(float(middle - half), float(middle + half)))
        elif self.state.marks.loop:
            self.state.set_axis(self.state.axis.framed(*self.state.marks.loop))
        else:
            self.frame_all()

    def zoom(self, factor: float) -> None:
        """Magnify about the playhead, or about the middle where the playhead is out of sight."""
        axis = self.state.axis
        x = axis.x_of(self.state.playhead)
        self.state.set_axis(axis.zoomed(factor, x if 0 <= x <= axis.width else axis.width / 2))

    def cycle_time_unit(self) -> None:
        """Write times as seconds, frames, timecode in turn."""
        self.state.unit = self.state.unit.following
        self.state.marks_changed.emit()

    def insert_key_at_playhead(self) -> None:
        """Insert a key on the active lane's curve."""
        if self.state.active:
            key_edits.insert_key(self.state, self.state.active, self.state.playhead)

    def step_key(self, step: int) -> None:
        """Go to the previous (-1) or next (+1) key of the active lane and select it."""
        key = key_edits.key_beside(self.state, step)
        if key is not None:
            self.state.select({self.state.active: np.array([key])})
            self._scrubbing.begun.emit(float(self.state.lane(self.state.active).curve.times[key]))
            self._scrubbing.ended.emit()

    def edit_selected_value(self) -> None:
        """Type the value of the selected key, if it is one."""
        chosen = [(name, int(key)) for name, keys in self.state.selection.items() for key in keys]
        if len(chosen) == 1:
            self._edit_value(*chosen[0])

    def cancel(self) -> None:
        """Take back the drag under way; without one, select nothing."""
        if not sum(strip.cancel() for strip in self._strips()):
            self.state.select({})

    # ---- parts

    def _arrange(self) -> None:
        add = icon_button(self, "add_lane", "Add an emotion lane", icons.icon(icons.plus), "Add emotion")
        add.clicked.connect(self.add_lane_requested)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        voice, words = Title("Voice", palette.WAVE_HEIGHT, self), Title("Words", palette.LABEL_HEIGHT, self)
        rows = (
            (self.controls, self.ruler),
            (voice, self.waveform),
            (words, self.labels),
            (Title("Lips", palette.GAP_HEIGHT, self, f"{MARKED_MM:g} mm"), self.gaps),
            (self.heads, self.canvas),
        )
        for row, (left, right) in enumerate(rows):
            grid.addWidget(left, row, 0)
            grid.addWidget(right, row, 1)
        grid.addWidget(lane_bar(self.state, self), len(rows) - 1, 2)
        grid.addWidget(add, len(rows), 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(time_bar(self.state, self), len(rows), 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(rows) - 1, 1)

    def _connect(self) -> None:
        state, edits, scrubbing = self.state, self.state.edits, self._scrubbing
        for inner, outer in (
            (scrubbing.begun, self.scrub_begun),
            (scrubbing.moved, self.scrubbed),
            (scrubbing.ended, self.scrub_ended),
            (edits.begun, self.gesture_begun),
            (edits.edited, self.curve_edited),
            (edits.ended, self.gesture_ended),
            (edits.aborted, self.gesture_aborted),
            (self.heads.toggled, self.lane_toggled),
            (self.heads.removed, self.lane_removed),
            (state.active_changed, self.active_lane_changed),
            (state.tool_changed, self.tool_changed),
            (state.selection_changed, self.selection_changed),
            (state.brush_changed, self.brush_changed),
            (self.ruler.loop_changed, self.loop_changed),
        ):
            inner.connect(outer)
        state.axis_changed.connect(lambda: self.view_changed.emit(state.axis.start, state.axis.end))
        self.controls.unit.clicked.connect(self.cycle_time_unit)
        self.canvas.menu_requested.connect(self._open_menu)
        self.canvas.value_requested.connect(self._edit_value)
        for strip in (self.ruler, self.waveform, self.labels, self.gaps):
            strip.setFocusProxy(self.canvas)

    def _keys(self) -> dict[str, Callable[[], None]]:
        return {
            **state_keys(self.state),
            "Esc": self.cancel,
            "Ctrl+T": self.cycle_time_unit,
            "A": self.frame_all,
            "F": self.frame_selection,
            "S": self.insert_key_at_playhead,
            ",": lambda: self.step_key(-1),
            ".": lambda: self.step_key(1),
            "Return": self.edit_selected_value,
            "+": lambda: self.zoom(ZOOM_STEP),
            "=": lambda: self.zoom(ZOOM_STEP),
            "-": lambda: self.zoom(1 / ZOOM_STEP),
        }

    def _is_dragging(self) -> bool:
        return any(strip.is_dragging for strip in self._strips())

    def _strips(self) -> tuple[TimeStrip, ...]:
        return (self.canvas, self.ruler, self.waveform, self.labels, self.gaps)

    def _open_menu(self, place: QPoint) -> None:
        menu = key_menu(self.state, self, place.x(), place.y(), self._edit_value)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.canvas.mapToGlobal(place))

    def _edit_value(self, name: str, key: int) -> None:
        lane, row = self.state.lane(name), self.state.layout.row(name)
        if lane.locked:
            self.state.refuse(name)
            return
        seconds, value = float(lane.curve.times[key]), float(lane.curve.values[key])
        editor = ValueEditor(
            self.canvas, value, lane.limits, lambda typed: key_edits.set_value(self.state, name, key, typed)
        )
        editor.open_beside(self.state.axis.x_of(seconds), row.y_of(value))
