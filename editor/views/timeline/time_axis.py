"""The mapping between seconds and pixels that all strips of the timeline share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", float, NDArray[np.float64])

MARGIN = 16.0
"""Pixels kept free before the start and after the end of the recording."""

CLOSEST = 24_000.0
"""Pixels per second at the deepest zoom: single samples can be told apart."""

_EMPTY_SECONDS = 10.0


@dataclass(frozen=True)
class TimeAxis:
    """A window on time, ``width`` pixels wide.

    Attributes
    ----------
    start : float
        Seconds at the left edge; slightly negative where the margin shows.
    scale : float
        Pixels per second.
    width : float
        Pixels.
    duration : float
        Seconds of the recording.
    """

    start: float = 0.0
    scale: float = 100.0
    width: float = 1000.0
    duration: float = _EMPTY_SECONDS

    @property
    def end(self) -> float:
        """Seconds at the right edge."""
        return self.start + self.width / self.scale

    @property
    def widest(self) -> float:
        """Pixels per second at which the whole recording fits."""
        return max(self.width - 2 * MARGIN, 1.0) / max(self.duration, 0.1)

    def x_of(self, seconds: Number) -> Number:
        """Pixels from the left edge."""
        return (seconds - self.start) * self.scale

    def time_at(self, x: Number) -> Number:
        """Seconds at a pixel; the inverse of `x_of`."""
        return self.start + x / self.scale

    def zoomed(self, factor: float, x: float) -> TimeAxis:
        """Magnify about pixel ``x``: the time there stays there, unless an end of the recording is met."""
        scale = float(np.clip(self.scale * factor, min(self.widest, CLOSEST), CLOSEST))
        return replace(self, scale=scale, start=self.time_at(x) - x / scale)._kept_inside()

    def panned(self, pixels: float) -> TimeAxis:
        """Show what lies ``pixels`` further right."""
        return replace(self, start=self.start + pixels / self.scale)._kept_inside()

    def framed(self, start: float, end: float) -> TimeAxis:
        """Show exactly this span, with the margin on both sides."""
        scale = max(self.width - 2 * MARGIN, 1.0) / max(end - start, 1e-3)
        scale = float(np.clip(scale, min(self.widest, CLOSEST), CLOSEST))
        middle = (start + end) / 2
        return replace(self, scale=scale, start=middle - self.width / scale / 2)._kept_inside()

    def revealed(self, seconds: float) -> TimeAxis:
        """Turn the page so that a time outside the window appears near its left edge."""
        if self.start <= seconds <= self.end:
            return self
        return replace(self, start=seconds - 0.08 * self.width / self.scale)._kept_inside()

    def resized(self, width: float) -> TimeAxis:
        """Keep the left edge and the zoom in another width; a whole recording in view stays whole."""
        if self.scale <= self.widest * 1.001:
            return replace(self, width=width).framed(0.0, self.duration)
        return replace(self, width=width).zoomed(1.0, 0.0)

    def lasting(self, duration: float) -> TimeAxis:
        """Show another recording, whole."""
        return replace(self, duration=duration or _EMPTY_SECONDS).framed(0.0, duration or _EMPTY_SECONDS)

    def _kept_inside(self) -> TimeAxis:
        margin = MARGIN / self.scale
        last = max(self.duration + margin - self.width / self.scale, -margin)
        return replace(self, start=float(np.clip(self.start, -margin, last)))
