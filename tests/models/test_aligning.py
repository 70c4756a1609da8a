"""Forced alignment finds words where they were spoken."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.aligning import SpokenWord, align
from models.phones import INDEX, PHONES, SILENCE

FPS = 60.0
SPOKEN = [phone for phone in PHONES if phone != SILENCE]
WORD = st.lists(st.sampled_from(SPOKEN), min_size=1, max_size=5, unique=True).map(tuple)


def heard(timeline: list[tuple[str, int]], certainty: float, seed: int) -> np.ndarray:
    """Probabilities (F, P) of one who hears each phone for so many frames, more or less surely."""
    names = [name for name, frames in timeline for _ in range(frames)]
    noise = np.random.default_rng(seed).dirichlet(np.full(len(PHONES), 0.3), len(names))
    sure = np.eye(len(PHONES))[[INDEX[name] for name in names]]
    return np.asarray(certainty * sure + (1 - certainty) * noise, np.float32)


def timeline_of(words: list[tuple[str, ...]], frames: int, pauses: list[int]) -> list[tuple[str, int]]:
    """Each phone for so many frames, and a pause (or none) before each word."""
    line = []
    for word, pause in zip(words, pauses, strict=True):
        line += [(SILENCE, pause), *((phone, frames) for phone in word)]
    return [*line, (SILENCE, 6)]


@settings(max_examples=60)
@given(st.lists(WORD, min_size=1, max_size=6), st.integers(3, 9), st.integers(0, 999), st.data())
def test_words_are_found_where_they_were_spoken(
    words: list[tuple[str, ...]], frames: int, seed: int, data: st.DataObject
) -> None:
    pauses = [data.draw(st.sampled_from([0, 4, 20])) for _ in words]
    for number, (before, after) in enumerate(pairwise(words), 1):
        pauses[number] += 4 * (
            before[-1] == after[0]
        )  # where one "a" ends and the next begins, none can tell
    line = timeline_of(words, frames, pauses)
    found = align(heard(line, 0.8, seed), [SpokenWord(str(n), word) for n, word in enumerate(words)], FPS)
    starts = np.cumsum([0, *(length for _, length in line)]) / FPS
    index = 0
    for number, word in enumerate(words):
        text, start, end = found.words[number]
        assert text == str(number)
        assert start == pytest.approx(starts[index + 1], abs=1.01 / FPS)
        assert end == pytest.approx(starts[index + 1 + len(word)], abs=1.01 / FPS)
        index += 1 + len(word)


def test_phones_cover_the_recording_in_the_order_of_the_text() -> None:
    line = timeline_of([("HH", "AH"), ("L", "OW")], 6, [10, 0])
    found = align(heard(line, 0.7, 1), [SpokenWord("a", ("HH", "AH")), SpokenWord("b", ("L", "OW"))], FPS)
    assert [segment.phone for segment in found.phones] == [SILENCE, "HH", "AH", "L", "OW", SILENCE]
    assert found.phones[0].start == 0.0
    assert found.phones[-1].end == pytest.approx(40 / FPS)
    assert all(a.end == b.start for a, b in pairwise(found.phones))


def test_a_wrong_text_shows_in_the_confidence() -> None:
    line = timeline_of([("M", "AA", "M", "AA")], 8, [10])
    sound = heard(line, 0.8, 2)
    right = align(sound, [SpokenWord("mama", ("M", "AA", "M", "AA"))], FPS).confidence
    wrong = align(sound, [SpokenWord("kiss", ("K", "IH", "S"))], FPS).confidence
    assert right > 0.7
    assert wrong < 0.2


def test_half_an_hour_stays_on_its_way() -> None:
    draw = np.random.default_rng(3)
    vowels, others = SPOKEN[:15], SPOKEN[15:]
    words = [tuple(str(draw.choice(kind)) for kind in (others, vowels) * 2) for _ in range(4000)]
    line = timeline_of(words, 6, [int(pause) for pause in draw.choice([0, 0, 12], len(words))])
    sound = heard(line, 0.6, 4)
    found = align(sound, [SpokenWord(str(n), word) for n, word in enumerate(words)], FPS)
    starts = np.cumsum([0, *(length for _, length in line)])[:-1] / FPS
    first_phones = [k + 1 for k, (name, _) in enumerate(line[:-1]) if name == SILENCE]
    error = np.abs(np.array([word[1] for word in found.words]) - starts[first_phones])
    assert np.percentile(error, 99) < 0.04


def test_a_text_longer_than_the_sound_is_refused() -> None:
    with pytest.raises(ValueError, match="more sounds"):
        align(heard([(SILENCE, 20)], 0.9, 0), [SpokenWord("a", ("M",))] * 30, FPS)
