"""Vertex errors: the same as plain loops give, and known displacements give known numbers."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.metrics.masks import Mask, most_moved, read_mask
from models.training.metrics.vertex_errors import (
    face_vertex_error,
    lip_vertex_error,
    mean_lip_distance,
    pooled,
    velocity_error,
    worst_lip_distance,
)

LIPS = Mask("some lips", np.array([5, 1, 3, 3]))


def pair(seed: int, frames: int = 6, vertices: int = 7) -> tuple[np.ndarray, np.ndarray]:
    truth, predicted = np.random.default_rng(seed).normal(size=(2, frames, vertices, 3))
    return truth.astype(np.float32), predicted.astype(np.float32)


def distance(one, other) -> float:
    return math.sqrt(sum((float(a) - float(b)) ** 2 for a, b in zip(one, other, strict=True)))


@given(st.integers(0, 10_000))
def test_errors_are_those_of_plain_loops(seed: int) -> None:
    truth, predicted = pair(seed)
    worst, mean, face, velocity = [], [], [], []
    for frame in range(6):
        lips = [distance(truth[frame, v], predicted[frame, v]) for v in (1, 3, 5)]
        worst.append(max(lips))
        mean.append(sum(lips) / 3)
        face.append(sum(distance(truth[frame, v], predicted[frame, v]) for v in range(7)) / 7)
    for frame in range(5):
        steps = [
            distance(
                truth[frame + 1, v].astype(float) - truth[frame, v],
                predicted[frame + 1, v].astype(float) - predicted[frame, v],
            )
            for v in range(7)
        ]
        velocity.append(30 * sum(steps) / 7)
    assert lip_vertex_error(truth, predicted, LIPS) == pytest.approx([each**2 for each in worst])
    assert worst_lip_distance(truth, predicted, LIPS, 1000) == pytest.approx([1000 * e for e in worst])
    assert mean_lip_distance(truth, predicted, LIPS, 1000) == pytest.approx([1000 * e for e in mean])
    assert face_vertex_error(truth, predicted) == pytest.approx(face)
    assert velocity_error(truth, predicted, 30) == pytest.approx(velocity)


def test_one_lip_vertex_three_millimetres_off_is_nine_millionths_of_a_square_metre() -> None:
    truth = np.zeros((2, 10, 3), np.float32)
    predicted = truth.copy()
    predicted[0, 3] = (0.002, 0.001, 0.002)
    predicted[0, 4] = 1.0  # no lip
    error = lip_vertex_error(truth, predicted, LIPS)
    assert error == pytest.approx([9e-6, 0])
    assert worst_lip_distance(truth, predicted, LIPS, 1000) == pytest.approx([3, 0])
    assert mean_lip_distance(truth, predicted, LIPS, 1000) == pytest.approx([1, 0])
    # The root of the mean is not the mean of the roots: the two conventions are no rescaling of each other.
    assert 1000 * math.sqrt(error.mean()) != pytest.approx(1.5)


def test_a_shift_of_the_whole_face_has_no_velocity() -> None:
    truth, _ = pair(0)
    assert velocity_error(truth, truth + 1, 30) == pytest.approx(np.zeros(5), abs=1e-4)
    assert face_vertex_error(truth, truth + 1) == pytest.approx(np.full(6, math.sqrt(3)))


def test_a_test_set_counts_frames_and_not_sequences() -> None:
    assert pooled([np.array([1.0]), np.array([4.0, 4.0])]) == pytest.approx(3)


@pytest.mark.parametrize("shape", [(5, 7, 3), (6, 8, 3), (6, 21)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="beside a truth of shape"):
        face_vertex_error(pair(0)[0], np.zeros(shape))


def test_a_mask_of_another_head_is_refused() -> None:
    truth, predicted = pair(0, vertices=5)
    with pytest.raises(ValueError, match="mask some lips asks for vertex 5"):
        lip_vertex_error(truth, predicted, LIPS)


@pytest.mark.parametrize("text", ["3, 1, 5", "3 1\n5\n", "3,1,5,3\n"])
def test_a_published_list_of_vertices_is_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lve.txt"
    path.write_text(text)
    mask = read_mask(path)
    assert (mask.name, mask.vertices.tolist()) == ("lve", [1, 3, 5])


@pytest.mark.parametrize("text", ["", "1, 2, x", "-1 2", "1.5"])
def test_something_else_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lve.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"lve\.txt: holds .* vertex number"):
        read_mask(path)


def test_lips_are_what_the_mouth_moves_most() -> None:
    fields = np.zeros((2, 6, 3))
    fields[0, 2], fields[1, 4], fields[1, 5] = (0, 3, 4), (0, 2, 0), (0.5, 0, 0)
    assert most_moved("lips", fields).vertices.tolist() == [2, 4]
