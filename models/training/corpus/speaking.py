"""The synthetic corpus: a grammar's sentences in the voices of three engines, all phones timed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.phones import INDEX, PHONES, Segment
from models.training.corpus import recordings, voices
from models.training.corpus.espeak import Espeak
from models.training.corpus.festival_phones import ENGLISH, LANGUAGES
from models.training.corpus.texts import read_words, sentence, word_list
from models.training.corpus.voices import Line, Utterance

ESPEAK_ENGLISH = tuple(
    f"{accent}+{who}"
    for accent in ("en-us", "en-gb-x-rp")
    for who in ("m3", "m7", "f2", "f4", "Annie", "max", "whisper")
)
ESPEAK_FOREIGN = (
    "de",
    "fr",
    "es",
    "it",
    "pl",
    "nl",
    "sv",
    "pt",
    "tr",
    "hu",
    "ro",
    "fi",
    "da",
    "cs",
    "id",
    "sw",
)
DEBIAN_PACKAGES = (
    *("flite", "festival", "festvox-kallpc16k", "festvox-kdlpc16k", "festvox-us-slt-hts", "festvox-ru"),
    *("festvox-suopuhe-lj", "festvox-suopuhe-mv", "festvox-italp16k", "festvox-itapc16k"),
    *("festvox-czech-dita", "festvox-czech-machac", "festvox-czech-krb", "festvox-czech-ph"),
    *("festvox-ca-ona-hts",),
)
Text = Callable[[random.Random], str]
BATCH = 40  # sentences one Festival process speaks; a fault in one costs the rest of its batch


@dataclass(frozen=True)
class CorpusSize:
    """Sentences of each kind of voice; `words` times as many are lists of rare words."""

    flite: int = 1400
    festival_english: int = 1000
    festival_foreign: int = 2000
    espeak_english: int = 500
    espeak_foreign: int = 600
    words: float = 1.2
    seed: int = 7

    def times(self, share: float) -> CorpusSize:
        """Return a share of each kind."""
        kinds = [each.name for each in fields(self) if each.type == "int" and each.name != "seed"]
        return replace(self, **{name: round(getattr(self, name) * share) for name in kinds})


class MissingVoicesError(RuntimeError):
    """Voices of the corpus are not installed; the message says how to install them."""


def utterances(size: CorpusSize) -> Iterator[Utterance]:
    """Speak the whole corpus; the same size and seed give the same sentences, voices and speeds.

    Raises
    ------
    MissingVoicesError
        Before anything is spoken.
    """
    require_voices()
    words = read_words()
    espeak = Espeak()
    passes: tuple[tuple[CorpusSize, Text], ...] = (
        (size, sentence),
        (size.times(size.words), lambda draw: word_list(draw, words)),
    )
    for number, (part, text) in enumerate(passes):
        draw = random.Random(size.seed + number)
        for utterance in _spoken(part, text, draw, espeak):
            if utterance is not None:
                yield utterance.at_speed(draw.choice((1.0, draw.uniform(0.82, 1.22))))


def require_voices() -> None:
    """Make sure that all voices are there.

    Raises
    ------
    MissingVoicesError
        They are not.
    """
    missing = [*voices.missing((*ENGLISH, *LANGUAGES)), *recordings.missing()]
    if missing:
        wanted = " ".join((*DEBIAN_PACKAGES, *recordings.DEBIAN_PACKAGES))
        raise MissingVoicesError(f"not installed: {', '.join(missing)} (apt-get install {wanted})")


def _spoken(size: CorpusSize, text: Text, draw: random.Random, espeak: Espeak) -> Iterator[Utterance | None]:
    for number in range(size.flite):
        yield voices.speak_flite(_line(draw, text, voices.FLITE[number % len(voices.FLITE)]))
    yield from _festival(draw, text, ENGLISH, size.festival_english)
    yield from _festival(draw, text, tuple(LANGUAGES), size.festival_foreign)
    for accents, count in ((ESPEAK_ENGLISH, size.espeak_english), (ESPEAK_FOREIGN, size.espeak_foreign)):
        for number in range(count):
            yield espeak.speak(_line(draw, text, accents[number % len(accents)]))


def _line(draw: random.Random, text: Text, voice: str) -> Line:
    pitch = draw.uniform(140, 230) if voice == "slt" or "+f" in voice else draw.uniform(80, 145)
    return Line(text(draw), voice, draw.uniform(0.75, 1.25), pitch)


def _festival(
    draw: random.Random, text: Text, names: tuple[str, ...], count: int
) -> Iterator[Utterance | None]:
    for voice in names:
        lines = [_line(draw, text, voice) for _ in range(count // len(names))]
        for start in range(0, len(lines), BATCH):
            yield from voices.speak_festival(lines[start : start + BATCH])


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
        return len(self.samples) / voices.RATE / 60

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


def synthesize(path: Path, share: float = 1.0) -> Corpus:
    """Speak a corpus of a share of the usual size, and write it to a .npz file.

    Raises
    ------
    MissingVoicesError
        Voices are not installed.
    """
    corpus = gather(utterances(CorpusSize().times(share)))
    path.parent.mkdir(parents=True, exist_ok=True)
    corpus.save(path)
    return corpus


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
