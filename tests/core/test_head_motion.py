"""Turning a head: rigid above the neck, still below, the right way round, on any head."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.fitting.graph import SkinGraph
from core.head_motion import HEAD, HeadPivot, pivot_for
from core.library import default_rig
from core.meshes.load import load_mesh
from core.rig import Rig
from core.templates.load import load_template
from core.templates.names import map_shapes
from core.templates.own_shapes import rig_from_shapes
from tests.factories import mouth_rig

ANGLES = st.tuples(*(st.floats(-40, 40) for _ in HEAD))


def pivot_of(rig: Rig) -> HeadPivot:
    pivot = pivot_for(rig)
    assert pivot is not None
    return pivot


def turned(rig: Rig, degrees: tuple[float, ...]) -> np.ndarray:
    return pivot_of(rig).turned(rig.mesh.vertices.copy(), np.array(degrees))


@settings(max_examples=20)
@given(ANGLES)
def test_the_head_is_rigid_and_the_foot_of_the_neck_stays(degrees: tuple[float, ...]) -> None:
    rig, pivot = default_rig(), pivot_of(default_rig())
    moved, rest = turned(rig, degrees), rig.mesh.vertices
    head = np.flatnonzero(pivot.share == 1)[::97]
    before = np.linalg.norm(rest[head][:, None] - rest[head], axis=2)
    after = np.linalg.norm(moved[head][:, None] - moved[head], axis=2)
    np.testing.assert_allclose(after, before, atol=1e-3)
    foot = pivot.share == 0
    assert foot.any()
    np.testing.assert_array_equal(moved[foot], rest[foot])


@pytest.mark.parametrize(
    ("degrees", "axis", "sign"),
    [((20, 0, 0), 1, 1), ((-20, 0, 0), 1, -1), ((0, 20, 0), 0, 1), ((0, -20, 0), 0, -1)],
)
def test_which_way_the_face_goes(degrees: tuple[float, ...], axis: int, sign: int) -> None:
    rig = default_rig()
    assert rig.lips is not None
    # Lips and their surroundings lie before the pivot, so they go where the face looks.
    lips = rig.lips.upper
    change = (turned(rig, degrees) - rig.mesh.vertices)[lips].mean(0)
    assert np.sign(change[axis]) == sign
    assert abs(change[axis]) > 20


def test_roll_leans_to_her_left() -> None:
    rig = default_rig()
    crown = rig.mesh.vertices[:, 1].argmax()
    assert turned(rig, (0, 0, 15))[crown, 0] - rig.mesh.vertices[crown, 0] > 20


def test_no_angle_is_no_work() -> None:
    rig = default_rig()
    np.testing.assert_array_equal(turned(rig, (0, 0, 0)), rig.mesh.vertices)


def test_the_neck_bends_without_a_step() -> None:
    rig = default_rig()
    moved, rest = turned(rig, (0, 25, 0)), rig.mesh.vertices
    corners = rig.mesh.triangles
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]]])
    stretch = np.linalg.norm(moved[edges[:, 0]] - moved[edges[:, 1]], axis=1)
    rested = np.linalg.norm(rest[edges[:, 0]] - rest[edges[:, 1]], axis=1)
    assert (stretch / np.maximum(rested, 0.5)).max() < 2.0


def test_a_flame_head_turns_about_its_own_neck(shared_data) -> None:
    rig = load_template(shared_data / "templates" / "flame" / "FLAME_sample.ply", lambda _share: None)
    pivot = pivot_of(rig)
    assert 0.8 < (pivot.share == 1).mean() < 0.99
    assert (pivot.share == 0).any()
    size = np.ptp(rig.mesh.vertices[:, 1])
    change = turned(rig, (0, 15, 0)) - rig.mesh.vertices
    assert rig.lips is not None
    assert change[rig.lips.upper].mean(0)[0] > 0.05 * size
    assert np.abs(change.mean(0)[1]) < 0.01 * size


def test_the_edge_of_a_neck_stays_on_its_body() -> None:
    rig = default_rig()
    rest = rig.mesh.vertices
    edge = rest[:, 1] < rest[:, 1].min() + 4
    assert edge.sum() > 20
    np.testing.assert_array_equal(turned(rig, (10, 10, 10))[edge], rest[edge])


def test_a_head_that_ends_at_the_jaw_turns_as_a_whole() -> None:
    rig = default_rig()
    assert rig.lips is not None
    jaw = rig.mesh.vertices[rig.lips.upper, 1].mean() - 55
    kept = np.flatnonzero((rig.mesh.vertices[:, 1] > jaw) | (pivot_of(rig).share == 1)).astype(np.int32)
    assert (pivot_of(rig.cut_to(kept)).share == 1).all()


@pytest.mark.parametrize("scale", [1.0, 0.001])
def test_a_production_head_in_any_axes_turns_eyes_and_teeth_with_it(shared_data, scale: float) -> None:
    folder = shared_data / "templates" / "ict"
    mesh = load_mesh(folder / "generic_neutral_mesh.obj")
    with np.load(folder / "expression_deltas.npz") as file:
        shapes = map_shapes(dict(zip(file["names"].tolist(), file["deltas"], strict=True)))
    z_up = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], np.float32) * np.float32(scale)
    rig = rig_from_shapes(
        mesh.posed(mesh.vertices @ z_up), {name: shape @ z_up for name, shape in shapes.items()}
    )
    pivot = pivot_of(rig)
    assert rig.lips is not None
    change = (turned(rig, (0, 12, 0)) - rig.mesh.vertices) / rig.millimetre
    assert change[rig.lips.upper].mean(0) @ pivot.axes.left == pytest.approx(
        92 * np.sin(np.radians(12)), abs=4
    )
    np.testing.assert_allclose(pivot.axes.up, (0, 0, 1))
    parts = SkinGraph(rig.mesh.vertices.astype(float), rig.mesh.triangles).parts()
    skin = np.bincount(parts).argmax()
    inner = (parts != skin) & (pivot.axes.place(rig.mesh.vertices) @ (0, 1, 0) > pivot.point @ pivot.axes.up)
    assert inner.sum() > 1000
    assert (pivot.share[inner] == 1).all()


@pytest.mark.parametrize("shape", [0.0, 1.0])
def test_no_polygon_of_the_neck_folds(shape: float) -> None:
    rig = default_rig(shape)
    corners = rig.mesh.triangles[(pivot_of(rig).share[rig.mesh.triangles] < 1).any(1)]

    def areas(vertices: np.ndarray) -> np.ndarray:
        a, b, c = (vertices[corners[:, k]].astype(float) for k in range(3))
        return np.linalg.norm(np.cross(b - a, c - a), axis=1)

    rest = areas(rig.mesh.vertices)
    for degrees in ((12, 0, 0), (-12, 0, 0), (0, 15, 0), (0, 0, 10), (-8, 12, 6)):
        ratio = areas(turned(rig, degrees))[rest > 0.5] / rest[rest > 0.5]
        assert np.quantile(ratio, 0.005) > 0.6
        assert np.quantile(ratio, 0.995) < 1.6


def test_a_flat_face_turns_as_a_whole() -> None:
    assert (pivot_of(mouth_rig()).share == 1).all()
