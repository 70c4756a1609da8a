"""From vertices or landmarks that move to the channel weights that move them so.

Letters: F frames, V points, C channels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.mesh import Floats

STEPS = 400
STIFFNESS = 2e-4
"""What a whole weight costs, in parts of a channel's mean square displacement: of two ways the smaller."""


def solved_weights(fields: Floats, motion: Floats) -> Floats:
    """Find weights of 0..1 whose sum of fields is nearest to a motion, frame by frame.

    Channels that move none of the points stay 0.

    Parameters
    ----------
    fields : ndarray of shape (C, V, 3)
        Displacement of every point at weight 1.
    motion : ndarray of shape (F, V, 3)
        Displacements.

    Returns
    -------
    ndarray of shape (F, C), float32
    """
    flat = fields.reshape(len(fields), -1).astype(np.float64)
    sizes = np.linalg.norm(flat, axis=1)
    moving = sizes > 1e-9 * max(sizes.max(), 1e-300)
    weights = np.zeros((len(motion), len(fields)), np.float32)
    if moving.any():
        gram = flat[moving] @ flat[moving].T
        aims = np.asarray(motion.reshape(len(motion), -1) @ flat[moving].T.astype(np.float32), np.float64)
        weights[:, moving] = _within_bounds(gram, aims)
    return weights


def _within_bounds(gram: NDArray[np.float64], aims: NDArray[np.float64]) -> NDArray[np.float64]:
    """Minimise w'Gw / 2 - a'w for each row of aims, 0 <= w <= 1 (accelerated: Beck and Teboulle 2009)."""
    stiff = gram + STIFFNESS * gram.diagonal().mean() * np.eye(len(gram))
    rate = 1.0 / np.linalg.eigvalsh(stiff)[-1]
    weights = ahead = np.zeros_like(aims)
    momentum = 1.0
    for _ in range(STEPS):
        latest = np.clip(ahead - rate * (ahead @ stiff - aims), 0.0, 1.0)
        following = 0.5 * (1 + np.sqrt(1 + 4 * momentum**2))
        ahead = latest + (momentum - 1) / following * (latest - weights)
        weights, momentum = latest, following
    return weights


def named(weights: Floats, names: Sequence[str], channels: Sequence[str]) -> Floats:
    """Put columns in the order of other channels; those that have none are 0."""
    arranged = np.zeros((len(weights), len(channels)), np.float32)
    for column, name in enumerate(names):
        if name in channels:
            arranged[:, channels.index(name)] = weights[:, column]
    return arranged
