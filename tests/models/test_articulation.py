"""The rule closes lips, reaches vowels and obeys coarticulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.articulation import articulate
from models.gestures import ARTICULATORS
from models.phones import BILABIALS, PHONES, Segment

FPS = 60


def curve(phones: list[tuple[str, float]], articulator: str) -> np.ndarray:
    edges = np.cumsum([0.0, *(length for _, length in phones)])
    segments = [
        Segment(name, start, end) for (name, _), start, end in zip(phones, edges, edges[1:], strict=False)
    ]
    times = np.arange(int(edges[-1] * FPS) + 1) / FPS
    return articulate(segments, times)[:, ARTICULATORS.index(articulator)]


phrases = st.lists(st.tuples(st.sampled_from(PHONES), st.floats(0.04, 0.3)), min_size=1, max_size=12)


@given(phrases)
def test_everything_stays_within_reach(phones: list[tuple[str, float]]) -> None:
    for articulator in ARTICULATORS:
        values = curve(phones, articulator)
        assert np.isfinite(values).all()
        assert values.min() >= 0
        assert values.max() <= 1.1


@given(phrases, st.sampled_from(BILABIALS), phrases)
def test_lips_meet_in_every_bilabial(
    before: list[tuple[str, float]], bilabial: str, after: list[tuple[str, float]]
) -> None:
    values = curve([*before, (bilabial, 0.08), *after], "opening")
    middle = sum(length for _, length in before) + 0.04
    near = values[max(int((middle - 0.05) * FPS), 0) : int((middle + 0.03) * FPS) + 1]
    assert near.min() < 0.05


@pytest.mark.parametrize(
    ("articulator", "phone", "other"),
    [
        ("opening", "AA", "UW"),
        ("rounding", "UW", "IY"),
        ("spread", "IY", "UW"),
        ("jaw", "AE", "S"),
        ("labiodental", "F", "T"),
        ("tongue_tip", "L", "AA"),
        ("tongue_out", "TH", "S"),
        ("tongue_back", "K", "P"),
    ],
)
def test_each_articulator_answers_its_phone(articulator: str, phone: str, other: str) -> None:
    high = curve([("SIL", 0.4), (phone, 0.2), ("SIL", 0.4)], articulator)
    low = curve([("SIL", 0.4), (other, 0.2), ("SIL", 0.4)], articulator)
    assert high.max() > low.max() + 0.3


def test_lips_round_before_a_rounded_vowel() -> None:
    times = np.arange(60) / FPS
    rounded = curve([("SIL", 0.4), ("S", 0.15), ("UW", 0.2), ("SIL", 0.3)], "rounding")
    spread = curve([("SIL", 0.4), ("S", 0.15), ("IY", 0.2), ("SIL", 0.3)], "rounding")
    during_s = int(0.5 * FPS)
    assert rounded[during_s] > 0.3 > spread[during_s] + 0.2
    assert times[rounded[: len(times)].argmax()] < 0.75


def test_a_pause_is_still() -> None:
    values = curve([("AA", 0.2), ("SIL", 1.5), ("AA", 0.2)], "opening")
    pause = values[int(0.7 * FPS) : int(1.2 * FPS)]
    assert np.ptp(pause) < 0.02
    assert pause.max() < 0.1
