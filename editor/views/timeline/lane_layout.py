"""Where the lanes lie on the canvas, and where a value lies in its lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from editor.lanes import LaneState

Number = TypeVar("Number", float, NDArray[np.float64])

LOWEST, HIGHEST = 26.0, 220.0
"""Least and greatest height of a lane that is not active, pixels."""

_PADDING = 6.0


@dataclass(frozen=True)
class Row:
    """Place of one lane on the canvas, pixels; ``limits`` are its lowest and highest value."""

    name: str
    top: float
    height: float
    limits: tuple[float, float]

    @property
    def bottom(self) -> float:
        """First pixel below."""
        return self.top + self.height

    @property
    def per_value(self) -> float:
        """Pixels per unit of value."""
        low, high = self.limits
        return (self.height - 2 * _PADDING) / (high - low)

    def y_of(self, value: Number) -> Number:
        """Pixel of a value; values outside the limits lie outside the padding."""
        return self.bottom - _PADDING - (value - self.limits[0]) * self.per_value

    def value_at(self, y: float) -> float:
        """Value at a pixel, within the limits."""
        return float(np.clip(self.limits[0] + (self.bottom - _PADDING - y) / self.per_value, *self.limits))


@dataclass(frozen=True)
class LaneLayout:
    """All lanes, from top to bottom, as scrolled."""

    rows: tuple[Row, ...] = ()
    content: float = 0.0

    def row(self, name: str) -> Row:
        """Return the place of a lane.

        Raises
        ------
        KeyError
            If there is no such lane.
        """
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)

    def at(self, y: float) -> Row | None:
        """Return the lane at a pixel, None below the last."""
        return next((row for row in self.rows if row.top <= y < row.bottom), None)

    def nearest(self, y: float) -> Row:
        """Return the lane at a pixel, or the one closest to it."""
        return min(self.rows, key=lambda row: max(row.top - y, y - row.bottom, 0.0))


def lay_out(lanes: Sequence[LaneState], height: float, tall: str, scroll: float) -> LaneLayout:
    """Stack the lanes, each ``height`` pixels but the one called ``tall``, on whole pixels."""
    rows, top = [], -float(round(scroll))
    for lane in lanes:
        own = tall_height(height) if lane.name == tall else float(round(height))
        rows.append(Row(lane.name, top, own, lane.limits))
        top += own
    return LaneLayout(tuple(rows), top + round(scroll))


def tall_height(height: float) -> float:
    """Height of the active lane where the others have ``height``."""
    return max(round(2.2 * height), 96.0)
