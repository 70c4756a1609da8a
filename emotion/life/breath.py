"""Breath: a short one before each phrase, a calm one where nothing is said; never over speech."""

from __future__ import annotations

import numpy as np

from core.neutral import Neutral
from emotion.life.moves import eased
from emotion.voice import Voice

CHANNELS = ("noseSneerLeft", "noseSneerRight", "jawOpen", "browInnerUp")
NOSTRILS, LIPS, BROWS = 0.16, 0.05, 0.1
"""Weights at the height of a breath."""
LEAST_S = 0.35
"""Pauses shorter than this are spoken on through the same breath (Trouvain et al. 2020)."""
IN_S, OUT_S = 0.55, 0.4
CALM_S = 4.0
"""Seconds from breath to breath at rest."""


def breath(voice: Voice, seed: int) -> Neutral:
    """Make the breaths of a recording.

    Parameters
    ----------
    voice : Voice
    seed : int
        Another one, deeper and flatter ones elsewhere.
    """
    draw = np.random.default_rng([seed, 4])
    curve = np.zeros(len(voice.loudness))
    for start, end in voice.pauses:
        if end - start < LEAST_S:
            continue
        frames = np.arange(int(start * voice.fps), min(int(end * voice.fps) + 1, len(curve)))
        times = frames / voice.fps
        for peak in np.arange(end - 0.1, start + 0.1, -CALM_S):
            inhaled = eased((times - peak) / min(IN_S, end - start) + 1)
            one = inhaled * (1 - eased((times - peak) / OUT_S))
            # What is said next must find the mouth as the speech wants it.
            inside = np.clip(np.minimum(times - start, end - times) / 0.1, 0, 1)
            curve[frames] = np.maximum(curve[frames], one * inside * draw.uniform(0.6, 1.0))
    weights = curve[:, None] * np.array([NOSTRILS, NOSTRILS, LIPS, BROWS])
    return Neutral(voice.fps, CHANNELS, np.asarray(weights, np.float32))
