"""Turning a head: rigid above the neck, still below, the right way round, on any head."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.head_motion import HEAD, HeadPivot, pivot_for
from core.library import default_rig
from core.rig import Rig
from core.templates.load import load_template

ANGLES = st.tuples(*(st.floats(-40, 40) for _ in HEAD))


def pivot_of(rig: Rig) -> HeadPivot:
    pivot = pivot_for(rig)
    assert pivot is not None
    return pivot


def turned(rig: Rig, degrees: tuple[float, ...]) -> np.ndarray:
    return pivot_of(rig).turned(rig.mesh.vertices.copy(), np.array(degrees))


@settings(max_examples=20, deadline=None)
@given(ANGLES)
def test_the_head_is_rigid_and_the_foot_of_the_neck_stays(degrees: tuple[float, ...]) -> None:
    rig, pivot = default_rig(), pivot_of(default_rig())
    moved, rest = turned(rig, degrees), rig.mesh.vertices
    head = np.flatnonzero(pivot.share == 1)[::97]
    before = np.linalg.norm(rest[head][:, None] - rest[head], axis=2)
    after = np.linalg.norm(moved[head][:, None] - moved[head], axis=2)
    np.testing.assert_allclose(after, before, atol=2e-3)
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
