"""Blinks: when, and how the lids move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.neutral import Neutral
from emotion.life.moves import Postures, eased
from emotion.voice import Voice

LIDS = ("eyeBlinkLeft", "eyeBlinkRight")
CLOSING_S, SHUT_S, OPENING_S = 5 / 60, 2 / 60, 12 / 60
"""A lid falls faster than it rises (Evinger, Manning and Sibony 1991); whole frames, so that keys fit."""
LENGTH_S = CLOSING_S + SHUT_S + OPENING_S
TAIL = 1.6
"""How much faster a lid starts to rise than it comes to rest."""
SPREAD, SHORTEST_S = 0.6, 0.4
"""Logarithmic spread of the times between blinks (Bentivoglio et al. 1997), and the least."""
ENDING_S, PREFERRED = 0.5, 6.0
"""How long after a phrase speakers like to blink, and how much more (Nakano and Kitazawa 2010)."""
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
        Blinks a minute; adults blink some 17 times at rest and 26 times in conversation.

    Returns
    -------
    Neutral
        Of `LIDS`; 1 closes the eye.
    """
    draw = np.random.default_rng([seed, 1])
    lids = np.zeros((len(voice.loudness), 2), np.float32)
    for start in _starts(voice, draw, 60.0 / rate):
        sides = np.array([1.0, 1.0 - UNLIKE * draw.random()])[:: draw.choice((-1, 1))]
        first, last = (round(time * voice.fps) for time in (start, start + LENGTH_S))
        one = _lid(np.arange(last - first) / voice.fps)[:, None] * sides
        lids[first:last] = np.maximum(lids[first:last], one)
    return Neutral(voice.fps, LIDS, lids)


def _starts(voice: Voice, draw: np.random.Generator, interval: float) -> list[float]:
    """Draw blinks at an even rate in a time of their own, which runs faster where a phrase has ended."""
    own = np.cumsum(_liking(voice)) / voice.fps
    starts: list[float] = []
    time = interval * draw.random()
    while time < own[-1]:
        start = float(np.interp(time, own, np.arange(len(own)) / voice.fps))
        apart = not starts or start > starts[-1] + SHORTEST_S
        if apart and start + LENGTH_S < voice.duration:
            starts.append(start)
        time += float(draw.lognormal(np.log(interval) - SPREAD**2 / 2, SPREAD))
    return starts


def _liking(voice: Voice) -> NDArray[np.float64]:
    """How much more than on average a speaker likes to blink in each frame."""
    liking = np.ones(len(voice.loudness))
    for start, end in voice.pauses:
        first, last = np.array([start, min(end, start + ENDING_S)]) * voice.fps
        # The silence before the first word is no end of a phrase.
        if first > 0:
            liking[int(first) : int(last) + 1] = PREFERRED
    return np.asarray(liking / liking.mean())


def _lid(since: Postures) -> Postures:
    """How far the lid is down, so many seconds after the blink began."""
    rising = 1 - np.clip((since - CLOSING_S - SHUT_S) / OPENING_S, 0, 1)
    return eased(since / CLOSING_S) * eased(rising**TAIL)
