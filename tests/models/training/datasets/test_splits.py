"""Splits: no speaker is heard twice, nothing is lost, and the lot falls the same way each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.datasets.line import Entry
from models.training.datasets.splits import by_parts, by_speakers, draw_speakers, sentence_number


def entries(speakers: list[str]) -> tuple[Entry, ...]:
    return tuple(Entry(f"{speaker}_{n:02}", speaker, pytest.fail) for n, speaker in enumerate(speakers))


@given(
    st.lists(st.sampled_from("abcdefghij"), min_size=3).filter(lambda drawn: len(set(drawn)) > 2),
    st.integers(0, 9),
)
def test_drawn_parts_share_no_speaker_and_lose_no_line(speakers: list[str], seed: int) -> None:
    listed = entries(speakers)
    split = draw_speakers(listed, seed=seed)
    heard = [{entry.speaker for entry in part} for part in (split.train, split.valid, split.test)]
    assert all(heard) and sum(map(len, heard)) == len(set(speakers))
    assert sorted((*split.train, *split.valid, *split.test), key=lambda one: one.name) == sorted(
        listed, key=lambda one: one.name
    )
    assert split == draw_speakers(listed, seed=seed)


def test_seeds_draw_differently() -> None:
    listed = entries(list("abcdefghij"))
    assert len({draw_speakers(listed, seed=seed).test for seed in range(20)}) > 5


def test_too_few_or_unknown_speakers_are_refused() -> None:
    with pytest.raises(ValueError, match="2 speakers are too few"):
        draw_speakers(entries(["a", "b"]))
    with pytest.raises(ValueError, match="no such speaker: x"):
        by_speakers(entries(["a", "b"]), ["x"], ["a"])
    with pytest.raises(ValueError, match="both for validation and for test"):
        by_speakers(entries(["a", "b"]), ["a"], ["a"])


def test_a_list_splits_by_name() -> None:
    listed = entries(["a", "b", "c", "d"])
    split = by_parts(listed, {"a_00": "test", "b_01": "train", "c_02": "valid"})
    assert [entry.speaker for entry in (*split.train, *split.valid, *split.test)] == ["b", "c", "a"]


@pytest.mark.parametrize(("name", "number"), [("F2_e01", 1), ("x_sentence40", 40), ("one", -1)])
def test_the_number_at_the_end_counts(name: str, number: int) -> None:
    assert sentence_number(name) == number
