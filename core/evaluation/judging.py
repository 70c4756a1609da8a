"""Running a model over recordings to be judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.audio import AudioClip, load_audio
from core.evaluation.conditions import CONDITIONS, NO_VOICE
from core.evaluation.measures import CaptureScore, SpeechScore, score_capture, score_speech, speaker_mean
from core.evaluation.movement import Movement, movement
from core.evaluation.recordings import Aligned, Capture
from core.evaluation.respeaking import RATE, Sound
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.rig import Rig

Progress = Callable[[float], None]
QUIET_SECONDS = 10


@dataclass(frozen=True)
class Speaker:
    """A model that moves a head's mouth.

    Attributes
    ----------
    model : str
        Name of a model or path of a checkpoint.
    settings : mapping of str to str
    """

    rig: Rig
    model: str
    settings: dict[str, str]

    def says(self, sound: AudioClip) -> Movement:
        """Move the mouth to a sound."""
        return movement(self.rig, infer(InferenceRequest(sound, self.model, self.settings)))


@dataclass(frozen=True)
class Judged:
    """What came of a model.

    Attributes
    ----------
    captures : list of (CaptureScore, Movement)
    speech : SpeechScore or None
    """

    captures: list[tuple[CaptureScore, Movement]]
    speech: SpeechScore | None

    @property
    def scores(self) -> list[CaptureScore]:
        """Those of the captures."""
        return [score for score, _ in self.captures]


def judge(
    speaker: Speaker,
    captures: Sequence[Capture],
    aligned: Sequence[Aligned],
    progress: Progress,
    condition: Callable[[Sound], Sound] | None = None,
) -> Judged:
    """Let the model speak all recordings, under a condition if there is one.

    Raises
    ------
    InputError
        A recording cannot be read.
    """
    mouths: list[Movement] = []
    recordings: list[Capture | Aligned] = [*captures, *aligned]
    for number, recording in enumerate(recordings, 1):
        sound = load_audio(recording.sound)
        if condition is not None:
            sound = AudioClip(condition(sound.mono(RATE))[None], RATE)
        mouths.append(speaker.says(sound))
        progress(number / len(recordings))
    of_captures, of_aligned = mouths[: len(captures)], mouths[len(captures) :]
    scored = [(score_capture(c, mouth), mouth) for c, mouth in zip(captures, of_captures, strict=True)]
    speech = score_speech(list(zip(aligned, of_aligned, strict=True))) if aligned else None
    return Judged(scored, speech)


@dataclass(frozen=True)
class Withstood:
    """How a model fares under one condition; NaN where there was nothing to measure it by."""

    condition: str
    r: float
    met: float
    false: float


def withstand(
    speaker: Speaker, captures: Sequence[Capture], aligned: Sequence[Aligned], progress: Progress
) -> list[Withstood]:
    """Judge the model under each of `CONDITIONS`."""
    rows = []
    for number, (name, condition) in enumerate(CONDITIONS.items()):
        judged = judge(
            *(speaker, captures, aligned),
            lambda share, done=number: progress((done + share) / len(CONDITIONS)),  # type: ignore[misc]  # a default binds the number
            condition,
        )
        speech = judged.speech
        shares = (speech.met, speech.false) if speech else (float("nan"),) * 2
        rows.append(Withstood(name, speaker_mean(judged.scores, "r"), *shares))
    return rows


def without_voice(speaker: Speaker) -> dict[str, tuple[float, float]]:
    """Mean gap of the lips (mm), and its range, in ten seconds of each of `NO_VOICE`."""
    found = {}
    for name, make in NO_VOICE.items():
        gap = speaker.says(AudioClip(make(QUIET_SECONDS * RATE)[None], RATE)).gap
        found[name] = (float(gap.mean()), float(np.ptp(gap)))
    return found
