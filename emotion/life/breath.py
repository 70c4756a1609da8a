"""Breath: a quick one in before each phrase, a calm one where nothing is said."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.neutral import Neutral
from emotion.life.moves import eased
from emotion.voice import Voice

CHANNELS = ("noseSneerLeft", "noseSneerRight", "browInnerUp", "headPitch", "jawOpen")
FULL = (0.16, 0.16, 0.08, 0.7, 0.05)
"""Weights at the height of a breath; the head rises by so many degrees."""
LEAST_S = 0.35
"""Pauses shorter than this are spoken on through the same breath (Trouvain et al. 2020)."""
IN_S, OUT_S, CALM_OUT_S = 0.55, 0.6, 1.8
"""Longest way in before a phrase, and ways out while speaking and in silence."""
BEFORE_S, CLEAR_S = 0.08, 0.1
"""A breath is over so long before the phrase, and the mouth is as speech wants it within so long."""
CALM_S = 4.0
"""Seconds from breath to breath at rest: 15 a minute."""
Curve = NDArray[np.float64]


def breath(voice: Voice, seed: int) -> Neutral:
    """Make the breaths of a recording.

    Nostrils, brows and head follow the chest and sink while a phrase begins; the lips part in pauses alone.

    Parameters
    ----------
    voice : Voice
    seed : int
        Another one, deeper and flatter ones elsewhere.

    Returns
    -------
    Neutral
        Of `CHANNELS`.
    """
    draw = np.random.default_rng([seed, 4])
    chest, lips = np.zeros((2, len(voice.loudness)))
    for start, end in voice.pauses:
        if end - start < LEAST_S:
            continue
        speaks = end < voice.duration - 1 / voice.fps
        last = end - BEFORE_S if speaks else end
        for peak in np.arange(last, start + LEAST_S - BEFORE_S - 1e-9, -CALM_S):
            into = min(IN_S, peak - start)
            out = OUT_S if speaks and peak == last else CALM_OUT_S
            frames = np.arange(int((peak - into) * voice.fps), min(int((peak + out) * voice.fps), len(chest)))
            times = frames / voice.fps
            one = draw.uniform(0.6, 1.0) * _depth(times - peak, into, out)
            chest[frames] = np.maximum(chest[frames], one)
            lips[frames] = np.maximum(lips[frames], one * _inside(times, start, end))
    moved = [lips if name == "jawOpen" else chest for name in CHANNELS]
    return Neutral(voice.fps, CHANNELS, np.asarray(np.stack(moved, 1) * FULL, np.float32))


def _depth(since: Curve, into: float, out: float) -> Curve:
    """Depth of a breath so many seconds after its height."""
    return np.where(since < 0, eased(since / into + 1), eased(1 - since / out))


def _inside(times: Curve, start: float, end: float) -> Curve:
    return np.clip(np.minimum(times - start, end - times) / CLEAR_S, 0, 1)
