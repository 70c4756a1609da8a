"""Jobs on a thread pool; results return to the window's thread, newest of a slot wins, closing waits."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from core.errors import Cancelled, LipsyncError
from editor.background import Job

log = logging.getLogger(__name__)

TELLING = 2.0
"""Seconds after which the pace of a job tells how long it takes."""


class Ticket:
    """One running job; its worker thread holds this and nothing else of the window."""

    def __init__(self, job: Job, post: Callable[[Callable[[], None]], None]) -> None:
        self.job = job
        self.fraction = 0.0
        self._began = time.monotonic()
        self.cancelled = False
        self.result: Any = None
        self.error: Exception | None = None
        self._post = post

    @property
    def seconds_left(self) -> float | None:
        """How long it takes from now on at the pace it had so far; None where that is not known yet."""
        elapsed = time.monotonic() - self._began
        if elapsed < TELLING or self.fraction <= 0:
            return None
        return elapsed / self.fraction * (1 - self.fraction)

    def progress(self, fraction: float) -> None:
        """Say how much is done; raises Cancelled once nobody waits."""
        if self.cancelled:
            raise Cancelled
        self.fraction = fraction

    def partial(self, result: Any) -> None:
        """Hand over what is ready so far."""
        self._post(lambda: None if self.cancelled else self.job.partial(result))

    def run(self) -> None:
        """Do the work, in a thread of the pool."""
        try:
            self.result = self.job.work(self)
        except Exception as error:  # whatever it is, the animator must hear of it and the window stay up
            self.error = error


class _Runner(QRunnable):
    def __init__(self, ticket: Ticket, finished: Callable[[Ticket], None]) -> None:
        super().__init__()
        self._ticket, self._finished = ticket, finished

    def run(self) -> None:
        self._ticket.run()
        self._finished(self._ticket)


class Tasks(QObject):
    """Runs `editor.background.Job`s.

    Parameters
    ----------
    say : callable
        Takes the text of an error that no job handles itself.
    """

    changed = Signal()
    _posted = Signal(object)

    def __init__(self, say: Callable[[str], object]) -> None:
        super().__init__()
        self._say = say
        self._pool = QThreadPool()
        self._running: dict[str, Ticket] = {}
        self._waiting: dict[str, Job] = {}
        self._closed = False
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self, job: Job) -> None:
        """Run a job once the one before in its slot has ended; that one is cancelled."""
        if job.slot in self._running:
            self._running[job.slot].cancelled = True
            self._waiting[job.slot] = job
            return
        ticket = Ticket(job, self._posted.emit)
        self._running[job.slot] = ticket
        self._pool.start(_Runner(ticket, lambda t: self._posted.emit(lambda: self._finish(t))))
        self.changed.emit()

    def cancel(self, slot: str) -> None:
        """Stop the job of a slot, and the one that waits for it."""
        self._waiting.pop(slot, None)
        if slot in self._running:
            self._running[slot].cancelled = True
            self.changed.emit()

    def busy(self, slot: str) -> bool:
        """Whether a job runs in a slot that is still wanted."""
        return slot in self._waiting or (slot in self._running and not self._running[slot].cancelled)

    def shown(self) -> Ticket | None:
        """Return the newest running job that has a title."""
        titled = [t for t in self._running.values() if t.job.title and not t.cancelled]
        return titled[-1] if titled else None

    def close(self) -> None:
        """Cancel everything and wait until the threads are gone; jobs without a title finish first."""
        titled = {slot for slot, ticket in self._running.items() if ticket.job.title}
        for slot in titled:
            self.cancel(slot)
        self._waiting.clear()
        self._pool.waitForDone()
        self._running.clear()
        self._closed = True

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        # What a thread posted just before it ended may arrive when the views are gone.
        if not self._closed:
            call()

    def _finish(self, ticket: Ticket) -> None:
        slot = ticket.job.slot
        if self._running.get(slot) is ticket:
            del self._running[slot]
        if slot in self._waiting:
            self.start(self._waiting.pop(slot))
        if not ticket.cancelled:
            self._hand_over(ticket)
        self.changed.emit()

    def _hand_over(self, ticket: Ticket) -> None:
        error = ticket.error
        if error is None:
            ticket.job.done(ticket.result)
        elif isinstance(error, Cancelled):
            return
        else:
            if not isinstance(error, LipsyncError):
                log.error("%s failed", ticket.job.title or ticket.job.slot, exc_info=error)
            fail = ticket.job.failed or (lambda e: self._say(_sentence(e)))
            fail(error)


def _sentence(error: Exception) -> str:
    if isinstance(error, LipsyncError):
        return str(error)
    return f"Something went wrong: {error or type(error).__name__} (more in the log)"
