"""Weights from vertices: what was posed by weights comes back, and never leaves 0..1."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import lsq_linear

from core.composing import decode
from core.errors import InputError
from core.inference.solving import named, solved_weights
from core.library import default_rig
from core.mesh import Mesh
from core.templates.topology import default_face, rig_of


def test_a_posed_face_gives_its_weights_back() -> None:
    _, face = default_face()
    draw = np.random.default_rng(0)
    names = ("jawOpen", "mouthPucker", "mouthSmileLeft", "browInnerUp", "eyeBlinkRight")
    weights = np.zeros((5, len(face.channels)), np.float32)
    for name in names:
        weights[:, face.index[name]] = draw.uniform(0.1, 0.9, 5)
    motion = np.tensordot(weights, face.basis, 1)
    found = solved_weights(face.basis, motion)
    rows = [face.index[name] for name in names]
    np.testing.assert_allclose(found[:, rows], weights[:, rows], atol=0.06)
    posed = np.tensordot(found, face.basis, 1)
    assert np.linalg.norm(posed - motion, axis=-1).max() < 0.4  # mm, on a face that moves by tens


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_it_finds_what_a_slow_solver_finds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    fields = draw.normal(size=(4, 6, 3)).astype(np.float32)
    fields[2] = 0.0  # moves nothing
    motion = draw.normal(size=(2, 6, 3)).astype(np.float32)
    found = solved_weights(fields, motion)
    assert (found[:, 2] == 0).all()
    moving = [0, 1, 3]
    for weights, frame in zip(found, motion, strict=True):
        matrix = fields[moving].reshape(3, -1).T.astype(np.float64)
        slow = lsq_linear(matrix, frame.ravel().astype(np.float64), (0, 1), tol=1e-12)
        left = np.square(matrix @ weights[moving] - frame.ravel()).sum() / 2
        assert left < 1.001 * slow.cost + 1e-4
        assert weights.min() >= 0
        assert weights.max() <= 1


def test_columns_without_a_channel_are_left_out() -> None:
    weights = np.array([[1.0, 2.0, 3.0]], np.float32)
    np.testing.assert_array_equal(named(weights, ("b", "x", "a"), ("a", "b", "c")), [[3.0, 1.0, 0.0]])


def test_topologies_are_known_by_their_polygons() -> None:
    vertices, face = default_face()
    assert 3000 < len(vertices) < 5000
    moved = Mesh(face.mesh.vertices * 0.001, face.mesh.face_sizes, face.mesh.face_vertices)
    assert rig_of(moved) is face
    assert rig_of(default_rig().mesh) is default_rig()
    cloud = Mesh(face.mesh.vertices, np.empty(0, np.int32), np.empty(0, np.int32), name="cloud")
    try:
        rig_of(cloud)
    except InputError as error:
        assert "no polygons" in str(error)
    else:
        raise AssertionError("a cloud of points has no rig")


def test_the_face_is_the_head_without_what_never_moves() -> None:
    vertices, face = default_face()
    weights = np.zeros((1, len(face.channels)), np.float32)
    weights[0, face.index["jawOpen"]] = weights[0, face.index["mouthPucker"]] = 0.7
    whole = decode(default_rig(), weights)[:, vertices]
    np.testing.assert_allclose(decode(face, weights), whole, atol=1e-5)
