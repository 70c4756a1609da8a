"""Time: warping finds the cheapest way, shifts are told in milliseconds, beats are where they were put."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from models.training.metrics.masks import Mask
from models.training.metrics.timing import beat_alignment, motion_beats, sound_beats, temporal_misalignment
from models.training.metrics.warping import accumulated, warped_lip_distance, warping_path


def cheapest(costs: np.ndarray, row: int, column: int) -> float:
    """Try every way, without remembering any."""
    if row == column == 0:
        return costs[0, 0]
    steps = [(row - 1, column - 1), (row - 1, column), (row, column - 1)]
    return costs[row, column] + min(cheapest(costs, *step) for step in steps if min(step) >= 0)


@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 6))
@settings(max_examples=40)
def test_the_cheapest_way_is_found(seed: int, rows: int, columns: int) -> None:
    costs = np.random.default_rng(seed).random((rows, columns))
    path = warping_path(costs)
    assert accumulated(costs)[-1, -1] == pytest.approx(cheapest(costs, rows - 1, columns - 1))
    assert costs[path[:, 0], path[:, 1]].sum() == pytest.approx(accumulated(costs)[-1, -1])
    assert (path[0] == 0).all()
    assert path[-1].tolist() == [rows - 1, columns - 1]
    assert {tuple(step) for step in np.diff(path, axis=0)} <= {(0, 1), (1, 0), (1, 1)}


def test_a_mouth_that_waits_is_no_distance_away() -> None:
    truth = np.random.default_rng(0).normal(size=(9, 5, 3))
    lips = Mask("lips", np.array([1, 2]))
    assert warped_lip_distance(truth, np.repeat(truth, 2, axis=0), lips, 1000) == pytest.approx(0, abs=1e-9)
    moved = truth + np.array([0.003, 0, 0.004])
    assert warped_lip_distance(truth, moved, lips, 1000) == pytest.approx(5)


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_warped_distance_is_that_of_plain_loops(seed: int) -> None:
    draw = np.random.default_rng(seed)
    truth, predicted, lips = draw.normal(size=(4, 3, 3)), draw.normal(size=(5, 3, 3)), (0, 2)
    costs = np.zeros((4, 5))
    for row in range(4):
        for column in range(5):
            squares = [math.dist(truth[row, v], predicted[column, v]) ** 2 for v in lips]
            costs[row, column] = math.sqrt(sum(squares) / 2)
    path = warping_path(costs)
    expected = sum(costs[row, column] for row, column in path) / len(path)
    assert warped_lip_distance(truth, predicted, Mask("lips", np.array(lips)), 1) == pytest.approx(expected)


def babble(frames: int, seed: int) -> np.ndarray:
    return ndimage.gaussian_filter1d(np.random.default_rng(seed).normal(size=frames), 3)


@given(st.integers(0, 30), st.integers(-2, 2))
@settings(max_examples=30)
def test_a_mouth_that_is_late_is_told_by_how_much(seed: int, late: int) -> None:
    talk = babble(140, seed)
    found = temporal_misalignment(talk[20:120], talk[20 - late : 120 - late], 25)
    # Turns at the cut ends have no like, so some are off by less.
    assert found == pytest.approx(abs(late) * 40, abs=8)


def plain_misalignment(truth: list[float], predicted: list[float], path: list[list[int]]) -> list[int]:
    """Compare every cell of the path with every turn, one after the other."""

    def kind(curve: list[float], at: int) -> int:
        if at in (0, len(curve) - 1):
            return 0
        before, here, after = curve[at - 1 : at + 2]
        return int(before < here > after) - int(before > here < after)

    turns = [at for at in range(len(truth)) if kind(truth, at)]
    offsets = []
    for one, other in path:
        if kind(truth, one) and kind(truth, one) == kind(predicted, other):
            earlier = max([0, *(turn for turn in turns if turn < one)])
            later = min([len(truth) - 1, *(turn for turn in turns if turn > one)])
            if earlier <= other <= later:
                offsets.append(abs(one - other))
    return offsets


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_misalignment_is_that_of_plain_loops(seed: int) -> None:
    one, other = babble(90, seed), babble(90, seed) + babble(90, seed + 1)
    smooth = [ndimage.gaussian_filter1d(each, 2.0) for each in (one, other)]
    steps = [[0.0, *(each[k] - each[k - 1] for k in range(1, 90))] for each in smooth]
    path = warping_path(np.array([[abs(a - b) for b in steps[1]] for a in steps[0]]))
    offsets = plain_misalignment(smooth[0].tolist(), smooth[1].tolist(), path.tolist())
    expected = sum(offsets) / len(offsets) * 40 if offsets else math.nan
    assert temporal_misalignment(one, other, 25) == pytest.approx(expected, nan_ok=True)


def test_size_of_the_movement_does_not_matter_to_its_time() -> None:
    talk = babble(120, 3)
    assert temporal_misalignment(talk, talk, 30) == 0
    assert temporal_misalignment(talk, talk + 4, 30) == 0
    assert temporal_misalignment(talk, 0.8 * talk, 30) < 20


def test_the_misalignment_of_two_known_turns() -> None:
    """One peak at frame 20 and at frame 23: 3 frames at 30 a second are 100 ms."""
    frames = np.arange(45)
    one, other = (np.exp(-(((frames - at) / 5.0) ** 2)) for at in (20, 23))
    assert temporal_misalignment(one, other, 30) == pytest.approx(100)


def test_a_mouth_that_never_moves_has_no_misalignment() -> None:
    assert math.isnan(temporal_misalignment(babble(60, 0), np.zeros(60), 30))


def test_beats_of_a_motion_are_where_it_pauses() -> None:
    times = np.arange(240) / 60
    motion = np.stack([np.cos(2 * np.pi * times), np.zeros(240), 50 * np.cos(2 * np.pi * times)], axis=1)
    assert motion_beats(motion, 60) == pytest.approx(np.arange(0.5, 3.6, 0.5), abs=1 / 60)
    assert len(motion_beats(np.ones((20, 3)), 60)) == 0


@pytest.mark.parametrize("rate", [16000, 22050, 48000])
def test_beats_of_a_sound_are_where_it_begins(rate: int) -> None:
    draw = np.random.default_rng(0)
    samples = draw.normal(size=3 * rate) * 1e-4
    starts = [0.4, 1.0, 1.7, 2.3]
    for start in starts:
        first = round(start * rate)
        samples[first : first + rate // 5] += draw.normal(size=rate // 5) * 0.1
    assert sound_beats(samples.astype(np.float32), rate) == pytest.approx(starts, abs=0.03)


@given(
    st.lists(st.floats(0, 10), min_size=1, max_size=6),
    st.lists(st.floats(0, 10), min_size=1, max_size=6),
)
def test_beat_alignment_is_that_of_plain_loops(sound: list[float], motion: list[float]) -> None:
    total = sum(math.exp(-(min(abs(a - b) for b in motion) ** 2) / 0.02) for a in sound)
    found = beat_alignment(np.array(sound), np.array(motion))
    assert found == pytest.approx(total / len(sound))
    assert beat_alignment(np.array(sound), np.array(sound)) == 1


def test_one_spread_off_counts_for_e_to_the_minus_half() -> None:
    assert beat_alignment(np.array([1.0]), np.array([1.1])) == pytest.approx(math.exp(-0.5))
    assert beat_alignment(np.array([1.0]), np.zeros(0)) == 0
    assert math.isnan(beat_alignment(np.zeros(0), np.array([1.0])))
