"""From one posture to the next, smoothly: what saccades, turns of the head, lids and breaths are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Postures = NDArray[np.float64]


@dataclass(frozen=True)
class Move:
    """A change of posture.

    Attributes
    ----------
    start, length : float
        Seconds.
    aim : ndarray of shape (K,)
        Where it leads.
    """

    start: float
    length: float
    aim: Postures


def eased(share: Postures) -> Postures:
    """Go from 0 to 1 with no jerk at either end; held outside."""
    inside = np.clip(share, 0.0, 1.0)
    return np.asarray(inside * inside * (3 - 2 * inside))


def postures(moves: Iterable[Move], frames: int, width: int, fps: float) -> Postures:
    """Follow moves in order from posture 0, one after the other or overlapping; shape (frames, width)."""
    steps = np.zeros((frames, width))
    now = np.zeros(width)
    for move in moves:
        first = max(int(move.start * fps), 0)
        times = np.arange(first - 1, min(int((move.start + move.length) * fps) + 2, frames)) / fps
        if len(times) < 2:
            break
        rise = np.diff(eased((times - move.start) / max(move.length, 1e-9)))
        steps[first : first + len(rise)] += (move.aim - now) * rise[:, None]
        now = move.aim
    return np.cumsum(steps, axis=0)
