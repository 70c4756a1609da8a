"""Motion of the head: nods with stressed syllables, slow sway, and another posture for another phrase.

Of all that moves in a speaker, head pitch follows the voice most (Munhall et al. 2004); its motion lies
below some 6 Hz and a few degrees.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.head_motion import HEAD
from core.neutral import Neutral
from emotion.life.moves import Move, postures
from emotion.voice import Voice

NOD, NOD_LEAD_S = 3.2, 0.05
"""Degrees down at the strongest stress, and how long before it."""
RAISE = 0.35
"""Degrees up per semitone of the slow pitch."""
SWAY = (0.9, 1.3, 0.7)
"""Standard deviation of slow sway: pitch, yaw, roll; degrees."""
SWAY_S = 0.9
POSTURE = (1.2, 2.4, 1.4)
"""Standard deviation of a phrase's own posture."""
TURN_S = 0.35
SMOOTH_S = 0.07
Angles = NDArray[np.float64]


def head_motion(voice: Voice, seed: int) -> Neutral:
    """Make the motion of the head; columns are `core.head_motion.HEAD`, degrees."""
    draw = np.random.default_rng([seed, 3])
    angles = _sway(voice, draw) + _postures(voice, draw)
    stress = np.interp(_times(voice) + NOD_LEAD_S, _times(voice), voice.stress)
    sided = ndimage.gaussian_filter1d(draw.normal(0, 1, (len(stress), 2)), voice.fps, axis=0)
    sided /= max(float(sided.std()), 1e-9)
    angles[:, 0] += RAISE * ndimage.gaussian_filter1d(voice.pitch, 0.4 * voice.fps) - NOD * (
        stress - stress.mean()
    )
    angles[:, 1:] += 0.35 * NOD * stress[:, None] * sided
    smooth = ndimage.gaussian_filter1d(angles, SMOOTH_S * voice.fps, axis=0, mode="nearest")
    return Neutral(voice.fps, HEAD, np.asarray(smooth, np.float32))


def _times(voice: Voice) -> Angles:
    return np.arange(len(voice.loudness)) / voice.fps


def _sway(voice: Voice, draw: np.random.Generator) -> Angles:
    """Low-passed noise, livelier while speaking."""
    margin = int(4 * SWAY_S * voice.fps)
    noise = draw.normal(0, 1, (len(voice.loudness) + 2 * margin, 3))
    slow = ndimage.gaussian_filter1d(noise, SWAY_S * voice.fps, axis=0)[margin:-margin]
    slow *= np.sqrt(2 * np.sqrt(np.pi) * SWAY_S * voice.fps) * np.array(SWAY)
    speaking = ndimage.gaussian_filter1d((voice.loudness > -20).astype(float), 0.4 * voice.fps)
    return np.asarray(slow * (0.5 + 0.5 * speaking[:, None]))


def _postures(voice: Voice, draw: np.random.Generator) -> Angles:
    """Take another posture in each pause."""
    moves = [
        Move((start + end) / 2 - TURN_S, 2 * TURN_S, draw.normal(0, POSTURE)) for start, end in voice.pauses
    ]
    return postures(moves, len(voice.loudness), 3, voice.fps)
