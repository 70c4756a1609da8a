"""The clock that playback follows: the sound card's where there is one, else the computer's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Motion:
    """How the playhead moves.

    Attributes
    ----------
    start : float
        Seconds in the recording where it starts.
    speed : float
        1 forward, -1 backward, 2 twice as fast ...
    loop : tuple of (float, float), or None
        Range whose far end leads back to its near end.
    """

    start: float
    speed: float = 1.0
    loop: tuple[float, float] | None = None

    def at(self, elapsed: float) -> float:
        """Position in the recording after ``elapsed`` seconds of real time."""
        position = self.start + max(elapsed, 0.0) * self.speed
        if self.loop is None:
            return position
        near, far = self.loop
        if (self.speed > 0 and position >= far) or (self.speed < 0 and position < near):
            return near + (position - near) % (far - near)
        return position


class Clock(Protocol):
    """What playback needs of a clock; it may make sound as well."""

    @property
    def label(self) -> str:
        """What the status bar says of it."""

    @property
    def lost(self) -> bool:
        """Whether it stopped on its own: the device was unplugged."""

    def start(self, motion: Motion) -> None:
        """Begin to move, and to sound."""

    def stop(self) -> None:
        """Stand still, in silence."""

    def position(self) -> float:
        """Seconds in the recording of what is heard now; only while moving."""

    def grain(self, seconds: float) -> None:
        """Sound a short piece of the recording, for scrubbing."""

    def close(self) -> None:
        """Give the device back."""


class SilentClock:
    """The computer's own clock.

    Parameters
    ----------
    reason : str
        Why there is no sound.
    now : callable
        Seconds of real time.
    """

    lost = False

    def __init__(self, reason: str = "no recording", now: Callable[[], float] = time.perf_counter) -> None:
        self.label = f"Silent: {reason}"
        self._now = now
        self._motion = Motion(0.0, 0.0)
        self._began = 0.0

    def start(self, motion: Motion) -> None:
        """Begin to move."""
        self._motion, self._began = motion, self._now()

    def stop(self) -> None:
        """Stand still."""
        self._motion = Motion(self.position(), 0.0)

    def position(self) -> float:
        """Seconds in the recording."""
        return self._motion.at(self._now() - self._began)

    def grain(self, seconds: float) -> None:
        """Sound nothing."""

    def close(self) -> None:
        """Give nothing back."""
