"""Emotions that a voice suggests: curves with a band of doubt, for the animator to take, scale or leave.

What acted emotions do to prosody is known in direction rather than in size (Banse and Scherer 1996; Juslin
and Laukka 2003): anger is loud and sharp, joy high and lively, sadness low and flat, fear high and flat,
surprise leaps. A few weights, set by hand after these reviews, turn that into probabilities. Effort is heard
well so, pleasure hardly; `python -m emotion.suggest_check` tells how well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.audio import AudioClip
from core.curve import Curve
from core.key_fit import fitted
from emotion.expert import Expert
from emotion.voice import Voice

STEP_S = 0.1
SPAN_S = 1.0
"""Standard deviation of the stretch that is listened to around each moment."""
REGISTERS_HZ = (112.0, 205.0)
"""Typical speaking pitch of low and of high voices."""
RANGE, RANGE_SPREAD = 3.3, 1.0
"""Standard deviation of pitch in plain reading, semitones, and how that differs from voice to voice."""
SHARP, SHARP_SPREAD = -13.0, 4.0
"""Tilt of plain reading through a common microphone, dB, and its spread."""
WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "joy": (1.0, 0.7, 0.1, -0.1),
    "anger": (0.2, -0.1, 0.5, 0.9),
    "sadness": (-0.7, -1.0, -0.6, -0.2),
    "fear": (1.0, -0.8, -0.1, 0.2),
    "surprise": (0.6, 1.2, 0.2, -0.4),
}
"""How much height, liveliness, effort and sharpness of the voice (see `features`) speak for each emotion."""
BIAS: Mapping[str, float] = {"joy": -2.1, "anger": -1.65, "sadness": -1.9, "fear": -2.75, "surprise": -2.65}
"""Against each of them, so that plain reading suggests little: most speech is neutral."""
DOUBT = 0.6
"""Standard error of a score; the band is one of them wide to either side."""
SLOPE = 2.0
"""Natural logarithm of the odds for each unit of score."""
LEAST = 0.3
"""Emotions that never get this probable are not suggested."""
TOLERANCE = 0.03
CLEAR_S = 0.3
"""Seconds that an accepted suggestion stays away from keys that were there."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Suggestion:
    """What the voice suggests of one emotion.

    Attributes
    ----------
    emotion : str
    curve : Curve
        Intensity 0..1, few keys.
    low, high : Curve
        Band of doubt.
    confidence : float
        Mean probability where it is suggested, 0..1.
    """

    emotion: str
    curve: Curve
    low: Curve
    high: Curve
    confidence: float


def suggest(voice: Voice) -> dict[str, Suggestion]:
    """Listen for emotions.

    Parameters
    ----------
    voice : Voice

    Returns
    -------
    dict of str to Suggestion
        The surest first; empty where nothing stands out or nobody speaks.
    """
    times = _times(voice)
    scores, heard = _scores(voice, times)
    return _offers(tuple(WEIGHTS), times, _probabilities(scores), heard)


def suggest_with(expert: Expert, audio: AudioClip, voice: Voice) -> dict[str, Suggestion]:
    """Let a network from elsewhere listen, where somebody speaks; as `suggest` otherwise."""
    times = _times(voice)
    _, heard = features(voice, times)
    return _offers(expert.emotions, times, expert.probabilities(audio, times), heard)


def _times(voice: Voice) -> Numbers:
    return np.arange(0.0, max(voice.duration, 0.0) + STEP_S / 2, STEP_S)


def _offers(
    emotions: tuple[str, ...], times: Numbers, probabilities: Numbers, heard: Numbers
) -> dict[str, Suggestion]:
    found = []
    for name, middle in zip(emotions, probabilities.T, strict=True):
        if (middle * heard).max(initial=0.0) < LEAST:
            continue
        bands = (middle, _doubted(middle, -DOUBT), _doubted(middle, DOUBT))
        curve, low, high = (_curve(times, each * heard) for each in bands)
        sure = float(np.average(middle, weights=middle * heard + 1e-9))
        found.append(Suggestion(name, curve, low, high, sure))
    return {each.emotion: each for each in sorted(found, key=lambda each: -each.confidence)}


def accepted(own: Curve, suggestion: Suggestion, scale: float) -> Curve:
    """Take a suggestion into a lane; keys that are there stay, and so does everything between them.

    Parameters
    ----------
    own : Curve
        The lane as it is.
    suggestion : Suggestion
    scale : float
        How much of it.
    """
    offered = suggestion.curve
    pairs = zip(offered.times.tolist(), (scale * offered.values).tolist(), strict=True)
    if not len(own):
        return Curve.of(pairs)
    first, last = own.times[0] - CLEAR_S, own.times[-1] + CLEAR_S
    kept = own
    for time, value in pairs:
        if not first < time < last:
            kept = kept.with_key(time, value)
    return kept


def features(voice: Voice, times: Numbers) -> tuple[Numbers, Numbers]:
    """Return the features about each time, (T, 4), and how much is spoken there, 0..1, (T,)."""
    spoken = (voice.voiced * (voice.loudness > -20)).astype(np.float64)
    share = _blurred(spoken, voice.fps)

    def mean(values: NDArray[np.floating]) -> Numbers:
        return _blurred(values * spoken, voice.fps) / np.maximum(share, 1e-3)

    pitch, level = mean(voice.pitch), mean(voice.loudness)
    spread = np.sqrt(np.maximum(mean(voice.pitch.astype(np.float64) ** 2) - pitch**2, 0))
    register = min((12 * np.log2(max(voice.median_hz, 50) / hertz) for hertz in REGISTERS_HZ), key=abs)
    rows = np.stack(
        [
            (pitch + register) / 4,
            (spread - RANGE) / RANGE_SPREAD,
            level / 4,
            (mean(voice.tilt) - SHARP) / SHARP_SPREAD,
        ],
        axis=1,
    )
    place = np.clip(np.rint(times * voice.fps).astype(int), 0, len(spoken) - 1)
    return rows[place], np.clip(3 * share[place], 0, 1)


def _scores(voice: Voice, times: Numbers) -> tuple[Numbers, Numbers]:
    rows, heard = features(voice, times)
    weights, bias = np.array(list(WEIGHTS.values())), np.array([BIAS[name] for name in WEIGHTS])
    return rows.clip(-2.5, 2.5) @ weights.T + bias, heard


def _probabilities(scores: Numbers) -> Numbers:
    """Of each emotion beside all others and none, (T, E)."""
    odds = np.exp(SLOPE * scores)
    return np.asarray(odds / (1 + odds.sum(axis=1, keepdims=True)))


def _doubted(probability: Numbers, change: float) -> Numbers:
    """Probability after the score of this emotion alone has changed."""
    odds = np.exp(SLOPE * change)
    return np.asarray(probability * odds / (1 + probability * (odds - 1)))


def _blurred(values: NDArray[np.floating], fps: float) -> Numbers:
    return np.asarray(ndimage.gaussian_filter1d(values.astype(np.float64), SPAN_S * fps, mode="constant"))


def _curve(times: Numbers, values: Numbers) -> Curve:
    smooth = ndimage.gaussian_filter1d(values, 2, mode="nearest")
    return fitted(times, np.where(smooth < 0.02, 0.0, smooth), TOLERANCE)
