"""Dynamic time warping: two motions beside each other when either may hurry or wait.

Letters: N and M frames of one and of the other. Memory goes with N M: a minute at 60 Hz takes 0.2 GB.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from models.training.metrics.masks import Mask

Numbers = NDArray[np.float64]


def accumulated(costs: Numbers) -> Numbers:
    """Cheapest way from the first cell to each cell, by steps right, down or both (Sakoe & Chiba 1978).

    Parameters
    ----------
    costs : ndarray of shape (N, M)

    Returns
    -------
    ndarray of shape (N, M), float64
    """
    rows, columns = costs.shape
    best = np.full((rows + 1, columns + 1), np.inf)
    best[0, 0] = 0.0
    # Cells of an anti-diagonal do not depend on each other.
    for diagonal in range(2, rows + columns + 1):
        row = np.arange(max(1, diagonal - columns), min(rows, diagonal - 1) + 1)
        column = diagonal - row
        before = np.minimum(
            best[row - 1, column - 1], np.minimum(best[row - 1, column], best[row, column - 1])
        )
        best[row, column] = costs[row - 1, column - 1] + before
    return best[1:, 1:]


def warping_path(costs: Numbers) -> NDArray[np.intp]:
    """Cells of the cheapest way from the first cell to the last.

    Returns
    -------
    ndarray of shape (P, 2), int
        Rows and columns, neither ever falling.
    """
    best = accumulated(costs)
    row, column = best.shape[0] - 1, best.shape[1] - 1
    path = [(row, column)]
    while row or column:
        steps = [(row - 1, column - 1), (row - 1, column), (row, column - 1)]
        row, column = min((step for step in steps if min(step) >= 0), key=lambda step: best[step])
        path.append((row, column))
    return np.array(path[::-1])


def warped_lip_distance(
    truth: NDArray[np.floating], predicted: NDArray[np.floating], lips: Mask, millimetres: float
) -> float:
    """Distance of the lips in mm when time may be warped (Lip-DTW of Imitator, Thambiraja et al. 2023).

    Parameters
    ----------
    truth : ndarray of shape (N, V, 3)
    predicted : ndarray of shape (M, V, 3)

    Returns
    -------
    float
        Root-mean-square distance over the lips, mean over the cells of the cheapest path.
    """
    one, other = lips.of(truth), lips.of(predicted)
    costs = cdist(one.reshape(len(one), -1), other.reshape(len(other), -1)) / np.sqrt(len(lips.vertices))
    path = warping_path(costs)
    return float(costs[path[:, 0], path[:, 1]].mean() * millimetres)
