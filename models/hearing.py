"""Running a checkpoint's network over a sound, window by window.

Letters: T feature frames, F animation frames, P phones, A articulators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.aligning import Alignment
from models.articulation import articulate
from models.checkpoint import Checkpoint
from models.frontend import level, levelled, log_mel, raised
from models.phones import INDEX

TRUST = np.float32(0.9)
"""Share of a known text's phones in what is heard."""
RULE = np.float32(0.5)
"""Share of the mouth's movement that follows from a known text by rule."""


@dataclass(frozen=True)
class Heard:
    """What the network hears.

    Attributes
    ----------
    phones : ndarray of shape (F, P), float32
        Probabilities.
    articulation : ndarray of shape (F, A), float32
    """

    phones: NDArray[np.float32]
    articulation: NDArray[np.float32]

    @staticmethod
    def joined(parts: Sequence[Heard]) -> Heard:
        """Join windows that follow each other."""
        phones = np.concatenate([part.phones for part in parts])
        return Heard(phones, np.concatenate([part.articulation for part in parts]))

    def told(self, text: Alignment, fps: float) -> Heard:
        """Return what one hears who knows the text: its phones, nearly sure, which move the mouth too."""
        known = np.zeros_like(self.phones)
        for segment in text.phones:
            known[round(segment.start * fps) : round(segment.end * fps), INDEX[segment.phone]] = 1
        rule = articulate(text.phones, np.arange(len(known)) / fps)
        phones = (1 - TRUST) * self.phones + TRUST * known
        return Heard(phones, (1 - RULE) * self.articulation + RULE * rule)


class Listener:
    """A network before one sound.

    Parameters
    ----------
    model : Checkpoint
    samples : ndarray of shape (N,), float32
        Mono at the model's sample rate.
    """

    @torch.inference_mode()
    def __init__(self, model: Checkpoint, samples: NDArray[np.float32]) -> None:
        # One thread is three hundred times real time. More would spin while they wait for each other: with
        # the other core busy, two were twenty times slower than one.
        torch.set_num_threads(1)
        self.model = model
        config = model.card.frontend
        features = log_mel(torch.from_numpy(np.ascontiguousarray(raised(samples)))[None], config)
        self._features = levelled(features, level(features, model.prior, config), config)
        self.frames = (self._features.shape[1] + 1) // 2

    @torch.inference_mode()
    def hear(self, start: int, end: int) -> Heard:
        """Hear animation frames ``start`` to ``end``, with as much around them as the network reaches."""
        reach = self.model.card.network.reach
        before, after = min(start, reach), min(self.frames - end, reach)
        window = self._features[:, 2 * (start - before) : 2 * (end + after) - 1]
        phones, articulation = self.model.net(window)
        inner = slice(before, before + end - start)
        return Heard(phones[0, inner].softmax(1).numpy(), articulation[0, inner].numpy())
