"""Visemes of phones, and edits against the recursion that defines them."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.phones import PHONES, SILENCE, Segment
from models.training.lipreading.visemes import (
    NUMBERS,
    QUIET,
    edits,
    error_rate,
    frame_visemes,
    spoken_visemes,
)

WORDS = st.lists(st.integers(1, 4), max_size=7)


def slow_edits(truth: tuple[int, ...], reading: tuple[int, ...]) -> int:
    @cache
    def rest(a: int, b: int) -> int:
        if a == len(truth) or b == len(reading):
            return len(truth) - a + len(reading) - b
        same = rest(a + 1, b + 1) + (truth[a] != reading[b])
        return min(same, rest(a + 1, b) + 1, rest(a, b + 1) + 1)

    return rest(0, 0)


@given(WORDS, WORDS)
def test_edits_are_the_fewest(truth: list[int], reading: list[int]) -> None:
    assert edits(truth, reading) == slow_edits(tuple(truth), tuple(reading))
    assert edits(truth, reading) == edits(reading, truth)


def test_every_phone_has_one_viseme_and_silence_none() -> None:
    assert set(NUMBERS) == set(PHONES)
    assert NUMBERS[SILENCE] == QUIET
    assert NUMBERS["P"] == NUMBERS["M"] != NUMBERS["F"]


def test_lines_are_read_in_order_and_what_looks_alike_counts_once() -> None:
    said = [
        Segment(SILENCE, 0, 0.2),
        Segment("M", 0.2, 0.3),
        Segment("B", 0.3, 0.36),
        Segment("AA", 0.36, 0.6),
        Segment(SILENCE, 0.6, 0.7),
        Segment("P", 0.7, 0.8),
    ]
    m, a, p = (NUMBERS[phone] for phone in ("M", "AA", "P"))
    assert spoken_visemes(said) == [m, a, p]
    assert spoken_visemes(said, 0.34, 0.7) == [a]  # the middle of B is before, that of P after
    frames = frame_visemes(said, 10, 10.0)
    assert frames.tolist() == [QUIET, QUIET, m, m, a, a, QUIET, p, QUIET, QUIET]
    assert error_rate([[m, a, p], [a]], [[m, p], [a]]) == pytest.approx(1 / 4)
