"""Long work away from the window: a frozen job goes in, its result comes back to the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class Report(Protocol):
    """What running work may tell, from its own thread."""

    def progress(self, fraction: float) -> None:
        """Say how much is done, 0..1.

        Raises
        ------
        Cancelled
            If the work is no longer wanted.
        """

    @property
    def cancelled(self) -> bool:
        """Whether the work is no longer wanted."""

    def partial(self, result: Any) -> None:
        """Hand over what is ready so far."""


def nothing(_result: Any) -> None:
    """Take a result that nobody waits for."""


@dataclass(frozen=True)
class Job:
    """A piece of work.

    Attributes
    ----------
    slot : str
        Of two jobs in one slot the newer wins: the older is cancelled, its result never shown, and only
        then the newer runs.
    title : str
        What the status bar shows while it runs; empty for work nobody needs to see.
    work : callable
        Runs in another thread and sees nothing but what it was given.
    done, partial : callable
        Take the result, and results on the way, in the window's thread.
    failed : callable or None
        Takes the error; without it the error becomes a message.
    """

    slot: str
    title: str
    work: Callable[[Report], Any]
    done: Callable[[Any], None] = nothing
    partial: Callable[[Any], None] = nothing
    failed: Callable[[Exception], None] | None = None


class Background(Protocol):
    """Where jobs run."""

    def start(self, job: Job) -> None:
        """Run a job; an older one in its slot is cancelled."""

    def cancel(self, slot: str) -> None:
        """Stop the job of a slot; does nothing if there is none."""

    def busy(self, slot: str) -> bool:
        """Whether a job runs in a slot."""
