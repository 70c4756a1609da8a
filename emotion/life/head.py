"""Motion of the head: beats on stressed syllables, other postures for other phrases, and a sway beneath.

Of all that moves in a speaker the head follows the voice most (Munhall et al. 2004); it goes with the stress
rather than with every syllable, by a few degrees and below some 6 Hz (Hadar et al. 1983; Graf et al. 2002).
How far and how fast is that of filmed speakers of interviews and addresses.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.head_motion import HEAD
from core.neutral import Neutral
from emotion.life.moves import Move, postures
from emotion.voice import Voice

STRESSED, APART_S = 0.3, 0.25
"""Least stress that the head beats with, and time from one beat to the next."""
BEATS = 0.75
"""Share of the stresses that it beats with."""
BEAT, BEAT_SPREAD, MOST = 3.4, 0.35, 6.0
"""Degrees down at the strongest stress: median and logarithmic spread, and the most."""
UPWARD = 0.15
"""Share of the beats that go up instead."""
ASIDE = (1.2, 0.8)
"""The most yaw and roll in a beat, of its size."""
BEAT_S, BACKSWING_S, BACKSWING = 0.11, 0.28, 0.45
"""Half width of a beat; how long before it the head draws back, and how far of its size."""
RAISE = 0.3
"""Degrees up a semitone of the slow pitch."""
POSTURE = (1.3, 2.3, 1.7)
"""Standard deviation of a posture: pitch, yaw, roll; degrees."""
STAY_S, STAY_SPREAD, TURN_S = 2.6, 0.5, (0.5, 1.1)
"""Median time and logarithmic spread in one posture within a phrase, and how long a change takes."""
SWAY, SWAY_S = (0.8, 0.9, 0.6), (1.1, 0.35)
"""Standard deviation of the sway, and the times over which it wanders."""
LIMIT = 12.0
"""Degrees that are never passed."""
Angles = NDArray[np.float64]


def head_motion(voice: Voice, seed: int) -> Neutral:
    """Make the motion of the head of a recording; columns are `core.head_motion.HEAD`, degrees.

    Parameters
    ----------
    voice : Voice
    seed : int
        Another one, other postures and beats.
    """
    draw = np.random.default_rng([seed, 3])
    angles = _sway(voice, draw) + _postures(voice, draw) + _beats(voice, draw)
    angles[:, 0] += RAISE * ndimage.gaussian_filter1d(voice.pitch, 0.4 * voice.fps)
    return Neutral(voice.fps, HEAD, np.asarray(LIMIT * np.tanh(angles / LIMIT), np.float32))


def _beats(voice: Voice, draw: np.random.Generator) -> Angles:
    stress = ndimage.gaussian_filter1d(voice.stress, 2.0)
    nearby = ndimage.maximum_filter1d(stress, 2 * round(APART_S * voice.fps) + 1)
    stresses = np.flatnonzero((stress == nearby) & (stress > STRESSED))
    stresses = stresses[draw.random(len(stresses)) < BEATS]
    strength = BEAT * draw.lognormal(0, BEAT_SPREAD, len(stresses))
    size = np.minimum(strength, MOST) * voice.stress[stresses]
    down = np.where(draw.random(len(stresses)) < UPWARD, 0.6, -1.0)
    sides = draw.uniform(-1, 1, (len(stresses), 2)) * ASIDE
    strokes = np.zeros((len(voice.stress), 3))
    strokes[stresses] = size[:, None] * np.column_stack([down, sides])
    time = np.arange(-1.0, 1.0, 1 / voice.fps)
    beat = np.exp(-0.5 * (time / BEAT_S) ** 2)
    beat -= BACKSWING * np.exp(-0.5 * ((time + BACKSWING_S) / (1.3 * BEAT_S)) ** 2)
    return np.asarray(ndimage.convolve1d(strokes, beat, axis=0, mode="constant"))


def _postures(voice: Voice, draw: np.random.Generator) -> Angles:
    """Take another posture in each pause, and in long phrases now and then."""
    pauses = [(start + end) / 2 for start, end in voice.pauses]
    moves, time = [], 0.0
    for until in [*pauses, voice.duration]:
        while (time := time + float(draw.lognormal(np.log(STAY_S), STAY_SPREAD))) < until - TURN_S[1]:
            moves.append(_turn(time, draw))
        moves.append(_turn(until, draw))
        time = until
    return postures(moves, len(voice.loudness), 3, voice.fps)


def _turn(middle: float, draw: np.random.Generator) -> Move:
    length = draw.uniform(*TURN_S)
    return Move(middle - length / 2, length, draw.normal(0, POSTURE))


def _sway(voice: Voice, draw: np.random.Generator) -> Angles:
    """Low-passed noise, livelier while speaking."""
    margin = int(4 * SWAY_S[0] * voice.fps)
    noise = draw.normal(0, 1, (len(voice.loudness) + 2 * margin, 3))
    slow, fast = (
        ndimage.gaussian_filter1d(noise, wander * voice.fps, axis=0) * np.sqrt(2 * wander * voice.fps)
        for wander in SWAY_S
    )
    speaking = ndimage.gaussian_filter1d((voice.loudness > -20).astype(float), 0.4 * voice.fps)
    both = (slow + 0.35 * fast)[margin:-margin] * np.pi**0.25 * np.array(SWAY)
    return np.asarray(both * (0.5 + 0.5 * speaking[:, None]))
