"""How wide the mouth is open, and whether it closes where it must.

Letters: F frames, V vertices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Motion = NDArray[np.floating]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class InnerLips:
    """The vertices of the inner lips at the midline, between which the mouth opens."""

    upper: int
    lower: int


FLAME_LIPS = InnerLips(3531, 3504)
MEDIAPIPE_LIPS = InnerLips(13, 14)


def mouth_opening(motion: Motion, lips: InnerLips) -> Numbers:
    """Distance of the inner lips at each frame.

    Parameters
    ----------
    motion : ndarray of shape (F, V, 3)

    Returns
    -------
    ndarray of shape (F,), float64
        In the motion's unit.
    """
    upper = np.asarray(motion[:, lips.upper], np.float64)
    return np.asarray(np.linalg.norm(upper - motion[:, lips.lower], axis=-1))


def opening_difference(truth: Numbers, predicted: Numbers) -> Numbers:
    """How far two mouths' openings differ at each frame; its mean is MOD (Sun et al. 2024, DiffPoseTalk).

    Parameters
    ----------
    truth, predicted : ndarray of shape (F,)
        As `mouth_opening` gives them; in mm for the published figure.
    """
    if truth.shape != predicted.shape:
        raise ValueError(f"{len(predicted)} openings beside {len(truth)}")
    return np.abs(truth - predicted)


def movement_kept(truth: Numbers, predicted: Numbers) -> float:
    """Ratio of the standard deviations of two mouths' openings: under 1 mumbles, over 1 exaggerates.

    Says how much lips move, not whether at the right time; a mouth that is open too far all the time moves
    none the more.

    Parameters
    ----------
    truth, predicted : ndarray of shape (F,)

    Returns
    -------
    float
        NaN where the true mouth is still.
    """
    spread = float(truth.std())
    return float(predicted.std()) / spread if spread > 0 else float("nan")


def closure_recall(
    opening: Numbers, fps: float, closures: Sequence[float], threshold: float, margin: float = 0.04
) -> float:
    """Share of the closures at which the lips meet.

    Parameters
    ----------
    opening : ndarray of shape (F,)
        Frame 0 is at time 0.
    closures : sequence of float
        Seconds at which a /p b m/ is closed.
    threshold : float
        Opening up to which lips count as closed, in the opening's unit.
    margin : float
        Seconds by which the lips may meet too early or too late.

    Returns
    -------
    float
        NaN where no closure lies within the motion.
    """
    times = np.arange(len(opening)) / fps
    # Half a frame more, so that a coarse grid never falls between a closure and its frame.
    near = np.abs(times - np.asarray(closures, np.float64)[:, None]) <= max(margin, 0.5 / fps) + 1e-9
    near = near[near.any(axis=1)]
    if not len(near):
        return float("nan")
    return float((near & (opening <= threshold)).any(axis=1).mean())


def closures(opening: Numbers, fps: float, threshold: float, longest: float = 0.3) -> Numbers:
    """Find where a mouth closes in the midst of speech, where no phones are known.

    Parameters
    ----------
    opening : ndarray of shape (F,)
        Of the truth.
    threshold : float
        Opening up to which lips count as closed.
    longest : float
        Seconds from which a closed mouth is a pause.

    Returns
    -------
    ndarray of float64
        Seconds in the middle of each closure; those that begin or end with the motion are left out.
    """
    edges = np.diff((opening <= threshold).astype(np.int8))
    falls, rises = np.flatnonzero(edges == 1) + 1, np.flatnonzero(edges == -1)
    if opening[0] <= threshold:
        rises = rises[1:]
    pairs = zip(falls, rises, strict=False)
    return np.array([(a + b) / 2 / fps for a, b in pairs if (b - a + 1) / fps <= longest], np.float64)


def false_closures(truth: Numbers, predicted: Numbers, threshold: float) -> float:
    """Share of the frames with a mouth that should be wide open in which it is closed.

    Recall alone would praise a mouth that never opens.

    Parameters
    ----------
    truth, predicted : ndarray of shape (F,)
    threshold : float
        As for `closure_recall`; wide open is more than three times as far.

    Returns
    -------
    float
        NaN where the truth is never wide open.
    """
    wide = truth > 3 * threshold
    return float((predicted[wide] <= threshold).mean()) if wide.any() else float("nan")
