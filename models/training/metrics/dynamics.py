"""How lively a face is, whatever it does: the upper face, jitter, and how far predictions differ.

Letters: F frames, V vertices, K predictions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training.metrics.masks import Mask

Motion = NDArray[np.floating]


@dataclass(frozen=True)
class DynamicsDeviation:
    """FDD of a test set, in units squared.

    Attributes
    ----------
    signed : float
        Mean over the sequences: above 0 where predictions move too little. A lively prediction makes up for a
        frozen one, so this is not an error.
    absolute : float
        Mean of the sizes of the same differences.
    """

    signed: float
    absolute: float


def face_dynamics(motion: Motion, template: Motion, upper: Mask) -> float:
    """Mean over the upper face of how much each vertex' squared displacement varies in time.

    Parameters
    ----------
    motion : ndarray of shape (F, V, 3)
    template : ndarray of shape (V, 3)

    Returns
    -------
    float
        Population standard deviation, in units squared.
    """
    squared = np.square(upper.of(motion) - upper.of(template)).sum(axis=-1)
    return float(squared.std(axis=0).mean())


def dynamics_deviation(truth: Sequence[float], predicted: Sequence[float]) -> DynamicsDeviation:
    """FDD (Xing et al. 2023, CodeTalker) from the `face_dynamics` of each sequence of a test set."""
    differences = np.subtract(truth, predicted)
    return DynamicsDeviation(float(differences.mean()), float(np.abs(differences).mean()))


def jitter(motion: Motion, fps: float) -> float:
    """Mean size of the third derivative, in units a second cubed (Flash & Hogan 1985; Yi et al. 2021).

    Parameters
    ----------
    motion : ndarray of shape (F, V, 3) or (F, C)
        Vertices, or channels, each of which then counts as a point on a line. At least four frames.
    """
    if len(motion) < 4:
        raise ValueError(f"jitter needs four frames, and the motion has {len(motion)}")
    jerk = np.diff(np.asarray(motion, np.float64), n=3, axis=0) * fps**3
    return float((np.linalg.norm(jerk, axis=-1) if motion.ndim == 3 else np.abs(jerk)).mean())


def diversity(predictions: Motion) -> float:
    """Mean distance between predictions for the same sound (FaceDiffuser, Stan et al. 2023), in units.

    Parameters
    ----------
    predictions : ndarray of shape (K, F, V, 3)
        Of other styles or other seeds, at least two.

    Returns
    -------
    float
        Mean over all pairs, frames and vertices.
    """
    count = len(predictions)
    if count < 2:
        raise ValueError("diversity needs at least two predictions")
    # Two at a time: all pairs at once would take K times the memory.
    distances = [
        np.linalg.norm(np.subtract(predictions[one], predictions[other], dtype=np.float64), axis=-1).mean()
        for one in range(count)
        for other in range(one)
    ]
    return float(np.mean(distances))
