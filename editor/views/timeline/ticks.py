"""Where the ruler has its ticks and what it writes beside them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from editor.views.timeline.time_axis import TimeAxis

LABEL_PIXELS = 84.0
"""Least distance of labelled ticks."""

_SECONDS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 18_000.0, 36_000.0),
)
_FRAMES = tuple(digit * 10**power for power in range(7) for digit in (1, 2, 5))
_DIVISIONS = (10, 5, 4, 3, 2)
_MINOR_PIXELS = 7.0


class TimeUnit(Enum):
    """How times are written."""

    SECONDS = "Seconds"
    FRAMES = "Frames"
    TIMECODE = "Timecode"

    @property
    def following(self) -> TimeUnit:
        """The unit that a toggle turns to."""
        units = list(TimeUnit)
        return units[(units.index(self) + 1) % len(units)]


@dataclass(frozen=True)
class Ticks:
    """Ticks within the window.

    Attributes
    ----------
    major, minor : ndarray of float64
        Seconds; labelled ticks and the ones between.
    labels : tuple of str
        One for each major tick.
    """

    major: NDArray[np.float64]
    minor: NDArray[np.float64]
    labels: tuple[str, ...]


def ticks(axis: TimeAxis, unit: TimeUnit, fps: float) -> Ticks:
    """Choose round ticks whose labels do not touch."""
    step = _step(LABEL_PIXELS / axis.scale, unit, fps)
    major = _multiples(step, axis)
    labels = tuple(label(float(t), unit, fps, step) for t in major)
    return Ticks(major, _multiples(_minor_step(step, axis.scale, unit, fps), axis), labels)


def label(seconds: float, unit: TimeUnit, fps: float, step: float = 0.001) -> str:
    """Write a time; ``step`` says how fine seconds have to be."""
    if unit is TimeUnit.FRAMES:
        return str(round(seconds * fps))
    if unit is TimeUnit.TIMECODE:
        return _timecode(seconds, fps)
    decimals = max(0, int(np.ceil(-np.log10(step) - 1e-9)))
    minutes, rest = divmod(round(seconds, decimals), 60.0)
    width = decimals + 3 if decimals else 2
    return f"{int(minutes)}:{rest:0{width}.{decimals}f}"


def _timecode(seconds: float, fps: float) -> str:
    rate = max(round(fps), 1)
    whole, frame = divmod(round(seconds * fps), rate)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}:{frame:02d}"


def _step(least: float, unit: TimeUnit, fps: float) -> float:
    """Shortest round step of at least ``least`` seconds."""
    frames = [f / fps for f in _FRAMES]
    if unit is TimeUnit.FRAMES:
        steps = frames
    elif unit is TimeUnit.TIMECODE:
        # A timecode second is a round number of frames, also where the rate is not whole.
        steps = [s for s in frames if s * fps < fps / 2] + [
            s * max(round(fps), 1) / fps for s in _SECONDS if s >= 1
        ]
    else:
        steps = list(_SECONDS)
    return float(next((step for step in steps if step >= least), steps[-1]))


def _minor_step(step: float, scale: float, unit: TimeUnit, fps: float) -> float:
    for parts in _DIVISIONS:
        minor = step / parts
        whole_frames = unit is TimeUnit.SECONDS or abs(minor * fps - round(minor * fps)) < 1e-6
        if minor * scale >= _MINOR_PIXELS and whole_frames:
            return minor
    return step


def _multiples(step: float, axis: TimeAxis) -> NDArray[np.float64]:
    first = max(0, int(np.ceil(axis.start / step - 1e-9)))
    last = int(np.floor(min(axis.end, axis.duration) / step + 1e-9))
    return np.arange(first, last + 1, dtype=np.float64) * step
