"""How far blendshape weights are from where they should be, by part of the face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

PARTS: dict[str, tuple[str, ...]] = {
    "all": ("",),
    "mouth": ("jaw", "mouth", "tongue"),
    "lips": ("mouth",),
    "jaw": ("jaw",),
    "brows": ("brow",),
    "eyes": ("eye",),
    "cheeks and nose": ("cheek", "nose"),
}
"""What the names of a part's ARKit channels begin with; by name, since files order them in four ways."""


def channel_errors(
    truth: NDArray[np.floating], predicted: NDArray[np.floating], channels: Sequence[str]
) -> Mapping[str, float]:
    """Mean absolute error of the weights (blendshape MAE).

    Parameters
    ----------
    truth, predicted : ndarray of shape (F, C)
    channels : sequence of str
        Names of the columns, in ARKit's spelling.

    Returns
    -------
    mapping of str to float
        For each of `PARTS` of which there is a channel.

    Raises
    ------
    ValueError
        If the shapes differ from each other, or from the names.
    """
    if truth.shape != predicted.shape or truth.shape[1:] != (len(channels),):
        raise ValueError(f"{predicted.shape} beside {truth.shape} weights of {len(channels)} channels")
    errors = np.abs(np.subtract(truth, predicted, dtype=np.float64)).mean(axis=0)
    found = {
        part: [number for number, name in enumerate(channels) if name.startswith(begins)]
        for part, begins in PARTS.items()
    }
    return {part: float(errors[columns].mean()) for part, columns in found.items() if columns}
