"""Lines made ready to learn from: sound features, and motion as the network predicts it.

Letters: F frames, D coordinates of the motion space, O coordinates that the network predicts (components, or
D), S speakers that the network knows.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import soxr
import torch
from numpy.typing import NDArray

from models.toolbox.motion_space import Components, with_style
from models.training.datasets.line import Entry, Floats, Line
from models.training.lab.feature_cache import features_of

FAINT = 0.05
"""Share of the largest standard deviation that scales a coordinate at least: else the trembling of a channel
that is hardly used counts as much as speech."""
STILL = 1e-3
"""Share of the largest standard deviation under which a coordinate never moves and is not judged."""
UNSTYLED = 0.2
"""Share of crops that do not say who speaks, so that strangers find a style, too."""
PACES = (0.88, 1.13)
"""Speeds at which training lines are played besides their own: pitch and formants change as from voice to
voice (Ko et al. 2015, "Audio augmentation for speech recognition")."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Wanted:
    """What is made of a line.

    Attributes
    ----------
    ear : str
        Of `models.toolbox.listening`.
    components : Components or None
        What motion is reduced to.
    speakers : tuple of str
        Whom the network tells apart; empty where it does not.
    """

    ear: str
    components: Components | None = None
    speakers: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Example:
    """One line.

    Attributes
    ----------
    features : ndarray of shape (F, I + S), float32
        The last columns say who speaks: 1 for the speaker, or 1 / S for all where it is a stranger.
    motion : ndarray of shape (M, O), float32
        Perhaps a view of a file: vertices of a whole dataset need not be in memory.
    known : ndarray of shape (F, O), bool
    styles : int
        S.
    origin : ndarray of shape (O,), float32, or None
        What motion moves away from.
    excess : float
        Seconds by which the sound was longer than the motion; negative where it was shorter.
    pace : float
        How fast it is played: frames of `motion` to one of `features`; where it is 1, M is F.
    """

    name: str
    speaker: str
    features: Floats
    motion: Floats
    known: Mask
    styles: int = 0
    origin: Floats | None = None
    excess: float = 0.0
    pace: float = 1.0

    def moved(self, span: slice = slice(None)) -> Floats:
        """Return what the network is to predict in some frames, (frames, O)."""
        motion = self.motion[span] if self.pace == 1 else self._played(span)
        return np.asarray(motion if self.origin is None else motion - self.origin, np.float32)

    def _played(self, span: slice) -> Floats:
        before, after, share = between_frames(len(self.features), self.pace, len(self.motion))
        share = share[span, None]
        return self.motion[before[span]] * (1 - share) + self.motion[after[span]] * share


@dataclass(frozen=True, eq=False)
class Standard:
    """How motion is standardised: (motion - mean) / scale.

    Attributes
    ----------
    moves : ndarray of shape (O,), bool
        Coordinates that move at all.
    """

    mean: Floats
    scale: Floats
    moves: Mask

    @staticmethod
    def of(examples: Sequence[Example], alike: bool = False) -> Standard:
        """Measure mean and spread of what is known.

        Parameters
        ----------
        alike : bool
            One scale for all coordinates, as for positions in space, of which a millimetre is a millimetre.
        """
        count = np.maximum(sum(each.known.sum(0) for each in examples), 1)
        mean = sum(np.where(each.known, each.moved(), 0).sum(0, np.float64) for each in examples) / count
        square = sum(
            (np.square(each.moved() - mean.astype(np.float32)) * each.known).sum(0, np.float64)
            for each in examples
        )
        spread = np.sqrt(square / count)
        moves = spread > STILL * spread.max()
        common = np.sqrt(np.square(spread[moves]).mean()) if moves.any() else 1.0
        least = np.maximum(spread, FAINT * spread.max())
        scale = np.full_like(spread, common) if alike else np.where(moves, least, common)
        return Standard(mean.astype(np.float32), scale.astype(np.float32), moves)


@dataclass(frozen=True)
class Batch:
    """Crops of several lines: (B, F, I), (B, F, O) and (B, F, O)."""

    features: torch.Tensor
    motion: torch.Tensor
    known: torch.Tensor


def prepared(entries: Iterable[Entry], wanted: Wanted, paces: Sequence[float] = (1.0,)) -> list[Example]:
    """Load lines and listen to them, at each pace.

    Raises
    ------
    DatasetError
        A file is at fault.
    """
    return [example(line, wanted, pace) for line in (entry.load() for entry in entries) for pace in paces]


def example(line: Line, wanted: Wanted, pace: float = 1.0) -> Example:
    """Listen to a line; sound and motion are cut to the shorter of both."""
    samples = line.samples if pace == 1 else soxr.resample(line.samples, line.rate * pace, line.rate)
    heard = features_of(replace(line, samples=samples), wanted.ear)
    features = with_style(heard, wanted.speakers, line.speaker)
    motion, known, origin = line.motion, line.known, line.template
    if wanted.components is not None:
        motion, origin = wanted.components.encode(displacement(line)), None
        known = np.ones(len(wanted.components.axes), bool)
    frames = min(len(features), int((len(motion) - 1) / pace) + 1)
    before, after, _ = between_frames(frames, pace, len(motion))
    valid = line.valid[before] & line.valid[after]
    measured = np.broadcast_to(valid[:, None], (frames, len(known)))
    return Example(
        line.name,
        line.speaker,
        features[:frames],
        motion[:frames] if pace == 1 else motion,
        measured if known.all() else measured & known,
        len(wanted.speakers),
        None if origin is None else origin.reshape(-1),
        len(line.samples) / line.rate - len(line.motion) / line.fps,
        pace,
    )


def between_frames(count: int, pace: float, last: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """Find frames before and after each of `count` played ones, of `last`, and the share of the latter."""
    place = np.minimum(np.arange(count) * pace, last - 1)
    before = place.astype(np.intp)
    return before, np.ceil(place).astype(np.intp), np.asarray(place - before, np.float32)


def displacement(line: Line) -> Floats:
    """Motion of a line (F, D): what moves away from the speaker's template, where there is one."""
    if line.template is None:
        return np.asarray(line.motion, np.float32)
    return np.asarray(line.motion - line.template.reshape(1, -1), np.float32)


def batch(examples: Sequence[Example], standard: Standard, size: int, frames: int, seed: int) -> Batch:
    """Crop lines at random; the same seed gives the same crops. Short lines end in the unknown."""
    draw = random.Random(seed)
    rows = []
    for _ in range(size):
        each = examples[draw.randrange(len(examples))]
        first = draw.randrange(max(len(each.features) - frames, 0) + 1)
        span = slice(first, first + frames)
        motion = (each.moved(span) - standard.mean) / standard.scale
        features = each.features[span]
        if each.styles and draw.random() < UNSTYLED:
            features = with_style(features[:, : -each.styles], ("",) * each.styles)
        missing = frames - len(motion)
        rows.append([np.pad(part, ((0, missing), (0, 0))) for part in (features, motion, each.known[span])])
    heard, motions, known = (torch.from_numpy(np.stack(column)) for column in zip(*rows, strict=True))
    return Batch(heard, motions.float(), known)
