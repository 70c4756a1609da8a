"""Training clips: utterances laid end to end with pauses, and what the mouth does in them.

Letters: B clips, N samples, F animation frames, A articulators.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import signal

from models.articulation import articulate
from models.phones import INDEX, SILENCE, Segment
from models.training.corpus.stored import Corpus
from models.training.corpus.utterances import RATE

FPS = 60
GRID = 800  # samples; three animation frames exactly, so utterances start on a frame
FRAMES_PER_GRID = 3


@dataclass(frozen=True)
class Clips:
    """A batch.

    Attributes
    ----------
    samples : tensor of shape (B, N), float32
    articulation : tensor of shape (B, F, A), float32
    phones : tensor of shape (B, F), int64
        Numbers in `models.phones.PHONES`.
    """

    samples: torch.Tensor
    articulation: torch.Tensor
    phones: torch.Tensor


@dataclass(frozen=True)
class Labels:
    """What the mouth does in one utterance: (F, A) float16 and (F,) uint8."""

    articulation: NDArray[np.float16]
    phones: NDArray[np.uint8]


def label(segments: list[Segment], samples: int) -> Labels:
    """Labels of one utterance on the 60 Hz grid."""
    times = np.arange(samples * FPS // RATE + 1) / FPS
    phones = np.full(len(times), INDEX[SILENCE], np.uint8)
    for segment in segments:
        first, last = np.searchsorted(times, (segment.start, segment.end))
        phones[first:last] = INDEX[segment.phone]
    return Labels(articulate(segments, times).astype(np.float16), phones)


class ClipMaker:
    """Makes batches; the same seed and step give the same clips, so that training resumes exactly.

    Parameters
    ----------
    corpus : Corpus
    seconds : float
        Length of a clip.
    """

    silent_share = 0.1
    same_voice_share = 0.7
    longest_pause = 1.2
    speeds = ((1, 1), (1, 1), (10, 11), (11, 10), (8, 9), (9, 8))

    def __init__(self, corpus: Corpus, seconds: float = 5.0) -> None:
        self.corpus = corpus
        self.length = round(seconds * RATE / GRID) * GRID
        self.labels = [label(corpus.segments_of(n), len(corpus.samples_of(n))) for n in range(len(corpus))]
        self.rest = articulate([], np.zeros(1))[0]
        self._of_voice = {
            str(v): np.flatnonzero(corpus.voices == v).tolist() for v in np.unique(corpus.voices)
        }

    def batch(self, count: int, draw: random.Random) -> Clips:
        """Lay out `count` clips."""
        frames = self.length // GRID * FRAMES_PER_GRID + 1
        samples = np.zeros((count, self.length), np.float32)
        articulation = np.tile(self.rest, (count, frames, 1))
        phones = np.full((count, frames), INDEX[SILENCE])
        for row in range(count):
            if draw.random() >= self.silent_share:
                self._fill(samples[row], articulation[row], phones[row], draw)
        return Clips(*(torch.from_numpy(each) for each in (samples, articulation, phones)))

    def _fill(
        self,
        samples: NDArray[np.float32],
        articulation: NDArray[np.float32],
        phones: NDArray[np.int64],
        draw: random.Random,
    ) -> None:
        number = draw.randrange(len(self.corpus))
        at = -draw.randrange(0, len(self.labels[number].phones) // FRAMES_PER_GRID + 1)
        while at * GRID < self.length:
            sound, labels = self._at_other_speed(number, draw)
            _paste(sound * 10 ** draw.uniform(-0.4, 0.2), samples, at * GRID)
            _paste(labels.articulation, articulation, at * FRAMES_PER_GRID)
            _paste(labels.phones, phones, at * FRAMES_PER_GRID)
            pause = draw.choice((0.0, draw.uniform(0, self.longest_pause)))
            at += -(-len(sound) // GRID) + round(pause * RATE / GRID)
            if draw.random() < self.same_voice_share:
                number = draw.choice(self._of_voice[str(self.corpus.voices[number])])
            else:
                number = draw.randrange(len(self.corpus))

    def _at_other_speed(self, number: int, draw: random.Random) -> tuple[NDArray[np.float32], Labels]:
        """Vary voice and tempo anew at each visit: one corpus voice becomes several heads."""
        sound, labels = self.corpus.samples_of(number), self.labels[number]
        up, down = draw.choice(self.speeds)
        if up == down:
            return sound, labels
        heard = signal.resample_poly(sound, up, down).astype(np.float32)
        source = np.arange(len(heard) * FPS // RATE + 1) * (down / up)
        nearest = np.minimum(np.rint(source).astype(int), len(labels.phones) - 1)
        return heard, Labels(labels.articulation[nearest], labels.phones[nearest])


def _paste(source: NDArray[np.generic], target: NDArray[np.float32] | NDArray[np.int64], at: int) -> None:
    first, last = max(at, 0), min(at + len(source), len(target))
    if last > first:
        target[first:last] = source[first - at : last - at]
