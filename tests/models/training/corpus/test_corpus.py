"""The corpus: sentences that repeat, voices whose phones fit their sound, a file that comes back."""

import random
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from models.phones import SILENCE
from models.training.corpus.espeak import Espeak
from models.training.corpus.stored import Corpus, gather
from models.training.corpus.texts import DICTIONARY, read_words, sentence, word_list
from models.training.corpus.utterances import RATE, Prompt, Utterance
from models.training.corpus.voices import speak_festival, speak_flite

TEXT = "My mother bought a purple umbrella."


def test_sentences_repeat_with_the_seed_and_vary() -> None:
    first, again = ([sentence(draw) for _ in range(50)] for draw in (random.Random(1), random.Random(1)))
    assert first == again
    assert len(set(first)) > 45
    assert not any("{" in text for text in first)


def test_word_lists_repeat_with_the_seed_and_use_the_whole_dictionary() -> None:
    if not DICTIONARY.exists():
        pytest.skip("festlex-cmu is not installed (make setup-train)")
    words = read_words()
    assert len(words) > 50_000
    assert len(set(words)) == len(words)
    first, again = (
        [word_list(draw, words) for _ in range(50)] for draw in (random.Random(1), random.Random(1))
    )
    assert first == again
    used = {word.strip(",.?!").lower() for text in first for word in text.split()}
    assert len(used) > 200


def spoken(engine: str) -> Utterance:
    if engine == "flite":
        if not shutil.which("flite"):
            pytest.skip("flite is not installed (make setup-train)")
        utterance = speak_flite(Prompt(TEXT, "slt"))
    elif engine == "festival":
        if not shutil.which("festival"):
            pytest.skip("festival is not installed (make setup-train)")
        (utterance,) = speak_festival([Prompt(TEXT, "kal_diphone")])
    else:
        pytest.importorskip("espeakng_loader")
        utterance = Espeak().speak(Prompt(TEXT, "en-us"))
    assert utterance is not None
    return utterance


@pytest.fixture(scope="module", params=["flite", "festival", "espeak"])
def utterance(request: pytest.FixtureRequest) -> Iterator[Utterance]:
    yield spoken(request.param)


def test_phones_are_those_of_the_sentence(utterance: Utterance) -> None:
    lips = [segment.phone for segment in utterance.segments if segment.phone in ("M", "B", "P")]
    assert lips == ["M", "M", "B", "P", "P", "M", "B"]


def test_phones_follow_each_other_to_the_end(utterance: Utterance) -> None:
    segments = utterance.segments
    assert all(a.end == pytest.approx(b.start) for a, b in pairwise(segments))
    assert segments[-1].end == pytest.approx(len(utterance.samples) / RATE, abs=0.3)


def test_vowels_are_louder_than_stops_and_pauses(utterance: Utterance) -> None:
    def loudness(phones: tuple[str, ...]) -> float:
        parts = [
            utterance.samples[int(s.start * RATE) : int(s.end * RATE)]
            for s in utterance.segments
            if s.phone in phones
        ]
        return float(np.sqrt(np.mean(np.concatenate(parts) ** 2)))

    assert loudness(("AH", "AO", "ER", "AY")) > 3 * loudness((SILENCE, "P", "T"))


def test_another_speed_moves_sound_and_phones_alike(utterance: Utterance) -> None:
    faster = utterance.at_speed(1.25)
    assert len(faster.samples) == pytest.approx(len(utterance.samples) / 1.25, abs=2)
    assert faster.segments[-1].end == pytest.approx(utterance.segments[-1].end / 1.25)


def test_a_corpus_comes_back(utterance: Utterance, tmp_path: Path) -> None:
    corpus = gather(iter([utterance, utterance.at_speed(0.9)]))
    corpus.save(tmp_path / "corpus.npz")
    loaded = Corpus.load(tmp_path / "corpus.npz")
    assert len(loaded) == 2
    assert [s.phone for s in loaded.segments_of(1)] == [s.phone for s in utterance.segments]
    shape = utterance.samples / np.abs(utterance.samples).max()
    assert np.abs(loaded.samples_of(0) / np.abs(loaded.samples_of(0)).max() - shape).max() < 1e-3


def test_two_corpora_become_one(utterance: Utterance) -> None:
    slow = utterance.at_speed(0.9)
    both = gather(iter([utterance])).and_then(gather(iter([slow, utterance])))
    assert len(both) == 3
    for number, each in enumerate((utterance, slow, utterance)):
        assert len(both.samples_of(number)) == len(each.samples)
        assert [s.phone for s in both.segments_of(number)] == [s.phone for s in each.segments]
