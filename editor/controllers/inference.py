"""Lipsync in the background: asked for when recording, model or settings change, shown when it arrives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.audio import AudioClip
from core.inference.cache import NeutralCache
from core.inference.engine import Hooks, infer
from core.inference.models import hears_phones, is_missing, load_any, title_of
from core.inference.request import SETTINGS, SPEAKER, InferenceRequest
from core.inference.text import misfits
from core.neutral import Neutral
from core.transcript import Transcript
from editor.background import Background, Job, Report, nothing
from editor.session import SILENT, Message, Session, Tone

if TYPE_CHECKING:
    from emotion.voice import Voice

SLOT = "lipsync"


@dataclass(frozen=True)
class Beginning:
    """Lipsync of the window around the playhead, before the rest is there."""

    start: float
    neutral: Neutral


@dataclass(frozen=True)
class Question:
    """What the lipsync depends on; recordings are told apart by identity."""

    audio: AudioClip | None
    model: str
    settings: tuple[str, ...]
    transcript: Transcript | None


class Inference:
    """Keeps the session's lipsync in step with its document.

    Parameters
    ----------
    session : Session
    background : Background
    cache : NeutralCache
    """

    def __init__(self, session: Session, background: Background, cache: NeutralCache) -> None:
        self._session, self._background, self._cache = session, background, cache
        self._asked: Question | None = None
        self._model = ("", False)
        """The model asked for last, and whether it hears phones."""
        self._complaint: Message | None = None
        session.document_changed.connect(self.follow)
        session.audio_changed.connect(self.follow)
        session.face_changed.connect(self._wear)
        self._wearing: object = None

    def warm_up(self) -> None:
        """Load PyTorch and the model before they are needed, so that the first recording speaks at once."""
        model = self._session.document.model
        self._background.start(Job("warm-up", "", lambda _report: load_any(model), failed=nothing))

    def follow(self) -> None:
        """Ask again if the answer can have changed."""
        question = self._question()
        if question == self._asked:
            return
        self._asked = question
        if self._complaint is not None:  # it was about another question
            self._session.take_back(self._complaint)
            self._complaint = None
        if question.audio is None:
            self._background.cancel(SLOT)
            self._session.set_neutral(SILENT, ())
            return
        self._ask(question.audio, question.transcript)

    def again(self) -> None:
        """Ask anew, after a cancel or an error, or where the file of the model was written again."""
        self._asked, self._model = None, ("", False)
        self.follow()

    def cancelled(self, slot: str) -> None:
        """Rest the lips and say how to go on, if it was their making that the animator stopped."""
        if slot == SLOT:
            self._session.set_neutral(SILENT, ())
            text = "The lips rest, as making them was stopped: choose Make lipsync again in the menu Edit."
            self._complaint = self._session.say(text, Tone.WARNING)

    def _question(self) -> Question:
        document = self._session.document
        model = document.model
        if model != self._model[0]:  # the disk is not asked at every edit
            self._model = (model, hears_phones(model))
        phones = self._model[1]
        settings = tuple(
            document.settings.get(key, values[0]) if phones or key == SPEAKER else values[0]
            for key, values in SETTINGS.items()
        )
        return Question(self._session.audio, model, settings, document.transcript if phones else None)

    def _ask(self, audio: AudioClip, transcript: Transcript | None) -> None:
        document, cache = self._session.document, self._cache
        request = InferenceRequest(
            audio, document.model, document.settings, self._session.playhead, transcript
        )

        def work(report: Report) -> Neutral:
            return infer(request, _hooks(report), cache)

        def failed(error: Exception) -> None:
            text = _gone(document.model) if is_missing(document.model) else str(error)
            self._complaint = self._session.say(text)
            if transcript is not None:  # the voice alone still moves the mouth
                self._ask(audio, None)
            else:
                self._session.set_neutral(SILENT, ())

        # What another model said of this recording stays on the face meanwhile, marked as not ready.
        self._session.set_neutral(self._session.neutral, ())
        title = f"Listening with {title_of(document.model)}"
        self._background.start(Job(SLOT, title, work, self._take, self._take_beginning, failed))
        if self._session.voice is None:
            self._background.start(Job("voice", "", lambda _report: _voice_of(audio), self._take_voice))

    def _wear(self) -> None:
        """Let emotions follow the speech as soon as a network has made them; until then they are held."""
        missing = self._session.missing_residuals()
        if missing is None or missing == self._wearing:
            return
        self._wearing = missing
        stage, names = missing

        def work(_report: Report) -> None:
            for name in names:
                stage.worn(name)

        self._background.start(Job("residuals", "", work, lambda _none: self._session.refresh_face()))

    def _take_voice(self, voice: Voice) -> None:
        self._session.set_voice(voice)

    def _take(self, neutral: Neutral) -> None:
        self._session.set_neutral(neutral, ((0.0, self._session.duration),))
        if misfits(neutral):
            text = "The transcript does not seem to fit the recording; the lips follow it all the same."
            self._session.say(text, Tone.WARNING)
        performance = self._session.performance
        if performance is not None:  # the first emotion would wait for the seal otherwise
            stage = performance.stage
            self._background.start(Job("seal", "", lambda _report: stage.seal))

    def _take_beginning(self, beginning: Beginning) -> None:
        neutral, duration = beginning.neutral, self._session.duration
        whole = _placed(beginning, duration)
        end = min(beginning.start + len(neutral.weights) / neutral.fps, duration)
        self._session.set_neutral(whole, ((beginning.start, end),))


def _voice_of(audio: AudioClip) -> Voice:
    from emotion.voice import voice_of  # with SciPy behind it: the window must not wait for it

    return voice_of(audio)


def _gone(model: str) -> str:
    return (
        f"The speech model {model} is missing, so the lips rest. Drop its file on the window, "
        "or choose another one beside Model."
    )


def _hooks(report: Report) -> Hooks:
    return Hooks(
        progress=report.progress,
        cancelled=lambda: report.cancelled,
        preview=lambda start, part: report.partial(Beginning(start, part)),
    )


def _placed(beginning: Beginning, duration: float) -> Neutral:
    """Make of the lipsync of one window that of a whole recording, at rest elsewhere."""
    part = beginning.neutral
    frames = max(math.ceil(duration * part.fps) + 1, len(part.weights))
    weights = np.zeros((frames, len(part.channels)), np.float32)
    first = min(round(beginning.start * part.fps), frames - len(part.weights))
    weights[first : first + len(part.weights)] = part.weights
    return Neutral(part.fps, part.channels, weights, part.model)
