"""A keyed curve over time: immutable arrays, evaluated for many times at once.

Every segment is a cubic Bezier in (time, value), as in Maya and Blender; linear, stepped and automatic
tangents are handles chosen for the user. What the user typed is kept; handles that would fold time are
clamped only in evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.bezier import Doubles, bends, bezier, clamp_time, monotone_slopes, solve_bezier

MANY = 8
"""Keys from which on not all segments are made to look at one."""


class Tangent(IntEnum):
    """How a curve passes through a key."""

    AUTO = 0
    """Smooth and free of overshoot (monotone; Fritsch and Carlson 1980)."""
    LINEAR = 1
    STEP = 2
    """Holds this key's value until the next key."""
    BEZIER = 3
    """The key's own handles."""


def _no_times() -> Doubles:
    return np.empty(0, np.float64)


@dataclass(frozen=True, eq=False)
class Curve:
    """Keys in order of time.

    Attributes
    ----------
    times, values : ndarray of shape (K,), float64
        Seconds, strictly ascending, and the curve's value there.
    tangents : ndarray of shape (K,), uint8
        A `Tangent` for each key.
    handles : ndarray of shape (K, 2, 2), float64
        Incoming and outgoing handle of each key as (seconds, value) from the key; used by BEZIER keys.
    default : float
        Value of a curve without keys.
    """

    times: Doubles = field(default_factory=_no_times)
    values: Doubles = field(default_factory=_no_times)
    tangents: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    handles: Doubles = field(default_factory=lambda: np.empty((0, 2, 2)))
    default: float = 0.0

    @staticmethod
    def constant(value: float) -> Curve:
        """Return a curve without keys that is ``value`` everywhere."""
        return Curve(default=float(value))

    @staticmethod
    def of(
        keys: Iterable[tuple[float, float]], tangent: Tangent = Tangent.AUTO, default: float = 0.0
    ) -> Curve:
        """Make a curve from (seconds, value) pairs; of several keys at one time the last one stays."""
        unique = dict(sorted(((float(t), float(v)) for t, v in keys), key=lambda key: key[0]))
        times = np.array(list(unique), np.float64)
        return Curve(
            times,
            np.array(list(unique.values()), np.float64),
            np.full(len(times), tangent, np.uint8),
            np.zeros((len(times), 2, 2)),
            default,
        )

    def __len__(self) -> int:
        return len(self.times)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Curve):
            return NotImplemented
        mine, theirs = self._arrays(), other._arrays()
        return self.default == other.default and all(map(np.array_equal, mine, theirs))

    def __hash__(self) -> int:
        return hash((self.default, *(part.tobytes() for part in self._arrays())))

    def _arrays(self) -> tuple[NDArray[np.float64 | np.uint8], ...]:
        return self.times, self.values, self.tangents, self.handles

    # ---- evaluation

    def __call__(self, times: ArrayLike) -> Doubles:
        """Evaluate at times of any shape, seconds; before the first and after the last key it holds."""
        t = np.asarray(times, np.float64)
        if len(self) == 0:
            return np.full(t.shape, self.default)
        if len(self) == 1:
            return np.full(t.shape, self.values[0])
        if t.size == 1 and (value := self._at(t.item())) is not None:
            return np.full(t.shape, value)
        k = np.searchsorted(self.times[1:-1], t, side="right")
        share = (np.minimum(np.maximum(t, self.times[0]), self.times[-1]) - self.times[k]) / self._spans[k]
        x1, x2, y0, y1, y2, y3 = self._segments[:, k]
        smooth = bezier(solve_bezier(share, x1, x2), y0, y1, y2, y3)
        held = np.where(self.tangents[k] == Tangent.STEP, y0, smooth)
        return np.where(t >= self.times[-1], self.values[-1], held)

    def _at(self, time: float) -> float | None:
        """Evaluate at one time, as the viewport does: the same arithmetic without arrays, ten times as fast.

        None where handles bend time, which takes the long way.
        """
        if time >= self.times[-1]:
            return float(self.values[-1])
        k = int(np.searchsorted(self.times[1:-1], time, side="right"))
        if len(self) > MANY and "_segments" not in self.__dict__:
            # A curve under the brush is new at every touch: the keys around are all that this segment needs.
            return self._select(np.arange(max(k - 1, 0), min(k + 3, len(self))))._at(time)
        x1, x2, y0, y1, y2, y3 = self._segments[:, k].tolist()
        if bends(x1, x2):
            return None
        u: float = (max(time, self.times.item(0)) - self.times.item(k)) / self._spans.item(k)
        v = 1.0 - u
        smooth: float = v * v * v * y0 + 3 * v * v * u * y1 + 3 * v * u * u * y2 + u * u * u * y3
        return y0 if self.tangents.item(k) == Tangent.STEP else smooth

    @cached_property
    def _spans(self) -> Doubles:
        return np.diff(self.times)

    @cached_property
    def _segments(self) -> Doubles:
        """Bezier of each segment, (6, K - 1): inner control points in time, 0..1, and all four in value."""
        out, into = self._control_points
        out, into, y0, y3 = out[:-1], into[1:], self.values[:-1], self.values[1:]
        x1, x2 = out[:, 0] / self._spans, 1.0 + into[:, 0] / self._spans
        return np.stack([x1, x2, y0, y0 + out[:, 1], y3 + into[:, 1], y3])

    @cached_property
    def _control_points(self) -> tuple[Doubles, Doubles]:
        """Outgoing and incoming handles of all keys after tangents are chosen and clamped, (K, 2) each."""
        span = np.diff(self.times)
        chord = np.diff(self.values) / span
        before, after = np.append(span[:1], span), np.append(span, span[-1:])
        auto = monotone_slopes(span, chord)
        linear = self.tangents == Tangent.LINEAR
        slope_out = np.where(linear, np.append(chord, chord[-1]), auto)
        slope_in = np.where(linear, np.append(chord[0], chord), auto)
        out = np.stack([after / 3, slope_out * after / 3], axis=1)
        into = np.stack([-before / 3, -slope_in * before / 3], axis=1)
        own = self.tangents == Tangent.BEZIER
        into[own], out[own] = self.handles[own, 0], self.handles[own, 1]
        return clamp_time(out, after), clamp_time(into, before)

    # ---- editing: each returns a new curve

    def with_key(self, time: float, value: float, tangent: Tangent = Tangent.AUTO) -> Curve:
        """Insert a key, or move the one at exactly this time to a new value."""
        at = int(np.searchsorted(self.times, time))
        if at < len(self) and self.times[at] == time:
            values = self.values.copy()
            values[at] = value
            return replace(self, values=values)
        return replace(
            self,
            times=np.insert(self.times, at, time),
            values=np.insert(self.values, at, value),
            tangents=np.insert(self.tangents, at, np.uint8(tangent)),
            handles=np.insert(self.handles, at, np.zeros((2, 2)), axis=0),
        )

    def without(self, keys: ArrayLike) -> Curve:
        """Remove keys by number."""
        keep = np.ones(len(self), bool)
        keep[np.asarray(keys, np.intp)] = False
        return self._select(np.flatnonzero(keep))

    def moved(self, keys: ArrayLike, seconds: float, value: float) -> Curve:
        """Shift keys in time and value; a key that lands on another one replaces it."""
        chosen = np.asarray(keys, np.intp)
        times, values = self.times.copy(), self.values.copy()
        times[chosen] += seconds
        values[chosen] += value
        return replace(self, times=times, values=values)._ordered(np.isin(np.arange(len(self)), chosen))

    def only(self, keys: ArrayLike) -> Curve:
        """Keep some keys by number, in ascending order."""
        return self._select(np.asarray(keys, np.intp))

    def with_keys_of(self, other: Curve) -> Curve:
        """Insert all keys of another curve; where both have one, the other's replaces this one's."""
        both = Curve(
            np.concatenate([self.times, other.times]),
            np.concatenate([self.values, other.values]),
            np.concatenate([self.tangents, other.tangents]),
            np.concatenate([self.handles, other.handles]),
            self.default,
        )
        return both._ordered(np.arange(len(both)) >= len(self))

    def with_tangent(self, keys: ArrayLike, tangent: Tangent) -> Curve:
        """Choose a tangent for keys; BEZIER starts from the handles the curve shows now."""
        chosen = np.asarray(keys, np.intp)
        tangents, handles = self.tangents.copy(), self.handles.copy()
        if tangent == Tangent.BEZIER and len(self) > 1:
            out, into = self._control_points
            fresh = chosen[self.tangents[chosen] != Tangent.BEZIER]
            handles[fresh, 0], handles[fresh, 1] = into[fresh], out[fresh]
        tangents[chosen] = tangent
        return replace(self, tangents=tangents, handles=handles)

    def with_handles(self, key: int, into: tuple[float, float], out: tuple[float, float]) -> Curve:
        """Set both handles of a key, (seconds, value) from the key, and make it BEZIER."""
        tangents, handles = self.tangents.copy(), self.handles.copy()
        tangents[key], handles[key] = Tangent.BEZIER, (into, out)
        return replace(self, tangents=tangents, handles=handles)

    def _ordered(self, preferred: NDArray[np.bool_]) -> Curve:
        """Sort keys by time; of several at one time a preferred one is kept."""
        order = np.lexsort((preferred, self.times))
        last = np.append(np.diff(self.times[order]) > 0, True) if len(self) else np.empty(0, bool)
        return self._select(order[last])

    def _select(self, order: NDArray[np.intp]) -> Curve:
        return Curve(
            self.times[order], self.values[order], self.tangents[order], self.handles[order], self.default
        )
