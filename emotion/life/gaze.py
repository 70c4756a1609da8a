"""Gaze: fixations on the listener's face, saccades between them, glances aside."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.mesh import Floats
from core.neutral import Neutral
from emotion.life.moves import Move, postures
from emotion.voice import Voice

WAYS = {"Up": 26.0, "Down": 28.0, "In": 30.0, "Out": 30.0}
"""Degrees an eye turns each way at full weight."""
EYES = tuple(f"eyeLook{way}{side}" for side in ("Left", "Right") for way in WAYS)
FIXATION_S, FIXATION_SPREAD = 0.9, 0.6
"""Median of a fixation and its logarithmic spread."""
SMALL = (1.6, 1.0)
"""Standard deviation of fixations on a face, degrees sideways and up: eyes, nose, mouth."""
AWAY, AWAY_BEGINNING = 0.12, 0.55
"""Probability of a glance aside, and as a phrase begins: one looks away to think."""
AWAY_SHARE = 0.6
"""How long a glance aside lasts, in fixations."""
BEGINNING_S = 0.5
"""Seconds about the end of a pause in which a phrase begins."""
MEAN, ASIDE = 6.9, (3.0, 14.0)
"""Mean of the exponential sizes of glances (Lee, Badler and Badler 2002), and the least and most; degrees."""
DIRECTIONS = np.array([15.5, 6.5, 17.7, 7.4, 16.8, 7.9, 20.4, 7.8])
"""How often they go right, right and up, up and so on round (there, table 1)."""
VERTICAL = 0.6
"""Of their height: a bust that rolls its eyes to the ceiling looks exasperated."""
STILL_S, PER_DEGREE_S = 0.021, 0.0022
"""The main sequence: a saccade takes this long, and so much longer a degree (Bahill et al. 1975)."""


def gaze(voice: Voice, seed: int) -> Neutral:
    """Make the gaze of a recording; each eye turns by the same angles.

    Parameters
    ----------
    voice : Voice
    seed : int
        Another one, other glances.

    Returns
    -------
    Neutral
        Of `EYES`.
    """
    moves = _saccades(voice, np.random.default_rng([seed, 2]))
    return Neutral(voice.fps, EYES, looking(postures(moves, len(voice.loudness), 2, voice.fps)))


def looking(angles: NDArray[np.floating]) -> Floats:
    """Turn degrees to her left and up, (F, 2), into weights of `EYES`, (F, 8)."""
    left, up = angles.T
    ways = {"Up": up, "Down": -up}
    both = [{**ways, "In": -left, "Out": left}, {**ways, "In": left, "Out": -left}]
    columns = [each[way] / reach for each in both for way, reach in WAYS.items()]
    return np.asarray(np.stack(columns, 1).clip(0, 1), np.float32)


def _saccades(voice: Voice, draw: np.random.Generator) -> Iterator[Move]:
    ends = np.array([end for _, end in voice.pauses])
    time, now, away = 0.0, np.zeros(2), False
    while time < voice.duration:
        median = FIXATION_S * (AWAY_SHARE if away else 1.0)
        time += float(np.clip(draw.lognormal(np.log(median), FIXATION_SPREAD), 0.2, 4.0))
        begins = bool((np.abs(ends - time) < BEGINNING_S).any())
        away = not away and draw.random() < (AWAY_BEGINNING if begins else AWAY)
        aim = _aside(draw) if away else draw.normal(0, SMALL)
        yield Move(time, STILL_S + PER_DEGREE_S * float(np.hypot(*(aim - now))), aim)
        now = aim


def _aside(draw: np.random.Generator) -> NDArray[np.float64]:
    size = np.clip(ASIDE[0] + draw.exponential(MEAN), *ASIDE)
    angle = np.radians(45 * (draw.choice(8, p=DIRECTIONS / DIRECTIONS.sum()) + draw.uniform(-0.5, 0.5)))
    return np.asarray(size * np.array([-np.cos(angle), VERTICAL * np.sin(angle)]))
