"""Speak the synthetic corpus: a grammar's sentences in the voices of three engines, all phones timed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from models.training.corpus import recordings, voices
from models.training.corpus.espeak import Espeak
from models.training.corpus.festival_phones import ENGLISH, LANGUAGES
from models.training.corpus.stored import Corpus, gather
from models.training.corpus.texts import read_words, sentence, word_list
from models.training.corpus.utterances import Prompt, Utterance

ESPEAK_ENGLISH = tuple(
    f"{accent}+{who}"
    for accent in ("en-us", "en-gb-x-rp")
    for who in ("m3", "m7", "f2", "f4", "Annie", "max", "whisper")
)
ESPEAK_FOREIGN = (
    *("de", "fr", "es", "it", "pl", "nl", "sv", "pt"),
    *("tr", "hu", "ro", "fi", "da", "cs", "id", "sw"),
)
DEBIAN_PACKAGES = (
    *("flite", "festival", "festvox-kallpc16k", "festvox-kdlpc16k", "festvox-us-slt-hts", "festvox-ru"),
    *("festvox-suopuhe-lj", "festvox-suopuhe-mv", "festvox-italp16k", "festvox-itapc16k"),
    *("festvox-czech-dita", "festvox-czech-machac", "festvox-czech-krb", "festvox-czech-ph"),
    *("festvox-ca-ona-hts",),
)
Text = Callable[[random.Random], str]
BATCH = 40
"""Sentences one Festival process speaks; a fault in one costs the rest of its batch."""


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
        yield voices.speak_flite(_prompt(draw, text, voices.FLITE[number % len(voices.FLITE)]))
    yield from _festival(draw, text, ENGLISH, size.festival_english)
    yield from _festival(draw, text, tuple(LANGUAGES), size.festival_foreign)
    for accents, count in ((ESPEAK_ENGLISH, size.espeak_english), (ESPEAK_FOREIGN, size.espeak_foreign)):
        for number in range(count):
            yield espeak.speak(_prompt(draw, text, accents[number % len(accents)]))


def _prompt(draw: random.Random, text: Text, voice: str) -> Prompt:
    pitch = draw.uniform(140, 230) if voice == "slt" or "+f" in voice else draw.uniform(80, 145)
    return Prompt(text(draw), voice, draw.uniform(0.75, 1.25), pitch)


def _festival(
    draw: random.Random, text: Text, names: tuple[str, ...], count: int
) -> Iterator[Utterance | None]:
    for voice in names:
        lines = [_prompt(draw, text, voice) for _ in range(count // len(names))]
        for start in range(0, len(lines), BATCH):
            yield from voices.speak_festival(lines[start : start + BATCH])


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
