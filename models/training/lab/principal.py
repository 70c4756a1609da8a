"""Incremental principal components (Ross et al. 2008): the whole dataset is never in memory."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from models.toolbox.motion_space import Components
from models.training.datasets.line import Floats

MOST = 512
"""Components that are carried along at most."""


def principal_components(parts: Iterable[Floats], wanted: float) -> Components:
    """Find the principal components of motion that comes in parts.

    Parameters
    ----------
    parts : iterable of ndarray of shape (F, D)
    wanted : float
        Share of the variance to keep if below 1, e.g. 0.99; otherwise how many components.

    Raises
    ------
    ValueError
        If nothing moves.
    """
    mean, scaled, count, total = np.zeros(0), np.zeros((0, 0)), 0, 0.0
    for part in parts:
        rows = part.astype(np.float64)
        if not count:
            mean, scaled = np.zeros(rows.shape[1]), np.zeros((0, rows.shape[1]))
        middle, both = rows.mean(axis=0), count + len(rows)
        # The step between the means of old and new rows counts as one row more.
        step = np.sqrt(count * len(rows) / both) * (mean - middle)
        centred = rows - middle
        total += float(np.square(centred).sum() + np.square(step).sum())
        scaled = _folded(np.concatenate([scaled, centred, step[None]]))
        mean, count = (count * mean + len(rows) * middle) / both, both
    strength = np.linalg.norm(scaled, axis=1)
    if not count or not total > 0:
        raise ValueError("no motion to find components of")
    kept = _enough(strength, total, wanted)
    return Components(mean.astype(np.float32), (scaled[:kept] / strength[:kept, None]).astype(np.float32))


def _folded(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Singular directions of rows, each as long as its singular value, by falling length."""
    if len(rows) <= rows.shape[1]:  # the smaller of both products; a corpus is wider than a line is long
        values, vectors = np.linalg.eigh(rows @ rows.T)
        directions = vectors.T @ rows
    else:
        values, vectors = np.linalg.eigh(rows.T @ rows)
        directions = vectors.T * np.sqrt(np.maximum(values, 0))[:, None]
    order = np.argsort(values)[::-1]
    keep = order[(values[order] > 1e-12 * max(values.max(), 1e-300))][:MOST]
    return np.asarray(directions[keep])


def _enough(strength: NDArray[np.float64], total: float, wanted: float) -> int:
    if wanted >= 1:
        return min(int(wanted), len(strength))
    share = np.cumsum(strength**2) / total
    return min(int(np.searchsorted(share, wanted)) + 1, len(strength))
