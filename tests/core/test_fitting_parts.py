"""The pieces of fitting, each against an independent answer."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from core.fitting.contacts import partners
from core.fitting.eyeballs import rotation_of, sphere_centre
from core.fitting.fit import fit
from core.fitting.flame import CURVES, EYEBALLS, flame_landmarks
from core.fitting.graph import SkinGraph
from core.fitting.landmarks import sample, shares_of_length
from core.fitting.profile import find_landmarks
from core.fitting.register import Head, align
from core.fitting.sides import find_sides
from core.fitting.surface import barycentric_of_closest, closest
from core.library import default_rig
from core.meshes.load import load_mesh
from core.templates.names import map_shapes
from core.templates.own_shapes import rig_from_shapes

BALL = trimesh.creation.icosphere(subdivisions=2)
BALL_VERTICES = np.asarray(BALL.vertices, np.float64)
BALL_TRIANGLES = np.asarray(BALL.faces, np.int32)


@given(st.integers(0, 2**32 - 1))
def test_closest_point_of_a_triangle_agrees_with_trimesh(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corners, points = rng.normal(size=(20, 3, 3)), 2 * rng.normal(size=(20, 3))
    shares = barycentric_of_closest(points, corners)
    assert (shares > -1e-9).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    ours = np.einsum("nc,nci->ni", shares, corners)
    np.testing.assert_allclose(ours, trimesh.triangles.closest_point(corners, points), atol=1e-9)


def test_closest_point_of_a_surface_is_closest_of_all() -> None:
    points = np.random.default_rng(0).normal(size=(200, 3))
    contacts = closest(points, BALL_VERTICES, BALL_TRIANGLES)
    brute = np.empty(len(points))
    for number, point in enumerate(points):
        spots = trimesh.triangles.closest_point(BALL.triangles, np.tile(point, (len(BALL_TRIANGLES), 1)))
        brute[number] = np.linalg.norm(spots - point, axis=1).min()
    found = np.linalg.norm(contacts.position - points, axis=1)
    far = np.linalg.norm(points, axis=1) > 0.5  # from the middle of a ball all of it is equally near
    np.testing.assert_allclose(found[far], brute[far], atol=1e-9)


def test_points_of_one_side_never_touch_the_other() -> None:
    sides = np.sign(BALL_VERTICES[:, 1]).astype(np.int8)
    points = BALL_VERTICES[BALL_VERTICES[:, 1] > 0.05]
    wrong = closest(points * [1, -1, 1], BALL_VERTICES, BALL_TRIANGLES, np.ones(len(points), np.int8), sides)
    assert (wrong.position[:, 1] > -0.2).all()


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3))
def test_alignment_recovers_any_similarity_and_is_undone(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    points, rotation = rng.normal(size=(12, 3)), Rotation.random(random_state=seed).as_matrix()
    moved = scale * points @ rotation.T + rng.normal(size=3)
    found = align(points, moved)
    assert found.scale == pytest.approx(scale)
    np.testing.assert_allclose(found.rotation, rotation, atol=1e-9)
    np.testing.assert_allclose(found.inverse().apply(moved), points, atol=1e-6)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_spread_fields_stay_between_what_is_known(seed: int) -> None:
    rng = np.random.default_rng(seed)
    known = rng.random(len(BALL_VERTICES)) < 0.2
    known[0] = True
    values = rng.normal(size=(len(known), 2))
    filled = SkinGraph(BALL_VERTICES, BALL_TRIANGLES).spread(values, known)
    np.testing.assert_array_equal(filled[known], values[known])
    assert (filled.max(axis=0) <= values[known].max(axis=0) + 1e-9).all()
    assert (filled.min(axis=0) >= values[known].min(axis=0) - 1e-9).all()


def test_spread_leaves_parts_without_knowledge_at_rest() -> None:
    two = np.concatenate([BALL_VERTICES, BALL_VERTICES + 9])
    triangles = np.concatenate([BALL_TRIANGLES, BALL_TRIANGLES + len(BALL_VERTICES)])
    known = np.arange(len(two)) == 5
    filled = SkinGraph(two, triangles).spread(np.ones((len(two), 1)), known)
    np.testing.assert_allclose(filled[: len(BALL_VERTICES)], 1)
    assert not filled[len(BALL_VERTICES) :].any()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_samples_lie_on_the_curve_at_their_shares(shares: list[float]) -> None:
    corner = np.array([[0, 0, 0], [3, 0, 0], [3, 1, 0]], np.float64)
    np.testing.assert_allclose(shares_of_length(corner), [0, 0.75, 1])
    for share, point in zip(shares, sample(corner, np.array(shares)), strict=True):
        assert point.sum() == pytest.approx(4 * share)


def test_rotation_and_centre_of_an_eyeball() -> None:
    turn = Rotation.from_euler("xyz", [20, -10, 5], degrees=True).as_matrix()
    ball = 12 * BALL_VERTICES + [30, 5, 70]
    half = ball[BALL_VERTICES[:, 2] > 0]
    np.testing.assert_allclose(sphere_centre(half), [30, 5, 70], atol=1e-6)
    moves = (half - [30, 5, 70]) @ turn.T + [30, 5, 70] - half
    np.testing.assert_allclose(rotation_of(half, moves), turn, atol=1e-9)


def test_flame_table_runs_along_edges_and_tells_its_insides(shared_data: Path) -> None:
    mesh = load_mesh(shared_data / "templates/flame/FLAME_sample.ply")
    vertices, marks = mesh.vertices.astype(np.float64) * 1000, flame_landmarks()
    graph = SkinGraph(vertices, mesh.triangles)
    edges = {tuple(edge) for edge in graph.edges.tolist()}
    for name, chain in CURVES.items():
        assert (np.diff(vertices[list(chain[3:-3]), 0]) > 0).all(), name
        for a, b in pairwise(chain):
            assert (min(a, b), max(a, b)) in edges, name
    sides = find_sides(graph, marks)
    assert sides.behind.sum() == 4 * 32 + 2 * (1 + 3 * 30)  # four rings of the mouth, three and a pole an eye
    assert (sides.side[[3531, 3546, 3543]] == 1).all()
    assert (sides.side[[3509, 3504, 3506]] == -1).all()
    parts = graph.parts()
    assert len({int(parts[EYEBALLS["left"]]), int(parts[EYEBALLS["right"]]), int(parts[3531])}) == 3

    head = Head(vertices, mesh.triangles, marks, sides, graph)
    upper, lower = marks.curves["upper_lip"], marks.curves["lower_lip"]
    weights = partners(head, lower, upper)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert np.abs(weights @ vertices[upper] - vertices[lower])[:, 0].max() < 2


def test_landmarks_of_the_default_head_are_where_a_face_has_them() -> None:
    marks, at = find_landmarks(default_rig()), default_rig().mesh.vertices
    profile = ("glabella", "sellion", "nose_tip", "subnasale", "sulcus", "pogonion", "gnathion")
    middle = at[[marks.points[name] for name in profile]]
    assert np.abs(middle[:, 0]).max() < 1
    assert (np.diff(middle[:, 1]) < 0).all()
    assert marks.points["nose_tip"] == at[:, 2].argmax()
    for eye in ("right", "left"):
        upper, lower = marks.curves[f"{eye}_upper_lid"], marks.curves[f"{eye}_lower_lid"]
        assert upper[0] == lower[0]
        assert upper[-1] == lower[-1]
        assert 24 < np.ptp(at[upper, 0]) < 40
        assert at[upper, 1].max() > at[lower, 1].min() + 6
    np.testing.assert_allclose(
        at[marks.points["right_ala"]] * [-1, 1, 1], at[marks.points["left_ala"]], atol=0.5
    )


def test_another_topology_is_fitted_by_landmarks_and_moves_as_its_author_made_it(shared_data: Path) -> None:
    mesh = load_mesh(shared_data / "templates/ict/generic_neutral_mesh.obj")
    with np.load(shared_data / "templates/ict/expression_deltas.npz") as file:
        own = rig_from_shapes(
            mesh, map_shapes(dict(zip(file["names"].tolist(), file["deltas"], strict=True)))
        )
    fitted = fit(mesh, find_landmarks(own))
    assert fitted.millimetre == 0.1
    face = slice(0, 14062)  # the face; teeth, eyes and lashes follow
    for name, least in (
        ("jawOpen", 0.85),
        ("mouthSmileLeft", 0.75),
        ("mouthFrownRight", 0.65),
        ("mouthPucker", 0.7),
    ):
        ours, theirs = (rig.basis[rig.index[name], face].ravel().astype(float) for rig in (fitted, own))
        assert ours @ theirs / (np.linalg.norm(ours) * np.linalg.norm(theirs)) > least, name
