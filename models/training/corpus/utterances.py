"""What is spoken: a prompt before, an utterance with the times of its phones after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from models.phones import Segment

RATE = 16_000
"""Samples a second of all utterances."""


@dataclass(frozen=True)
class Prompt:
    """One sentence to speak.

    Attributes
    ----------
    voice : str
        As its engine names it.
    stretch : float
        Factor on how long it takes.
    pitch : float
        Wished mean, in Hz.
    """

    text: str
    voice: str
    stretch: float = 1.0
    pitch: float = 120.0


@dataclass(frozen=True)
class Utterance:
    """Speech with the times of its phones.

    Attributes
    ----------
    samples : ndarray of shape (N,), float32
        At `RATE`.
    segments : tuple of Segment
        In order, without gaps.
    voice : str
    """

    samples: NDArray[np.float32]
    segments: tuple[Segment, ...]
    voice: str

    def at_speed(self, factor: float) -> Utterance:
        """Play `factor` times as fast: shorter, and with higher pitch and formants, as of a smaller head."""
        samples = np.asarray(signal.resample_poly(self.samples, 1000, round(1000 * factor)), np.float32)
        segments = tuple(Segment(s.phone, s.start / factor, s.end / factor) for s in self.segments)
        return replace(self, samples=samples, segments=segments)


def at_16k(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Resample to the corpus's rate."""
    shared = gcd(RATE, rate)
    return np.asarray(signal.resample_poly(samples, RATE // shared, rate // shared), np.float32)
