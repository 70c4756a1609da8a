"""Lines made ready to learn from: sound features, and motion standardised and perhaps reduced.

Letters: F frames, D coordinates of the motion space, O coordinates that the network predicts.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import soxr
import torch
from numpy.typing import NDArray

from models.frontend import SAMPLE_RATE
from models.toolbox.listening import listen
from models.training.datasets.line import Entry, Floats, Line

STILL = 1e-4
"""Standard deviation under which a coordinate never moves and is not learnt."""


@dataclass(frozen=True, eq=False)
class Example:
    """One line.

    Attributes
    ----------
    features : ndarray of shape (F, I), float32
    motion : ndarray of shape (F, D), float32
        As the dataset has it, less the speaker's template where there is one.
    known : ndarray of shape (F, D), bool
    """

    name: str
    speaker: str
    features: Floats
    motion: Floats
    known: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Standard:
    """How motion is standardised: (motion - mean) / scale."""

    mean: Floats
    scale: Floats

    @staticmethod
    def of(examples: Sequence[Example]) -> Standard:
        """Measure mean and spread of what is known."""
        motion = np.concatenate([each.motion for each in examples]).astype(np.float64)
        known = np.concatenate([each.known for each in examples])
        count = np.maximum(known.sum(0), 1)
        mean = (motion * known).sum(0) / count
        spread = np.sqrt(((motion - mean) ** 2 * known).sum(0) / count)
        return Standard(mean.astype(np.float32), np.where(spread < STILL, STILL, spread).astype(np.float32))


@dataclass(frozen=True)
class Batch:
    """Crops of several lines: (B, F, I), (B, F, O) and (B, F, O)."""

    features: torch.Tensor
    motion: torch.Tensor
    known: torch.Tensor


def prepared(entries: Iterable[Entry], ear: str) -> list[Example]:
    """Load lines and listen to them.

    Raises
    ------
    DatasetError
        A file is at fault.
    """
    return [example(entry.load(), ear) for entry in entries]


def example(line: Line, ear: str) -> Example:
    """Listen to a line; sound and motion are cut to the shorter of both."""
    samples = line.samples
    if line.rate != SAMPLE_RATE:
        samples = np.asarray(soxr.resample(samples, line.rate, SAMPLE_RATE), np.float32)
    features = listen(samples, line.fps, ear)
    frames = min(len(features), len(line.motion))
    motion = np.asarray(line.motion[:frames], np.float32)
    if line.template is not None:
        motion = motion - line.template.reshape(1, -1)
    known = line.valid[:frames, None] & line.known[None]
    return Example(line.name, line.speaker, features[:frames], motion, known)


def batch(examples: Sequence[Example], standard: Standard, size: int, frames: int, seed: int) -> Batch:
    """Crop lines at random; the same seed gives the same crops. Short lines end in the unknown."""
    draw = random.Random(seed)
    rows = []
    for _ in range(size):
        each = examples[draw.randrange(len(examples))]
        first = draw.randrange(max(len(each.motion) - frames, 0) + 1)
        span = slice(first, first + frames)
        motion = (each.motion[span] - standard.mean) / standard.scale
        missing = frames - len(motion)
        rows.append(
            [np.pad(part, ((0, missing), (0, 0))) for part in (each.features[span], motion, each.known[span])]
        )
    features, motions, known = (torch.from_numpy(np.stack(column)) for column in zip(*rows, strict=True))
    return Batch(features, motions.float(), known)
