"""Speaking style: from mumbled over neutral to hyper-articulated speech, with no new inference.

The lipsync is split into what moves slowly and the detail over it. Mumbled speech keeps the first, smaller,
and loses the second; clear speech has more of both. Where the lips close they close in any style.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from core.composing import Times
from core.curve import Curve
from core.mesh import Floats
from core.neutral import Neutral

SLOW_S = 0.07
"""Seconds (standard deviation) over which detail is smoothed away: half a syllable."""
REACH, DETAIL = (0.45, 0.25), (0.75, 0.5)
"""What mumbled speech lacks of the slow part and of the detail, and what clear speech has more of them."""


@dataclass(frozen=True, eq=False)
class Manner:
    """What restyling a recording needs, made once for it.

    Attributes
    ----------
    slow : Neutral
        The lipsync without its detail.
    closure : ndarray of shape (F,), float32
        Degree to which the lips close, 0..1, on the same grid.
    """

    slow: Neutral
    closure: Floats

    def restyled(self, weights: Floats, times: Times, style: Curve) -> Floats:
        """Restyle speech weights.

        Parameters
        ----------
        weights : ndarray of shape (F, C), float32
            The lipsync at `times`.
        times : ndarray of shape (F,)
        style : Curve
            -1 mumbled, 0 as inferred, 1 hyper-articulated.
        """
        degree = np.clip(style(times), -1, 1)[:, None].astype(np.float32)
        slow = self.slow.sample(times)
        changed = slow * (1 + _share(REACH, degree)) + (weights - slow) * (1 + _share(DETAIL, degree))
        grid = np.arange(len(self.closure)) / self.slow.fps
        held = np.interp(times, grid, self.closure)[:, None].astype(np.float32)
        return np.asarray(np.maximum(changed * (1 - held) + weights * held, 0), np.float32)


def manner_of(neutral: Neutral, closure: Floats | None) -> Manner:
    """Prepare a lipsync for restyling; without lips nothing is held closed."""
    slow = ndimage.gaussian_filter1d(neutral.weights, SLOW_S * neutral.fps, axis=0, mode="nearest")
    held = np.zeros(len(neutral.weights), np.float32) if closure is None else closure
    return Manner(replace(neutral, weights=np.asarray(slow, np.float32)), held)


def _share(ends: tuple[float, float], degree: Floats) -> Floats:
    return np.where(degree < 0, ends[0], ends[1]).astype(np.float32) * degree
