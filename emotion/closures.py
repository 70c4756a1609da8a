"""Where neutral speech closes the mouth: lips that meet or come clearly nearer, and lips under teeth.

Closures are read off the neutral lipsync itself, so any model and any language has them: short spells in
which the lips meet, or come clearly nearer, between openings. A pause is no closure; there an emotion may
open the mouth. Letters: F frames.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from core.mesh import Floats
from core.neutral import Neutral

SHUT_MM = 0.8
"""Lips nearer than this count as shut: captured bilabials stay under it, the tightest vowels over it."""
AJAR_MM = 2.5
"""Lips wider than this count as open; between the two the seal fades."""
SPELL_S = 0.35
"""A closure has an opening at most this far away; what lies farther from any is a pause."""
BETWEEN_S, NARROW_MM = 0.25, 1.0
"""Lips that come nearer for less than this time, by twice this much, articulate: a closure not quite made."""
TUCKING, TUCKS_FROM, TUCKED = "mouthRollLower", 0.16, 0.3
"""Channel of a lip that goes under the teeth: to one weight it only presses, from the other it is there."""
LABIODENTALS, TUCKING_S = ("F", "V"), 0.06
"""Phones of such a lip, and seconds it takes on its way."""


def shut(gap_mm: Floats) -> Floats:
    """How surely the lips meet, 0..1, (F,): 1 within `SHUT_MM`, 0 beyond `AJAR_MM`; gaps (F,) in mm."""
    return np.asarray(np.clip((AJAR_MM - gap_mm) / (AJAR_MM - SHUT_MM), 0.0, 1.0), np.float32)


def tucks(neutral: Neutral) -> Floats:
    """How far the lower lip is under the upper teeth, (F,), 0..1: as its channel shows, or as was heard."""
    frames = np.arange(len(neutral.weights)) / neutral.fps
    tuck = np.zeros(len(frames), np.float32)
    if TUCKING in neutral.channels:
        rolled = neutral.weights[:, neutral.channels.index(TUCKING)]
        tuck = np.clip((rolled - TUCKS_FROM) / (TUCKED - TUCKS_FROM), 0, 1)
    for phone in neutral.phones:
        if phone.text in LABIODENTALS:
            beside = np.maximum(np.maximum(phone.start - frames, frames - phone.end), 0)
            tuck = np.maximum(tuck, np.clip(1 - beside / TUCKING_S, 0, 1))
    return np.asarray(tuck, np.float32)


def closures(gap_mm: Floats, fps: float) -> Floats:
    """Degree of closure 0..1 of each frame, from the neutral lip gap.

    Parameters
    ----------
    gap_mm : ndarray of shape (F,)
        Millimetres on a life-size head beyond the gap at rest.
    fps : float

    Returns
    -------
    ndarray of shape (F,), float32
    """
    near_speech = ndimage.maximum_filter1d(gap_mm, 2 * int(SPELL_S * fps) + 1, mode="nearest") > AJAR_MM
    degree = np.where(near_speech, np.maximum(shut(gap_mm), _narrowings(gap_mm, fps)), 0.0)
    soft = ndimage.gaussian_filter1d(ndimage.maximum_filter1d(degree, 2 * round(0.01 * fps) + 1), 0.01 * fps)
    return np.asarray(np.maximum(degree, np.where(near_speech, soft, 0.0)), np.float32)


def _narrowings(gap_mm: Floats, fps: float) -> Floats:
    """1 where the lips come nearest to each other between two openings, 0 from half way up on; (F,)."""
    opened: Floats = ndimage.grey_closing(gap_mm, (2 * round(BETWEEN_S * fps / 2) + 1,), mode="nearest")
    depth = opened - gap_mm
    deepest = np.maximum(ndimage.maximum_filter1d(depth, 2 * round(BETWEEN_S * fps / 4) + 1), 1e-6)
    clear = np.clip(deepest / NARROW_MM - 1.0, 0.0, 1.0)
    return np.asarray(np.clip(2.0 * depth / deepest - 1.0, 0.0, 1.0) * clear, np.float32)
