"""Weights of ARKit's channels, whatever order they are stored in: columns are found by name, never by place.

At least four orders are in use, two of which differ in nothing but left and right of jaw and mouth.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.training.datasets.files import numbers
from models.training.datasets.line import DatasetError, Floats

SPACE = "arkit"
EYE = ("Blink", "LookDown", "LookIn", "LookOut", "LookUp", "Squint", "Wide")
SIDED = ("Smile", "Frown", "Dimple", "Stretch")
SIDED_LATER = ("Press", "LowerDown", "UpperUp")
CHANNELS: tuple[str, ...] = (
    *(f"eye{move}{side}" for side in ("Left", "Right") for move in EYE),
    *("jawForward", "jawRight", "jawLeft", "jawOpen"),
    *("mouthClose", "mouthFunnel", "mouthPucker", "mouthRight", "mouthLeft"),
    *(f"mouth{move}{side}" for move in SIDED for side in ("Left", "Right")),
    *("mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper"),
    *(f"mouth{move}{side}" for move in SIDED_LATER for side in ("Left", "Right")),
    *("browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    *("cheekPuff", "cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut"),
)
"""The 52 in the order in which the Live Link Face app writes them; columns of every line's motion."""
ALPHABETICAL: tuple[str, ...] = tuple(sorted(set(CHANNELS) - {"tongueOut"}))
"""The 51 of BEAT."""


def by_name(values: NDArray[Any], names: Sequence[str], path: Path) -> tuple[Floats, NDArray[np.bool_]]:
    """Put columns in the order of `CHANNELS`.

    Parameters
    ----------
    values : ndarray of shape (F, columns)
    names : sequence of str
        Of the columns; capitals do not matter, names of no channel are left out.

    Returns
    -------
    motion : ndarray of shape (F, 52), float32
        0 where there is no column of that name.
    known : ndarray of shape (52,), bool
        Which columns there were.

    Raises
    ------
    DatasetError
        If a name is there twice, no name is a channel's, or a value is no number.
    """
    places = {name.strip().lower(): place for place, name in enumerate(names)}
    if len(places) < len(names):
        raise DatasetError(path, "names a channel twice")
    if values.ndim != 2 or values.shape[1] != len(names) or not len(values):
        raise DatasetError(path, f"has values of shape {values.shape} for {len(names)} channels")
    known = np.array([name.lower() in places for name in CHANNELS])
    if not known.any():
        raise DatasetError(path, "names none of ARKit's channels")
    motion = np.zeros((len(values), len(CHANNELS)), np.float32)
    columns = [places[name.lower()] for name in CHANNELS if name.lower() in places]
    motion[:, known] = numbers(values[:, columns], path)
    return motion, known
