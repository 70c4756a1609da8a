"""The neutral lipsync of a recording: what one inference gives, and all that painting needs of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from core.composing import Times
from core.mesh import Floats


@dataclass(frozen=True)
class Label:
    """A phone or a word and where it is spoken.

    Attributes
    ----------
    text : str
    start, end : float
        Seconds from the start of the audio.
    confidence : float
        Mean probability that the model gives it, 0..1.
    """

    text: str
    start: float
    end: float
    confidence: float = 1.0


@dataclass(frozen=True, eq=False)
class Neutral:
    """Channel weights c(t) on a regular grid.

    Attributes
    ----------
    fps : float
        Grid rate; sample k is the face at k / fps seconds.
    channels : tuple of str
        Names of the columns.
    weights : ndarray of shape (F, C), float32
    model : str
        Name of the model that made it.
    phones, words : tuple of Label
        What the model heard or, with a transcript, where it found the text; without pauses.
    """

    fps: float
    channels: tuple[str, ...]
    weights: Floats = field(repr=False)
    model: str = ""
    phones: tuple[Label, ...] = field(default=(), repr=False)
    words: tuple[Label, ...] = field(default=(), repr=False)

    @property
    def duration(self) -> float:
        """Seconds from the first to the last sample."""
        return max(len(self.weights) - 1, 0) / self.fps

    def sample(self, times: Times) -> Floats:
        """Weights at times (F,) in seconds, shape (F, C): linear in between, held beyond the ends."""
        if not len(self.weights):
            return np.zeros((len(times), len(self.channels)), np.float32)
        if len(times) == 1:
            return self._at(float(times[0]))
        position = np.clip(np.asarray(times) * self.fps, 0, len(self.weights) - 1)
        before = np.minimum(position.astype(np.intp), len(self.weights) - 1)
        after = np.minimum(before + 1, len(self.weights) - 1)
        share = (position - before)[:, None].astype(np.float32)
        return np.asarray(self.weights[before] * (1 - share) + self.weights[after] * share, np.float32)

    def _at(self, time: float) -> Floats:
        """Weights at one time, (1, C), by the same arithmetic: the viewport asks once per layer and edit."""
        last = len(self.weights) - 1
        position = min(max(time * self.fps, 0.0), float(last))
        before = int(position)
        share = np.float32(position - before)
        here, there = self.weights[before : before + 1], self.weights[min(before + 1, last)]
        return np.asarray(here * (np.float32(1) - share) + there * share, np.float32)

    def arranged(self, channels: Sequence[str]) -> Neutral:
        """Return the same motion with these columns; channels the model lacks are 0."""
        weights = np.zeros((len(self.weights), len(channels)), np.float32)
        for column, name in enumerate(channels):
            if name in self.channels:
                weights[:, column] = self.weights[:, self.channels.index(name)]
        return replace(self, channels=tuple(channels), weights=weights)
