"""A corpus of utterances in one file.

Letters: N samples, U utterances, S segments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.phones import INDEX, PHONES, Segment
from models.training.corpus.utterances import RATE, Utterance


@dataclass(frozen=True)
class Corpus:
    """All utterances end to end.

    Attributes
    ----------
    samples : ndarray of shape (N,), int16, 16 kHz
    ends : ndarray of shape (U,), int64
        Sample after the last of each utterance.
    phones : ndarray of shape (S,), uint8
        Numbers in `models.phones.PHONES`.
    times : ndarray of shape (S, 2), float32
        Start and end of each segment in seconds within its utterance.
    segment_ends : ndarray of shape (U,), int64
        Segment after the last of each utterance.
    voices : ndarray of shape (U,), str
    """

    samples: NDArray[np.int16]
    ends: NDArray[np.int64]
    phones: NDArray[np.uint8]
    times: NDArray[np.float32]
    segment_ends: NDArray[np.int64]
    voices: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def minutes(self) -> float:
        """Length of all speech."""
        return len(self.samples) / RATE / 60

    def samples_of(self, number: int) -> NDArray[np.float32]:
        """Return the samples of one utterance, float32, peak at most 1."""
        start = self.ends[number - 1] if number else 0
        return (self.samples[start : self.ends[number]] / 32768).astype(np.float32)

    def segments_of(self, number: int) -> list[Segment]:
        """Phones of one utterance with their times."""
        span = slice(self.segment_ends[number - 1] if number else 0, self.segment_ends[number])
        pairs = zip(self.phones[span], self.times[span].tolist(), strict=True)
        return [Segment(PHONES[phone], start, end) for phone, (start, end) in pairs]

    def save(self, path: Path) -> None:
        """Write as .npz without pickles."""
        np.savez(path, **vars(self))

    def and_then(self, other: Corpus) -> Corpus:
        """Return a corpus of both."""
        before = {"ends": len(self.samples), "segment_ends": len(self.phones)}
        theirs = {
            name: value + before[name] if name in before else value for name, value in vars(other).items()
        }
        return Corpus(**{name: np.concatenate([mine, theirs[name]]) for name, mine in vars(self).items()})

    @staticmethod
    def load(path: Path) -> Corpus:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            return Corpus(**{name: stored[name] for name in stored.files})


def gather(spoken: Iterator[Utterance]) -> Corpus:
    """Collect utterances, each at a peak of 0.5."""
    sounds, segments, names = [], [], []
    for utterance in spoken:
        peak = max(float(np.abs(utterance.samples).max()), 1e-4)
        sounds.append((utterance.samples * (16_000 / peak)).astype(np.int16))
        segments.append(utterance.segments)
        names.append(utterance.voice)
    flat = [segment for each in segments for segment in each]
    return Corpus(
        np.concatenate(sounds),
        np.cumsum([len(sound) for sound in sounds]),
        np.array([INDEX[segment.phone] for segment in flat], np.uint8),
        np.array([(segment.start, segment.end) for segment in flat], np.float32),
        np.cumsum([len(each) for each in segments]),
        np.array(names),
    )
