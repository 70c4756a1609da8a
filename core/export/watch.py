"""Progress and cancelling of long writing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from typing import TypeVar

from core.errors import Cancelled

Progress = Callable[[int, int], None]
"""Called with frames done and frames in all."""

Block = TypeVar("Block", bound=Sized)
Frame = TypeVar("Frame")


@dataclass(frozen=True)
class Watch:
    """Counts frames for someone who waits, and stops when asked to.

    Attributes
    ----------
    total : int
        Frames in all.
    progress : callable or None
    cancelled : callable or None
        Returns true once the user wants to stop.
    """

    total: int
    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None

    def blocks(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """Pass blocks of frames on, and report each when it has been dealt with.

        Raises
        ------
        Cancelled
            If the user asked to stop.
        """
        done = 0
        for block in blocks:
            self._stop_if_asked()
            yield block
            done += len(block)
            self._report(done)
        self._stop_if_asked()

    def frames(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Do the same with single frames."""
        for (frame,) in self.blocks((frame,) for frame in frames):
            yield frame

    def _stop_if_asked(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled("stopped")

    def _report(self, done: int) -> None:
        if self.progress is not None:
            self.progress(done, self.total)
