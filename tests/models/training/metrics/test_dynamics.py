"""Liveliness: plain loops, and faces whose movement is known."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.metrics.dynamics import (
    DynamicsDeviation,
    diversity,
    dynamics_deviation,
    face_dynamics,
    jitter,
)
from models.training.metrics.masks import Mask

UPPER = Mask("brows", np.array([0, 2]))


@given(st.integers(0, 10_000))
def test_dynamics_are_those_of_plain_loops(seed: int) -> None:
    draw = np.random.default_rng(seed)
    motion, template = draw.normal(size=(8, 4, 3)), draw.normal(size=(4, 3))
    spreads = []
    for vertex in (0, 2):
        squared = [sum((motion[f, vertex, k] - template[vertex, k]) ** 2 for k in range(3)) for f in range(8)]
        spreads.append(statistics.pstdev(squared))
    assert face_dynamics(motion, template, UPPER) == pytest.approx(sum(spreads) / 2)


def test_a_frozen_face_deviates_upwards_and_lively_ones_make_up_for_it() -> None:
    assert dynamics_deviation([2.0, 2.0], [0.0, 0.0]) == DynamicsDeviation(2.0, 2.0)
    assert dynamics_deviation([2.0, 2.0], [0.0, 4.0]) == DynamicsDeviation(0.0, 2.0)


@given(st.integers(0, 10_000))
def test_jitter_is_that_of_plain_loops(seed: int) -> None:
    motion = np.random.default_rng(seed).normal(size=(7, 3, 3))
    sizes = []
    for f in range(4):
        for v in range(3):
            jerk = motion[f + 3, v] - 3 * motion[f + 2, v] + 3 * motion[f + 1, v] - motion[f, v]
            sizes.append(float(np.sqrt((jerk**2).sum())) * 25**3)
    assert jitter(motion, 25) == pytest.approx(statistics.fmean(sizes))


def test_jitter_is_the_third_derivative_in_seconds() -> None:
    times = np.arange(20) / 50
    assert jitter(np.stack([times**3, times**2], axis=1), 50) == pytest.approx((6 + 0) / 2)
    assert jitter((times**3)[:, None, None] * np.array([3.0, 0, 4.0]), 50) == pytest.approx(30)


def test_three_frames_have_no_jitter() -> None:
    with pytest.raises(ValueError, match="four frames"):
        jitter(np.zeros((3, 2)), 30)


@given(st.integers(2, 4), st.integers(0, 1000))
def test_diversity_is_that_of_plain_loops(count: int, seed: int) -> None:
    predictions = np.random.default_rng(seed).normal(size=(count, 3, 2, 3))
    pairs = [(a, b) for a in range(count) for b in range(count) if a < b]
    expected = [
        statistics.fmean(
            float(np.sqrt(((predictions[a, f, v] - predictions[b, f, v]) ** 2).sum()))
            for f in range(3)
            for v in range(2)
        )
        for a, b in pairs
    ]
    assert diversity(predictions) == pytest.approx(statistics.fmean(expected))
    assert diversity(predictions + 7) == pytest.approx(diversity(predictions))


def test_one_prediction_is_not_diverse() -> None:
    with pytest.raises(ValueError, match="two"):
        diversity(np.zeros((1, 3, 2, 3)))
