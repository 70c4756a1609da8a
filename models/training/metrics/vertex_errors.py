"""How far vertices are from where they should be.

Letters: F frames, V vertices, L vertices of a mask. Distances are in the unit of the data; `millimetres` says
how many of them such a unit is (VOCASET: 1000, as it is in metres).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from models.training.metrics.masks import Mask

Motion = NDArray[np.floating]
Numbers = NDArray[np.float64]


def pooled(frames: Iterable[Numbers]) -> float:
    """Mean over the frames of all sequences together, so that a long sequence counts for more."""
    return float(np.concatenate(list(frames)).mean())


def lip_vertex_error(truth: Motion, predicted: Motion, lips: Mask) -> Numbers:
    """Worst squared distance of a lip vertex, in units squared: the figure that tables call LVE.

    MeshTalk (Richard et al. 2021) and FaceFormer (Fan et al. 2022) write of a maximal L2 error; what
    CodeTalker (Xing et al. 2023), FaceDiffuser and ScanTalk compute, and print as LVE, has no root.
    `pooled` gives the figure of a test set.

    Parameters
    ----------
    truth, predicted : ndarray of shape (F, V, 3)

    Returns
    -------
    ndarray of shape (F,), float64

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    return np.asarray(np.square(_differences(truth, predicted, lips)).sum(axis=-1).max(axis=-1))


def worst_lip_distance(truth: Motion, predicted: Motion, lips: Mask, millimetres: float) -> Numbers:
    """Worst distance of a lip vertex in mm: LVE with the root (Imitator, EMOTE, DiffPoseTalk).

    Returns
    -------
    ndarray of shape (F,), float64
    """
    return np.asarray(np.sqrt(lip_vertex_error(truth, predicted, lips)) * millimetres)


def mean_lip_distance(truth: Motion, predicted: Motion, lips: Mask, millimetres: float) -> Numbers:
    """Mean distance of the lip vertices in mm, over the lips alone.

    Returns
    -------
    ndarray of shape (F,), float64
    """
    distances = np.linalg.norm(_differences(truth, predicted, lips), axis=-1)
    return np.asarray(distances.mean(axis=-1) * millimetres)


def face_vertex_error(truth: Motion, predicted: Motion) -> Numbers:
    """Mean distance over all vertices, in units: FVE, which FaceDiffuser calls MVE.

    Returns
    -------
    ndarray of shape (F,), float64
    """
    return np.asarray(np.linalg.norm(_differences(truth, predicted), axis=-1).mean(axis=-1))


def velocity_error(truth: Motion, predicted: Motion, fps: float) -> Numbers:
    """Mean distance between velocities, in units a second, so that frame rates may be compared.

    Returns
    -------
    ndarray of shape (F - 1,), float64
    """
    change = np.diff(_differences(truth, predicted), axis=0)
    return np.asarray(np.linalg.norm(change, axis=-1).mean(axis=-1) * fps)


def _differences(truth: Motion, predicted: Motion, mask: Mask | None = None) -> Numbers:
    if truth.shape != predicted.shape or truth.ndim != 3:
        raise ValueError(f"a prediction of shape {predicted.shape} beside a truth of shape {truth.shape}")
    if mask is not None:
        truth, predicted = mask.of(truth), mask.of(predicted)
    return np.subtract(truth, predicted, dtype=np.float64)
