"""What the strips of the timeline share: the window on time, the lanes as last set, the selection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QObject, QRectF, Signal

from core.brush import Brush
from editor.lanes import Ghost, LaneState
from editor.views.timeline import palette
from editor.views.timeline.edits import Edits
from editor.views.timeline.lane_layout import HIGHEST, LOWEST, LaneLayout, lay_out
from editor.views.timeline.selection import Selection, followed, selection_of
from editor.views.timeline.ticks import TimeUnit
from editor.views.timeline.time_axis import TimeAxis

_LEAST_DAB_PIXELS = 3.0


@dataclass
class Marks:
    """Spans of time shown beside the lanes, seconds; ``ready`` is None where there is nothing to wait for."""

    loop: tuple[float, float] | None = None
    ready: tuple[tuple[float, float], ...] | None = ()


@dataclass
class Sizes:
    """Pixels of the lane canvas: its height, how far it is scrolled, and the height of a lane."""

    viewport: float = 400.0
    scroll: float = 0.0
    lane: float = palette.LANE_HEIGHT
    layout: LaneLayout = field(default_factory=LaneLayout)


class TimelineState(QObject):
    """State of the view, never of the document: what is set from outside or by the mouse, and who is told."""

    axis_changed = Signal()
    lanes_changed = Signal(object)
    layout_changed = Signal()
    selection_changed = Signal()
    playhead_changed = Signal(float, float)
    marks_changed = Signal()
    tool_changed = Signal(str)
    brush_changed = Signal(object)
    active_changed = Signal(str)
    overlay_changed = Signal()
    refused = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.edits = Edits(self)
        self.axis = TimeAxis().lasting(0.0)
        self.fps = 30.0
        self.unit = TimeUnit.SECONDS
        self.marks = Marks()
        self.playhead = 0.0
        self.lanes: tuple[LaneState, ...] = ()
        self.ghosts: Mapping[str, Ghost] = {}
        self.selection: Selection = {}
        self.active = ""
        self.tool = "select"
        self.brush = Brush()
        self.snapping = True
        self.band: QRectF | None = None
        self.painted_lane = ""
        self.readout = ""
        self.sizes = Sizes()
        self._tall = ""
        self._dragging = False

    # ---- time

    def set_axis(self, axis: TimeAxis) -> None:
        """Show another window on time."""
        if axis != self.axis:
            self.axis = axis
            self.axis_changed.emit()

    def set_playhead(self, seconds: float) -> None:
        """Move the playhead; when it leaves the window, the page turns."""
        before, self.playhead = self.playhead, seconds
        if before == seconds:
            return
        # Not while a button is down: what is under the mouse would be another time.
        if self.axis.start <= before <= self.axis.end and not self._dragging:
            self.set_axis(self.axis.revealed(seconds))
        self.playhead_changed.emit(before, seconds)

    def snapped(self, seconds: float, toggled: bool = False) -> float:
        """Return the nearest frame where snapping is on; ``toggled`` means the other way for now."""
        if self.snapping == toggled:
            return seconds
        return round(seconds * self.fps) / self.fps

    def within(self, seconds: float) -> float:
        """Return the time in the recording nearest to this one."""
        return float(np.clip(seconds, 0.0, self.axis.duration))

    # ---- lanes

    def lane(self, name: str) -> LaneState:
        """Return a lane.

        Raises
        ------
        KeyError
            If there is no such lane.
        """
        for lane in self.lanes:
            if lane.name == name:
                return lane
        raise KeyError(name)

    def set_lanes(self, lanes: tuple[LaneState, ...]) -> None:
        """Take over lanes and tell which ones look different; the selection follows its keys."""
        before = {lane.name: lane for lane in self.lanes}
        self.lanes = lanes
        names = [lane.name for lane in lanes]
        changed = frozenset(n.name for n in lanes if n.name in before and _differs(before[n.name], n))
        selection = selection_of(
            {
                lane.name: followed(self.selection[lane.name], before[lane.name].curve, lane.curve)
                for lane in lanes
                if lane.name in self.selection
            }
        )
        lost = self.active not in names
        if lost:
            self.active = self._tall = names[0] if names else ""
        rows = [(row.name, row.limits) for row in self.layout.rows]
        if lost or rows != [(lane.name, lane.limits) for lane in lanes]:
            self._lay_out()
        if lost:
            self.active_changed.emit(self.active)
        self.select(selection)
        if changed:
            self.lanes_changed.emit(changed)

    def set_active(self, name: str) -> None:
        """Work on a lane: it is highlighted, and taller once the mouse is up."""
        if name == self.active or (name and name not in {lane.name for lane in self.lanes}):
            return
        before, self.active = self.active, name
        if self._dragging:
            self.lanes_changed.emit(frozenset({before, name}))
        else:
            self._tall = name
            self._lay_out()
        self.active_changed.emit(name)

    def refuse(self, name: str) -> None:
        """Show that a locked lane is not edited."""
        self.refused.emit(name)

    def select(self, selection: Selection) -> None:
        """Choose keys."""
        before, self.selection = self.selection, selection_of(selection)
        names = {*before, *self.selection}
        empty = np.empty(0, np.intp)
        if any(not np.array_equal(before.get(n, empty), self.selection.get(n, empty)) for n in names):
            self.selection_changed.emit()
            self.lanes_changed.emit(frozenset(names))

    def set_painted_lane(self, name: str) -> None:
        """Show a lane without its keys while a stroke is being painted on it."""
        before, self.painted_lane = self.painted_lane, name
        self.lanes_changed.emit(frozenset({before, name} - {""}))

    # ---- layout

    @property
    def layout(self) -> LaneLayout:
        """Where the lanes are."""
        return self.sizes.layout

    def hold_layout(self) -> None:
        """Keep lanes where they are while a button is down."""
        self._dragging = True

    def release_layout(self, y: float) -> None:
        """Let the active lane grow; the place under the mouse stays there where scrolling allows it.

        A lane that the mouse is not on was chosen elsewhere, and stays in view.
        """
        self._dragging = False
        if self._tall == self.active:
            return
        rows = {row.name: row for row in self.layout.rows}
        before = rows.get(self.active)
        self._tall = self.active
        self._lay_out()
        row = self.layout.row(self.active)
        if before is not None and before.top <= y < before.bottom:
            self.scroll_by(row.top + (y - before.top) / before.height * row.height - y)
        else:
            self.reveal_active()

    def reveal_active(self) -> None:
        """Scroll to the active lane."""
        row = self.layout.row(self.active)
        self.scroll_by(min(row.top, 0.0) + max(row.bottom - self.sizes.viewport, 0.0))

    def set_viewport(self, height: float) -> None:
        """Take the canvas height."""
        self.sizes.viewport = height
        self._lay_out()

    def scroll_by(self, pixels: float) -> None:
        """Show what lies further down, within the lanes there are."""
        self.sizes.scroll += pixels
        self._lay_out()

    def set_lane_height(self, height: float, about_y: float = 0.0) -> None:
        """Make lanes lower or higher; what is at ``about_y`` stays there."""
        before = self.sizes.lane
        self.sizes.lane = float(np.clip(height, LOWEST, HIGHEST))
        self.sizes.scroll = (self.sizes.scroll + about_y) * self.sizes.lane / before - about_y
        self._lay_out()

    def _lay_out(self) -> None:
        sizes = self.sizes
        content = lay_out(self.lanes, sizes.lane, self._tall, 0.0).content
        sizes.scroll = float(np.clip(sizes.scroll, 0.0, max(content - sizes.viewport, 0.0)))
        sizes.layout = lay_out(self.lanes, sizes.lane, self._tall, sizes.scroll)
        self.layout_changed.emit()

    # ---- what hangs over the lanes

    def set_band(self, band: QRectF | None) -> None:
        """Show the rectangle of a box selection, None for none."""
        self.band = band
        self.overlay_changed.emit()

    def set_readout(self, readout: str) -> None:
        """Show what a drag has come to beside the mouse, nothing for an empty text."""
        self.readout = readout
        self.overlay_changed.emit()

    def set_tool(self, tool: str) -> None:
        """Take the ``"select"`` or the ``"brush"`` tool.

        Raises
        ------
        ValueError
            For any other word.
        """
        if tool not in ("select", "brush"):
            raise ValueError(f"no such tool: {tool}")
        if tool != self.tool:
            self.tool = tool
            self.tool_changed.emit(tool)
            self.overlay_changed.emit()

    @property
    def dab_radius(self) -> float:
        """Radius of a dab in seconds: the brush's, but no less than can be seen at this zoom."""
        return max(self.brush.radius, _LEAST_DAB_PIXELS / self.axis.scale)

    def set_brush(self, brush: Brush) -> None:
        """Take another brush."""
        if brush != self.brush:
            self.brush = brush
            self.brush_changed.emit(brush)
            self.overlay_changed.emit()


def _differs(before: LaneState, after: LaneState) -> bool:
    return before is not after and before != after
