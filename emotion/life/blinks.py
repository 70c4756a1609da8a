"""Blinks: when, and how the lids move."""

from __future__ import annotations

import numpy as np

from core.neutral import Neutral
from emotion.life.moves import Postures, eased
from emotion.voice import Voice

LIDS = ("eyeBlinkLeft", "eyeBlinkRight")
CLOSING_S, SHUT_S, OPENING_S = 0.085, 0.025, 0.19
"""A lid falls faster than it rises (Evinger, Manning and Sibony 1991)."""
SPREAD, SHORTEST_S = 0.55, 0.45
"""Logarithmic spread of the intervals (Bentivoglio et al. 1997), and the least."""
NEAR_S = 0.6
"""Blinks move to the start of a pause this near, where speakers prefer them (Nakano and Kitazawa 2010)."""
UNLIKE = 0.04
"""How much less one of the lids closes."""


def blinks(voice: Voice, seed: int, rate: float = 20.0) -> Neutral:
    """Make the blinks of a recording.

    Parameters
    ----------
    voice : Voice
    seed : int
        Another one, other blinks.
    rate : float
        Blinks a minute.
    """
    draw = np.random.default_rng([seed, 1])
    shape = np.zeros((len(voice.loudness), 2), np.float32)
    for start in _starts(voice, draw, 60.0 / rate):
        sides = np.array([1.0, 1.0 - UNLIKE * draw.random()])
        first = int(start * voice.fps)
        span = slice(first, first + int((CLOSING_S + SHUT_S + OPENING_S) * voice.fps) + 2)
        lids = _lid(np.arange(span.start, min(span.stop, len(shape))) / voice.fps - start)
        shape[span] = np.maximum(shape[span], lids[:, None] * sides[:: draw.choice((-1, 1))])
    return Neutral(voice.fps, LIDS, shape)


def _starts(voice: Voice, draw: np.random.Generator, interval: float) -> list[float]:
    mean = np.log(interval) - SPREAD**2 / 2
    starts = np.array([start for start, _ in voice.pauses])
    found: list[float] = []
    time = float(draw.uniform(0.3, interval))
    while time < voice.duration - CLOSING_S:
        beside = starts[np.abs(starts - time) < NEAR_S]
        wanted = float(beside[np.abs(beside - time).argmin()]) if len(beside) else time
        if not found or wanted - found[-1] >= SHORTEST_S:
            found.append(wanted)
        time = max(time, wanted) + max(float(draw.lognormal(mean, SPREAD)), SHORTEST_S)
    return found


def _lid(since: Postures) -> Postures:
    """How far the lid is down, so many seconds after the blink began."""
    return eased(since / CLOSING_S) * (1 - eased((since - CLOSING_S - SHUT_S) / OPENING_S))
