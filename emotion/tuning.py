"""What the parameters of a document do to channel weights: timing of speech, strengths, offsets, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.channels import PARTS
from core.composing import Adjustment, Times
from core.curve import Curve
from core.document import Document
from core.mesh import Floats
from core.neutral import Neutral
from core.parameters import REGIONS, channel_of, gain, lead, smoothing
from emotion import audio2face

Columns = NDArray[np.intp]
Keyed = tuple[Columns, Curve]
SMOOTHINGS: Mapping[str, tuple[str, ...]] = {
    **audio2face.SMOOTHINGS,
    **{smoothing(part): channels for part, channels in PARTS.items()},
}


@dataclass(frozen=True, eq=False)
class Shift:
    """Weights added to the sum: `above` (C,) times what the curve is above 0, `below` what it is below."""

    curve: Curve
    above: Floats
    below: Floats

    def weights(self, times: Times) -> Floats:
        """Weights at times (F,), shape (F, C)."""
        value = self.curve(times)[:, None]
        shifted = np.maximum(value, 0) * self.above + np.maximum(-value, 0) * self.below
        return np.asarray(shifted, np.float32)


@dataclass(frozen=True, eq=False)
class Strengths:
    """Multiplies columns of weights by curves."""

    of_columns: Sequence[Keyed]

    def __call__(self, weights: Floats, times: Times) -> Floats:
        """Multiply weights (F, C) in place, and return them."""
        for columns, curve in self.of_columns:
            weights[:, columns] *= curve(times)[:, None].astype(np.float32)
        return weights


@dataclass(frozen=True, eq=False)
class Steps:
    """Several adjustments, one after the other."""

    each: Sequence[Adjustment]

    def __call__(self, weights: Floats, times: Times) -> Floats:
        """Adjust weights (F, C) in place, and return them."""
        for step in self.each:
            weights = step(weights, times)
        return weights


@dataclass(frozen=True, eq=False)
class Limiter:
    """Keeps the sum of some curves under a limit, all of them in proportion; times an overall strength."""

    curves: Sequence[Curve]
    strength: Curve
    limit: Curve

    def __call__(self, times: Times) -> Floats:
        """Factor at times (F,), shape (F,), float32."""
        strength, limit = self.strength(times), self.limit(times)
        total = np.sum([np.abs(curve(times)) for curve in self.curves], axis=0) * strength
        limited = np.where(limit > 0, np.minimum(1, limit / np.maximum(total, 1e-9)), 1)
        return np.asarray(strength * limited, np.float32)


def strengths(document: Document, channels: Sequence[str]) -> Strengths:
    """Return what multiplies the final weights of these channels."""
    if not document.parameters:
        return Strengths(())
    own = {key: (channel_of(key),) for key in document.parameters if channel_of(key)}
    named = {**audio2face.STRENGTHS, **own}
    chosen = [(_columns(channels, names), key) for key, names in named.items() if key in document.parameters]
    return Strengths([(columns, document.parameter(key)) for columns, key in chosen])


def gains(document: Document, emotion: str, channels: Sequence[str]) -> Strengths:
    """Return the gains of an emotion by region of the face."""
    if not document.parameters:  # after every edit this is asked for every track
        return Strengths(())
    keys = {gain(emotion, region): names for region, names in REGIONS.items()}
    chosen = [(_columns(channels, names), key) for key, names in keys.items() if key in document.parameters]
    return Strengths([(columns, document.parameter(key)) for columns, key in chosen])


def shifts(document: Document, channels: Sequence[str]) -> list[Shift]:
    """Return what the offsets of a document add."""
    return [
        Shift(document.parameter(key), _vector(above, channels), _vector(below, channels))
        for key, (above, below) in audio2face.SHIFTS.items()
        if key in document.parameters
    ]


def limiter(document: Document) -> Limiter | None:
    """Return what keeps the emotions of a document together under its limit; None where nothing does."""
    if not {"emotion.strength", "emotion.limit"} & document.parameters.keys():
        return None
    curves = [track.curve for track in document.audible_tracks()]
    strength, limit = document.parameter("emotion.strength"), document.parameter("emotion.limit")
    return Limiter(curves, strength, limit) if curves else None


def leads(document: Document, channels: Sequence[str]) -> dict[str, Keyed]:
    """Return the parts that are ahead of the sound, by their name: columns, and a curve in milliseconds."""
    return {
        part: (_columns(channels, names), document.parameter(lead(part)))
        for part, names in PARTS.items()
        if lead(part) in document.parameters
    }


def calmed(document: Document, neutral: Neutral) -> Neutral:
    """Return the lipsync smoothed by part as the document asks; the same one where it does not."""
    if not document.parameters:
        return neutral
    seconds = np.zeros(len(neutral.channels))
    for key, names in SMOOTHINGS.items():
        if key in document.parameters:
            unit = 1e-3 if key.startswith("speech.") else 1.0
            seconds[_columns(neutral.channels, names)] += document.number(key) * unit
    return _smoothed(neutral, tuple(seconds.tolist())) if seconds.any() else neutral


@lru_cache(maxsize=2)
def _smoothed(neutral: Neutral, seconds: tuple[float, ...]) -> Neutral:
    weights = neutral.weights.copy()
    for deviation in set(seconds) - {0.0}:
        columns = np.flatnonzero(np.array(seconds) == deviation)
        frames = deviation * neutral.fps
        weights[:, columns] = ndimage.gaussian_filter1d(weights[:, columns], frames, axis=0, mode="nearest")
    return replace(neutral, weights=weights)


def _columns(channels: Sequence[str], names: Iterable[str]) -> Columns:
    chosen = set(names)
    return np.array([k for k, name in enumerate(channels) if name in chosen], np.intp)


def _vector(pose: Mapping[str, float], channels: Sequence[str]) -> Floats:
    return np.array([pose.get(name, 0.0) for name in channels], np.float32)
