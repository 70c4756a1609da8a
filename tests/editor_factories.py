"""Small real things for the editor's tests: jobs that run at once, answers from a script, a clock to turn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.audio import AudioClip
from core.curve import Curve
from core.document import Track
from core.errors import Cancelled
from core.peaks import Peaks
from core.project.autosave import Recovery
from editor.background import Job
from editor.controllers.prompts import Answer, Fate
from editor.session import Session
from editor.sound.clock import SilentClock
from tests.factories import mouth_rig, speech

RATE = 16000


def tone(seconds: float = 4.0, hertz: float = 220.0, rate: int = RATE, channels: int = 1) -> AudioClip:
    """Return a sine of constant loudness."""
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    return AudioClip(np.repeat(wave[None].astype(np.float32), channels, axis=0), rate, "tone")


def open_session(seconds: float = 4.0) -> Session:
    """Return a session with a head, a recording and its lipsync, and two emotions."""
    session = Session({"joy": {"mouthSmileLeft": 1.0}, "anger": {"jawOpen": 0.3}})
    clip = tone(seconds)
    session.set_rig(mouth_rig())
    session.set_audio(clip, Peaks(clip))
    session.set_neutral(speech([0.0, 0.5, 1.0] * 80), ((0.0, seconds),))
    return session


def give_track(session: Session, name: str, keys: list[tuple[float, float]]) -> None:
    """Add an emotion with keys."""
    session.history.apply("add", lambda d: d.with_track(Track(name, Curve.of(keys))))


class AtOnce:
    """Runs each job where it is started."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.started: list[Job] = []
        self.held: list[Job] | None = None
        self.cancelled = False

    def hold(self) -> None:
        """Keep jobs until `release`, as a busy pool would."""
        self.held = []

    def release(self) -> None:
        """Run what was held."""
        held, self.held = self.held or [], None
        for job in held:
            self._run(job)

    def start(self, job: Job) -> None:
        self.started.append(job)
        if self.held is None:
            self._run(job)
        else:
            self.held = [*(j for j in self.held if j.slot != job.slot), job]

    def cancel(self, slot: str) -> None:
        self.held = None if self.held is None else [j for j in self.held if j.slot != slot]

    def busy(self, slot: str) -> bool:
        return any(job.slot == slot for job in self.held or [])

    def _run(self, job: Job) -> None:
        try:
            result = job.work(_Report(job))
        except Cancelled:
            return
        except Exception as error:
            self.errors.append(error)
            if job.failed is not None:
                job.failed(error)
            return
        job.done(result)


class _Report:
    cancelled = False

    def __init__(self, job: Job) -> None:
        self._job = job

    def progress(self, fraction: float) -> None:
        assert -1e-9 <= fraction <= 1 + 1e-9

    def partial(self, result: Any) -> None:
        self._job.partial(result)


class Script:
    """Answers questions as it was told to, and notes that it was asked."""

    def __init__(self) -> None:
        self.answer = Answer.CANCEL
        self.fate = Fate.LATER
        self.place: Path | None = None
        self.asked: list[str] = []

    def keep_changes(self, name: str) -> Answer:
        self.asked.append(f"keep {name}")
        return self.answer

    def file_to_open(self) -> Path | None:
        return self.place

    def folder_to_open(self) -> Path | None:
        return self.place

    def path_to_save(self, suggestion: Path) -> Path | None:
        self.asked.append(f"save {suggestion.name}")
        return self.place

    def recover(self, recovery: Recovery) -> Fate:
        self.asked.append(f"recover {recovery.project}")
        return self.fate


class Watchmaker:
    """Time that a test turns; its silent clocks can be taken away like a sound device."""

    def __init__(self) -> None:
        self.now = 100.0
        self.grains: list[float] = []

    def open(self, _clip: AudioClip | None) -> SilentClock:
        return NotedClock(self)


class NotedClock(SilentClock):
    """Notes what would sound."""

    def __init__(self, maker: Watchmaker) -> None:
        super().__init__("test", lambda: maker.now)
        self._grains = maker.grains

    def grain(self, seconds: float) -> None:
        self._grains.append(seconds)


def messages(session: Session) -> list[str]:
    """Return a list that fills with what the session says."""
    said: list[str] = []
    session.said.connect(lambda message: said.append(message.text))
    return said
