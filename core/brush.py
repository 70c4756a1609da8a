"""A brush that paints a curve: dabs bend a dense copy, the finished stroke becomes few keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from core.bezier import Doubles
from core.curve import Curve, Tangent
from core.key_fit import fewest_keys

GRID_HZ = 60.0
TOLERANCE = 0.01


class BrushMode(Enum):
    """What a dab does to the curve beneath it."""

    PAINT = "paint"
    ERASE = "erase"
    SMOOTH = "smooth"


@dataclass(frozen=True)
class Brush:
    """How a dab falls on the curve.

    Attributes
    ----------
    radius : float
        Seconds to either side.
    strength : float
        0..1, share of the way to the painted value in one dab.
    hardness : float
        0..1, share of the radius that gets the full strength.
    mode : BrushMode
    """

    radius: float = 0.15
    strength: float = 0.6
    hardness: float = 0.3
    mode: BrushMode = BrushMode.PAINT

    def falloff(self, distance: Doubles) -> Doubles:
        """Weight 1 within the hard core, a cosine down to 0 at the radius."""
        soft = max(1.0 - self.hardness, 1e-6)
        x = np.clip((np.abs(distance) / self.radius - self.hardness) / soft, 0.0, 1.0)
        return np.asarray((0.5 + 0.5 * np.cos(np.pi * x)) * self.strength)


class Stroke:
    """One press, drag and release of the brush on one curve.

    Parameters
    ----------
    curve : Curve
        As it was before the stroke.
    brush : Brush
    limits : tuple of (float, float)
        Range of values that can be painted.
    """

    def __init__(self, curve: Curve, brush: Brush, limits: tuple[float, float] = (0.0, 1.5)) -> None:
        self._before = curve
        self._brush = brush
        self._limits = limits
        self._grid = np.empty(0)
        self._values = np.empty(0)

    def dab(self, time: float, value: float, pressure: float = 1.0) -> None:
        """Bend the curve around ``time`` towards ``value``; fast drags are filled in by the caller.

        ``pressure`` scales the strength of this dab, at most to the whole way.
        """
        self._cover(time - self._brush.radius, time + self._brush.radius)
        near = self._near(time)
        values = self._values[near]
        weight = np.minimum(self._brush.falloff(self._grid[near] - time) * pressure, 1.0)
        target = self._target(values, float(np.clip(value, *self._limits)))
        self._values[near] = np.clip(values + weight * (target - values), *self._limits)

    def preview(self) -> Curve:
        """Return the curve with the stroke so far, densely keyed, for showing under the brush."""
        return self._merged(self._grid, self._values, Tangent.LINEAR)

    def finish(self, tolerance: float = TOLERANCE) -> Curve:
        """Return the curve with the stroke as few automatic keys, at most ``tolerance`` off."""
        if not len(self._grid):
            return self._before
        return fewest_keys(
            self._grid,
            self._values,
            tolerance,
            lambda keys: self._merged(self._grid[keys], self._values[keys], Tangent.AUTO),
        )

    def _near(self, time: float) -> slice:
        """Return the samples that a dab changes and, to either side, those that smoothing looks at."""
        reach = self._brush.radius + self._smoothing // 2 / GRID_HZ
        first, last = np.searchsorted(self._grid, [time - reach, time + reach])
        return slice(int(first), int(last) + 1)

    @property
    def _smoothing(self) -> int:
        return max(3, int(self._brush.radius * GRID_HZ) | 1)

    def _target(self, values: Doubles, value: float) -> Doubles | float:
        if self._brush.mode is BrushMode.ERASE:
            return 0.0
        if self._brush.mode is BrushMode.PAINT:
            return value
        width = self._smoothing
        padded = np.pad(values, width // 2, mode="edge")
        return np.convolve(padded, np.full(width, 1.0 / width), mode="valid")

    def _cover(self, start: float, end: float) -> None:
        """Extend the dense copy to the grid points around start..end, reading the untouched curve."""
        first, last = np.floor(max(start, 0.0) * GRID_HZ), np.ceil(max(end, 0.0) * GRID_HZ)
        if len(self._grid):
            first = min(first, np.rint(self._grid[0] * GRID_HZ))
            last = max(last, np.rint(self._grid[-1] * GRID_HZ))
        grid = np.arange(first, last + 1) / GRID_HZ
        if len(grid) == len(self._grid):
            return
        at = int(np.rint(self._grid[0] * GRID_HZ) - first) if len(self._grid) else 0
        fresh = self._before(np.delete(grid, np.s_[at : at + len(self._grid)]))
        self._grid, self._values = grid, np.concatenate([fresh[:at], self._values, fresh[at:]])

    def _merged(self, times: Doubles, values: Doubles, tangent: Tangent) -> Curve:
        if not len(self._grid):
            return self._before
        outside = (self._before.times < self._grid[0]) | (self._before.times > self._grid[-1])
        count = len(times)
        kept = self._before.without(np.flatnonzero(~outside))
        at = int(np.searchsorted(kept.times, times[0]))
        return replace(
            kept,
            times=np.insert(kept.times, at, times),
            values=np.insert(kept.values, at, values),
            tangents=np.insert(kept.tangents, at, np.full(count, tangent, np.uint8)),
            handles=np.insert(kept.handles, at, np.zeros((count, 2, 2)), axis=0),
        )
