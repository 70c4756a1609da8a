"""The inference engine: a recording of any length -> neutral lipsync.

The network sees windows with enough sound around them that their middles do not depend on the cut; what it
hears is then read as a whole. So one window or many give the same face.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.channels import CHANNELS
from core.errors import Cancelled, InputError
from core.inference.cache import NeutralCache
from core.inference.models import load_any
from core.inference.moving import moved
from core.inference.request import SPEAKER, InferenceRequest
from core.inference.text import aligned, heard_phones, text_labels, words_of
from core.neutral import Neutral

if TYPE_CHECKING:
    from models.checkpoint import Checkpoint
    from models.hearing import Heard
    from models.toolbox.motion_model import MotionModel

WINDOW = 1200
"""Animation frames a window yields: 20 s."""


@dataclass(frozen=True)
class Hooks:
    """What the caller wants to hear while an inference runs, always on the thread that runs it.

    Attributes
    ----------
    progress : callable
        Given the share done, 0..1, after each window.
    cancelled : callable
        Asked before each window; True stops the work.
    preview : callable
        Given the start in seconds and the lipsync of the first window, that of `InferenceRequest.first_at`.
    """

    progress: Callable[[float], None] = lambda _share: None
    cancelled: Callable[[], bool] = lambda: False
    preview: Callable[[float, Neutral], None] | None = None


def infer(
    request: InferenceRequest, hooks: Hooks | None = None, cache: NeutralCache | None = None
) -> Neutral:
    """Make the neutral lipsync of a recording.

    Parameters
    ----------
    request : InferenceRequest
    hooks : Hooks, optional
    cache : NeutralCache, optional
        Looked up first and filled afterwards; no cache where not given.

    Returns
    -------
    Neutral
        At the model's rate, columns in the order of `core.channels.CHANNELS`.

    Raises
    ------
    InputError
        The model is unknown, a setting is wrong, the sound holds NaN or infinity, or the transcript does not
        fit it.
    Cancelled
        `Hooks.cancelled` said so.
    """
    model = load_any(request.model)
    key = request.key(model.content_hash)
    if not np.isfinite(request.audio.samples).all():
        raise InputError(request.audio.name, "holds samples that are not numbers (NaN or infinity)")
    neutral = cache.get(key) if cache else None
    if neutral is None:
        neutral = _made(request, model, hooks or Hooks())
        if cache:
            cache.put(key, neutral)
    return neutral


def _made(request: InferenceRequest, model: Checkpoint | MotionModel, hooks: Hooks) -> Neutral:
    from models.checkpoint import Checkpoint

    if isinstance(model, Checkpoint):
        return _compute(request, model, hooks)
    if request.transcript is not None:
        raise InputError(request.model, "hears no phones, so that a transcript is of no use to it")

    def progress(share: float) -> None:
        if hooks.cancelled():
            raise Cancelled
        hooks.progress(share)

    return moved(model, request.audio, progress, request.setting(SPEAKER))


def _compute(request: InferenceRequest, model: Checkpoint, hooks: Hooks) -> Neutral:
    from models.hearing import Heard, Listener

    rest = request.setting("speech.rest")
    words = words_of(request.transcript) if request.transcript else ()
    listener = Listener(model, request.audio.mono(model.card.sample_rate))
    parts: dict[int, Heard] = {}
    for start in _order(listener.frames, request.first_at * model.card.fps):
        if hooks.cancelled():
            raise Cancelled
        parts[start] = listener.hear(start, min(start + WINDOW, listener.frames))
        if len(parts) == 1 and hooks.preview is not None:
            hooks.preview(start / model.card.fps, _neutral(model, parts[start], rest))
        hooks.progress(min(1.0, len(parts) * WINDOW / listener.frames))
    heard = Heard.joined([parts[start] for start in sorted(parts)])
    fps = float(model.card.fps)
    if not words:
        return replace(_neutral(model, heard, rest), phones=heard_phones(heard, fps))
    text = aligned(heard, words, fps)
    phones, spoken = text_labels(text, heard, fps)
    return replace(_neutral(model, heard.told(text, fps), rest), phones=phones, words=spoken)


def _order(frames: int, first: float) -> list[int]:
    """First frames of the windows: the one with frame ``first``, those after it, those before it."""
    starts = range(0, frames, WINDOW)
    lead = min(max(int(first) // WINDOW, 0), len(starts) - 1)
    return [*starts[lead:], *starts[:lead]]


def _neutral(model: Checkpoint, heard: Heard, rest: str) -> Neutral:
    from models.face import Face

    card = model.card
    curves = card.readout.curves(heard.phones, heard.articulation, rest)
    weights = np.zeros((len(curves), len(CHANNELS)), np.float32)
    for name, weight in Face().weights(curves).items():
        weights[:, CHANNELS.index(name)] = weight
    return Neutral(float(card.fps), CHANNELS, weights, card.name)
