"""Two takes of the same line, one neutral, laid on one another and subtracted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Tracks = NDArray[np.float32]
FPS = 60.0
FULL = 0.8
"""Quantile over a take that counts as its pose: an emotion is worn fully for part of it only."""
LIVELY = 0.02
"""Change of the mouth (channels a second) under which nothing is spoken."""
DETAIL_S = 0.5
"""Seconds over which two takes are smoothed before they are laid on one another."""


@dataclass(frozen=True, eq=False)
class Pair:
    """A line spoken twice, on the time of the neutral take.

    Attributes
    ----------
    neutral, residual : ndarray of shape (F, C)
    pose : ndarray of shape (C,)
        What the emotion adds where it is full.
    speaks : ndarray of shape (F,), bool
    """

    neutral: Tracks
    residual: Tracks
    pose: Tracks
    speaks: NDArray[np.bool_]

    def cut(self, frames: int, draw: np.random.Generator) -> Pair:
        """Return a random stretch; a shorter pair is held at its end."""
        first = int(draw.integers(0, max(len(self.neutral) - frames, 0) + 1))
        rows = np.minimum(first + np.arange(frames), len(self.neutral) - 1)
        return Pair(self.neutral[rows], self.residual[rows], self.pose, self.speaks[rows])


def paired(neutral: Tracks, emotional: Tracks) -> Pair:
    """Lay an emotional take on the time of the neutral one, and subtract.

    The same words take different times; jaw and lips of both, freed of the pose, are aligned by dynamic time
    warping (Sakoe & Chiba 1978) at 20 frames a second.
    """
    coarse = [_movement(take)[::3] for take in (neutral, emotional)]
    path = _warp(*coarse) * 3
    rows = np.interp(np.arange(len(neutral)), np.arange(len(path)) * 3, path)
    before = np.minimum(rows.astype(int), len(emotional) - 1)
    after, share = np.minimum(before + 1, len(emotional) - 1), (rows - rows.astype(int))[:, None]
    residual = emotional[before] * (1 - share) + emotional[after] * share - neutral
    pose = np.clip(np.quantile(emotional, FULL, axis=0) - np.quantile(neutral, FULL, axis=0), 0, 1)
    lively = np.abs(np.gradient(neutral, axis=0)).sum(1) * FPS
    speaks = ndimage.gaussian_filter1d(lively, 0.15 * FPS) > LIVELY
    return Pair(neutral, residual.astype(np.float32), pose.astype(np.float32), speaks)


def _movement(take: Tracks) -> NDArray[np.float64]:
    """Channels without what they do slowly, of like size in any take."""
    fast = take - ndimage.gaussian_filter1d(take, DETAIL_S * FPS, axis=0)
    return np.asarray(fast / max(float(np.sqrt(np.square(fast).sum(1).mean())), 1e-6), np.float64)


def _warp(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Frame of the second for each of the first, by the cheapest monotone path."""
    cost = np.square(first[:, None] - second[None]).sum(2)
    total = np.full((len(first) + 1, len(second) + 1), np.inf)
    total[0, 0] = 0
    for i in range(1, len(first) + 1):
        for j in range(1, len(second) + 1):
            total[i, j] = cost[i - 1, j - 1] + min(total[i - 1, j - 1], total[i - 1, j], total[i, j - 1])
    path = np.zeros(len(first))
    i, j = len(first), len(second)
    while i > 0:
        path[i - 1] = j - 1
        i, j = min(((i - 1, j - 1), (i - 1, j), (i, j - 1)), key=lambda step: total[step])
    return path
