"""Select keys by a rectangle."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from editor.views.timeline.selection import Selection, selection_of, united
from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.tool import Pointer


class BoxSelect:
    """Press on empty canvas: a drag selects the keys within, a click selects none; Shift adds."""

    def __init__(self, state: TimelineState) -> None:
        self._state = state

    def press(self, pointer: Pointer) -> None:
        """Remember the corner."""
        self._from = pointer
        self._from_time = self._state.axis.time_at(pointer.x)
        self._before = self._state.selection

    def move(self, pointer: Pointer) -> None:
        """Stretch the rectangle and select what it holds."""
        if self._state.band is None and not pointer.is_drag_from(self._from):
            return
        corner = QPointF(self._state.axis.x_of(self._from_time), self._from.y)
        band = QRectF(corner, QPointF(pointer.x, pointer.y)).normalized()
        self._state.set_band(band)
        found = self._keys_within(band)
        self._state.select(united(self._before, found) if pointer.shift else found)

    def release(self, pointer: Pointer) -> None:
        """Keep what is selected."""
        if self._state.band is None and not pointer.shift:
            self._state.select({})
        self._state.set_band(None)

    def cancel(self) -> None:
        """Select what was selected before."""
        self._state.set_band(None)
        self._state.select(self._before)

    def _keys_within(self, band: QRectF) -> Selection:
        found = {}
        for row in self._state.layout.rows:
            curve = self._state.lane(row.name).curve
            x, y = self._state.axis.x_of(curve.times), row.y_of(curve.values)
            inside = (x >= band.left()) & (x <= band.right()) & (y >= band.top()) & (y <= band.bottom())
            found[row.name] = np.flatnonzero(inside)
        return selection_of(found)
