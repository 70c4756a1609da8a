"""Which keys are chosen: numbers of keys for each lane, lanes without any left out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.curve import Curve

Keys = NDArray[np.intp]
Selection = Mapping[str, Keys]


def selection_of(keys: Mapping[str, object]) -> Selection:
    """Order the keys of each lane and drop empty lanes."""
    found = {name: np.unique(np.asarray(chosen, np.intp)) for name, chosen in keys.items()}
    return {name: chosen for name, chosen in found.items() if len(chosen)}


def holds(selection: Selection, name: str, key: int) -> bool:
    """Whether a key is chosen."""
    return name in selection and bool(np.isin(key, selection[name]))


def united(one: Selection, other: Selection) -> Selection:
    """All keys of both."""
    empty = np.empty(0, np.intp)
    names = (*one, *other)
    return selection_of({n: np.concatenate([one.get(n, empty), other.get(n, empty)]) for n in names})


def toggled(selection: Selection, name: str, key: int) -> Selection:
    """Add a key, or take it out."""
    if not holds(selection, name, key):
        return united(selection, {name: np.array([key])})
    return selection_of({**selection, name: selection[name][selection[name] != key]})


def followed(keys: Keys, before: Curve, after: Curve) -> Keys:
    """Numbers of the same keys after a change: by number where none came or went, else by time."""
    if len(before) == len(after):
        return keys
    return np.flatnonzero(np.isin(after.times, before.times[keys]))
