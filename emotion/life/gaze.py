"""Gaze: fixations near the listener's face, saccades between them, glances aside."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.neutral import Neutral
from emotion.life.moves import Move, postures
from emotion.voice import Voice

EYES = tuple(f"eyeLook{way}{side}" for side in ("Left", "Right") for way in ("Up", "Down", "In", "Out"))
REACH = 28.0
"""Degrees an eye turns at full weight."""
FIXATION_S, FIXATION_SPREAD = 0.9, 0.6
"""Median of a fixation and its logarithmic spread."""
SMALL = (1.6, 1.0)
"""Standard deviation of fixations on a face, degrees sideways and up: eyes, nose, mouth."""
AWAY, AWAY_BEFORE = 0.12, 0.55
"""Probability of a glance aside, and as a phrase begins (Lee, Badler and Badler 2002)."""
AWAY_SHARE = 0.6
"""How long a glance aside lasts, in fixations."""
BEGINNING_S = 0.5
"""Seconds about the end of a pause in which a phrase begins."""
ASIDE, ASIDE_UP = (5.0, 11.0), (-4.0, 5.0)
"""Degrees of such a glance sideways, and up."""
STILL_S, PER_DEGREE_S = 0.021, 0.0022
"""The main sequence: a saccade takes this long, and so much longer a degree (Bahill et al. 1975)."""


def gaze(voice: Voice, seed: int) -> Neutral:
    """Make the gaze of a recording; each eye turns by the same angles.

    Parameters
    ----------
    voice : Voice
    seed : int
        Another one, other glances.
    """
    moves = _saccades(voice, np.random.default_rng([seed, 2]))
    return Neutral(voice.fps, EYES, _weights(postures(moves, len(voice.loudness), 2, voice.fps)))


def _saccades(voice: Voice, draw: np.random.Generator) -> Iterator[Move]:
    ends = np.array([end for _, end in voice.pauses])
    time, now, away = 0.0, np.zeros(2), False
    while time < voice.duration:
        median = FIXATION_S * (AWAY_SHARE if away else 1.0)
        time += float(np.clip(draw.lognormal(np.log(median), FIXATION_SPREAD), 0.2, 4.0))
        begins = bool((np.abs(ends - time) < BEGINNING_S).any())
        away = not away and draw.random() < (AWAY_BEFORE if begins else AWAY)
        aim = _aside(draw) if away else draw.normal(0, SMALL)
        yield Move(time, STILL_S + PER_DEGREE_S * float(np.hypot(*(aim - now))), aim)
        now = aim


def _aside(draw: np.random.Generator) -> NDArray[np.float64]:
    sideways = draw.uniform(*ASIDE) * draw.choice((-1, 1))
    return np.array([sideways, draw.uniform(*ASIDE_UP)])


def _weights(angles: NDArray[np.float64]) -> NDArray[np.float32]:
    """Turn degrees to her left and up, (F, 2), into weights of `EYES`."""
    left, up = angles.T / REACH
    ways = {"Up": up, "Down": -up}
    both = [{**ways, "In": -left, "Out": left}, {**ways, "In": left, "Out": -left}]
    columns = [each[way] for each in both for way in ("Up", "Down", "In", "Out")]
    return np.asarray(np.stack(columns, 1).clip(0, 1), np.float32)
