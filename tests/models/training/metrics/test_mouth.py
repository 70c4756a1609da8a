"""Openings and closures: plain loops, and mouths that close at known times."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.metrics.channel_errors import channel_errors
from models.training.metrics.mouth import (
    InnerLips,
    closure_recall,
    closures,
    false_closures,
    mouth_opening,
    movement_kept,
    opening_difference,
)


@given(st.integers(0, 10_000))
def test_openings_are_those_of_plain_loops(seed: int) -> None:
    truth, predicted = np.random.default_rng(seed).normal(size=(2, 5, 4, 3)).astype(np.float32)
    lips = InnerLips(3, 1)
    openings = [
        [math.dist(frame[3].tolist(), frame[1].tolist()) for frame in each] for each in (truth, predicted)
    ]
    assert mouth_opening(truth, lips) == pytest.approx(openings[0])
    found = opening_difference(mouth_opening(truth, lips), mouth_opening(predicted, lips))
    assert found == pytest.approx([abs(a - b) for a, b in zip(*openings, strict=True)])


@given(st.integers(0, 10_000), st.floats(-9, 9))
def test_movement_kept_is_that_of_plain_loops(seed: int, shift: float) -> None:
    truth, predicted = np.random.default_rng(seed).normal(size=(2, 12))
    spreads = []
    for each in (truth, predicted):
        mean = sum(each.tolist()) / 12
        spreads.append(math.sqrt(sum((value - mean) ** 2 for value in each.tolist()) / 12))
    assert movement_kept(truth, predicted) == pytest.approx(spreads[1] / spreads[0])
    assert movement_kept(truth, 0.4 * truth + shift) == pytest.approx(0.4)
    assert math.isnan(movement_kept(np.ones(12), truth))


def test_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="3 openings beside 4"):
        opening_difference(np.zeros(4), np.zeros(3))


@given(st.integers(0, 10_000), st.sampled_from([10.0, 25.0, 30.0, 60.0]))
def test_recall_is_that_of_plain_loops(seed: int, fps: float) -> None:
    draw = np.random.default_rng(seed)
    opening, closures = draw.random(40), np.sort(draw.uniform(0, 39 / fps, 6))
    met = 0
    for closure in closures:
        frames = [f for f in range(40) if abs(f / fps - closure) <= max(0.04, 0.5 / fps)]
        met += any(opening[f] <= 0.2 for f in frames)
    assert closure_recall(opening, fps, list(closures), 0.2) == pytest.approx(met / 6)


def test_lips_may_meet_forty_milliseconds_off_and_no_more() -> None:
    opening = np.ones(100)
    opening[[50, 80]] = 0
    assert closure_recall(opening, 100, [0.54, 0.46, 0.2], 0.1) == pytest.approx(2 / 3)
    assert closure_recall(opening, 100, [0.55, 0.45], 0.1) == 0
    assert closure_recall(opening, 100, [0.8, 7.0], 0.1) == 1


def test_without_closures_there_is_no_recall() -> None:
    assert math.isnan(closure_recall(np.zeros(10), 30, [], 0.1))
    assert math.isnan(closure_recall(np.zeros(10), 30, [5.0], 0.1))


@given(st.permutations(["jawOpen", "mouthClose", "browInnerUp", "eyeBlinkLeft", "cheekPuff", "tongueOut"]))
def test_channels_are_told_apart_by_name_in_any_order(channels: list[str]) -> None:
    off = {
        "jawOpen": 0.1,
        "mouthClose": 0.2,
        "browInnerUp": 0.3,
        "eyeBlinkLeft": 0.4,
        "cheekPuff": 0.5,
        "tongueOut": 0.6,
    }
    truth = np.tile(np.array([[0.2], [0.7]]), (1, 6))
    signs = np.array([[1], [-1]])
    found = channel_errors(truth, truth + signs * [off[name] for name in channels], channels)
    assert found == pytest.approx(
        {
            "all": 0.35,
            "mouth": 0.3,
            "lips": 0.2,
            "jaw": 0.1,
            "brows": 0.3,
            "eyes": 0.4,
            "cheeks and nose": 0.5,
        }
    )


@given(st.integers(0, 10_000))
def test_the_error_of_all_channels_is_that_of_a_plain_loop(seed: int) -> None:
    truth, predicted = np.random.default_rng(seed).random((2, 5, 3))
    total = sum(abs(truth[f, c] - predicted[f, c]) for f in range(5) for c in range(3)) / 15
    found = channel_errors(truth, predicted, ["jawOpen", "jawLeft", "jawRight"])
    assert set(found) == {"all", "mouth", "jaw"}
    assert found["all"] == found["jaw"] == pytest.approx(total)


def test_weights_without_a_name_are_refused() -> None:
    with pytest.raises(ValueError, match="2 channels"):
        channel_errors(np.zeros((4, 3)), np.zeros((4, 3)), ["jawOpen", "mouthClose"])


@given(st.lists(st.booleans(), min_size=2, max_size=60), st.sampled_from([25.0, 30.0, 60.0]))
def test_closures_are_those_of_a_plain_loop(shut: list[bool], fps: float) -> None:
    opening = np.where(shut, 0.05, 1.0)
    found, start = [], None
    for frame, closed in enumerate(shut):
        if closed and start is None:
            start = frame
        if not closed and start is not None:
            if start > 0 and (frame - start) / fps <= 0.3:
                found.append((start + frame - 1) / 2 / fps)
            start = None
    assert closures(opening, fps, 0.1) == pytest.approx(found)


def test_closures_of_the_truth_are_all_met_by_the_truth() -> None:
    opening = np.abs(np.sin(np.arange(200) / 9))
    times = closures(opening, 60, 0.1)
    assert len(times) == 7
    assert closure_recall(opening, 60, list(times), 0.1) == 1
    assert closure_recall(opening + 1, 60, list(times), 0.1) == 0


@given(st.integers(0, 10_000))
def test_false_closures_are_those_of_a_plain_loop(seed: int) -> None:
    truth, predicted = np.random.default_rng(seed).random((2, 50))
    wide = [frame for frame in range(50) if truth[frame] > 0.6]
    shut = sum(predicted[frame] <= 0.2 for frame in wide)
    assert false_closures(truth, predicted, 0.2) == pytest.approx(shut / len(wide))


def test_a_mouth_that_never_opens_meets_all_closures_and_pays_for_it() -> None:
    truth = np.abs(np.sin(np.arange(200) / 9))
    shut = np.zeros(200)
    assert closure_recall(shut, 60, list(closures(truth, 60, 0.1)), 0.1) == 1
    assert false_closures(truth, shut, 0.1) == 1
    assert math.isnan(false_closures(shut, truth, 0.1))
