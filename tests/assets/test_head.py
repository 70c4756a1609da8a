from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assets.head.build import build
from assets.head.flips import FlipFinder
from assets.head.sculpt import EYE, EYE_RADIUS
from core.channels import CHANNELS
from core.composing import decode
from core.library import default_rig
from core.mesh import FaceGroup
from core.rig import Lips, Rig
from tests.assets.surface_hits import hits_along_z

Floats = NDArray[np.float32]
LIP_CHANNELS = [name for name in CHANNELS if name.startswith("mouth") and name != "mouthClose"]


@pytest.fixture(scope="module")
def rig() -> Rig:
    return default_rig()


@pytest.fixture(scope="module")
def lips(rig: Rig) -> Lips:
    assert rig.lips is not None
    return rig.lips


@pytest.fixture(scope="module")
def mirror(rig: Rig) -> NDArray[np.int64]:
    """The vertex at the mirrored place; vertices of the same place are told apart by their motion."""
    key = np.concatenate(
        [rig.mesh.vertices, rig.basis.transpose(1, 0, 2).reshape(len(rig.mesh.vertices), -1)], 1
    )
    flip = np.tile([-1, 1, 1], 1 + len(CHANNELS))
    swap = [rig.index[_other_side(name)] for name in CHANNELS]
    basis = rig.basis[swap].transpose(1, 0, 2).reshape(len(key), -1)
    image = np.concatenate([rig.mesh.vertices, basis], 1) * flip
    # adding 0.0 turns -0 into 0, so that equal rows have equal bytes
    rows = {row.tobytes(): number for number, row in enumerate((key + 0.0).astype(np.float32))}
    return np.array([rows[row.tobytes()] for row in (image + 0.0).astype(np.float32)])


def _other_side(name: str) -> str:
    return name.replace("Left", "<").replace("Right", "Left").replace("<", "Right")


def _pose(rig: Rig, **weights: float) -> Floats:
    row = np.zeros((1, len(rig.channels)), np.float32)
    for name, weight in weights.items():
        row[0, rig.index[name]] = weight
    return decode(rig, row)[0]


def _group(rig: Rig, name: str) -> FaceGroup:
    return next(group for group in rig.mesh.groups if group.name == name)


def _vertices(rig: Rig, *names: str) -> NDArray[np.int64]:
    """Vertices of the named groups."""
    faces = np.concatenate([_group(rig, name).faces for name in names])
    ends = np.cumsum(rig.mesh.face_sizes)
    corners = [rig.mesh.face_vertices[ends[face] - rig.mesh.face_sizes[face] : ends[face]] for face in faces]
    return np.unique(np.concatenate(corners))


def _triangles(rig: Rig, *names: str) -> NDArray[np.int32]:
    inside = np.isin(rig.mesh.triangles, _vertices(rig, *names)).all(1)
    return rig.mesh.triangles[inside]


def test_size_and_parts(rig: Rig) -> None:
    assert 5_000 <= len(rig.mesh.vertices) <= 12_000
    assert np.isfinite(rig.mesh.vertices).all()
    assert np.isfinite(rig.basis).all()
    assert (rig.mesh.face_sizes == 4).mean() > 0.95
    names = {group.name for group in rig.mesh.groups}
    assert names >= {
        "skin",
        "lips",
        "mouth",
        "eyeLeft",
        "eyeRight",
        "teethUpper",
        "teethLower",
        "gums",
        "tongue",
    }
    assert sum(len(group.faces) for group in rig.mesh.groups) == len(rig.mesh.face_sizes)
    assert rig.colours is not None
    assert rig.colours.shape == rig.mesh.vertices.shape
    pupils = rig.mesh.vertices[_vertices(rig, "eyeLeft")].max(0)
    assert abs(pupils[1] - EYE_RADIUS) < 0.5


def test_proportions_are_those_of_a_person(rig: Rig) -> None:
    """Ranges are mean and 2.5 deviations of both sexes (Farkas 1994)."""
    v = rig.mesh.vertices
    assert 138 < np.ptp(v[v[:, 1] > 30][:, 0]) < 165
    assert 170 < np.ptp(v[v[:, 1] > 20][:, 2]) < 205
    assert 40 < np.ptp(v[_vertices(rig, "lips")][:, 0]) < 62


def test_texture_coordinates_cover_every_corner(rig: Rig) -> None:
    assert rig.mesh.uvs is not None
    assert rig.mesh.face_uvs is not None
    assert len(rig.mesh.face_uvs) == len(rig.mesh.face_vertices)
    assert rig.mesh.face_uvs.max() < len(rig.mesh.uvs)
    assert (rig.mesh.uvs >= 0).all()
    assert (rig.mesh.uvs <= 1).all()


def test_no_face_is_degenerate(rig: Rig) -> None:
    corners = rig.mesh.vertices[rig.mesh.triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    assert area.min() > 1e-4


def test_the_left_is_the_mirror_image_of_the_right(rig: Rig, mirror: NDArray[np.int64]) -> None:
    """`mirror` finds a bit-equal partner in place and in all 58 displacements for every vertex, or fails."""
    np.testing.assert_array_equal(mirror[mirror], np.arange(len(mirror)))
    assert rig.colours is not None
    np.testing.assert_array_equal(rig.colours[mirror], rig.colours)


def test_all_channels_move_something(rig: Rig) -> None:
    assert rig.channels == CHANNELS
    assert (np.linalg.norm(rig.basis, axis=2).max(1) > 0.8).all()


def test_channels_are_local(rig: Rig) -> None:
    front_of_brow = rig.mesh.vertices[:, 1] > 10
    below_chin = rig.mesh.vertices[:, 1] < -135
    for name in CHANNELS:
        moved = np.linalg.norm(rig.basis[rig.index[name]], axis=1)
        if name.startswith(("mouth", "jaw", "tongue")):
            assert moved[front_of_brow].max() == 0, name
        if not name.startswith("jaw"):
            assert moved[below_chin].max() == 0, name
        if name.startswith(("eye", "brow")):
            assert moved[_vertices(rig, "lips")].max() == 0, name


def test_lips_touch_at_rest_without_crossing(rig: Rig, lips: Lips) -> None:
    gap = rig.mesh.vertices[lips.upper] - rig.mesh.vertices[lips.lower]
    assert len(gap) > 20
    assert (gap[:, 1] >= 0).all()
    assert (np.linalg.norm(gap, axis=1) <= 0.3).all()
    x = rig.mesh.vertices[lips.upper][:, 0]
    assert (np.diff(x) > 0).all()
    assert x[lips.midline] == 0


def test_jaw_opens_as_far_as_people_do(rig: Rig) -> None:
    opened = _pose(rig, jawOpen=1)
    upper, lower = _vertices(rig, "teethUpper"), _vertices(rig, "teethLower")
    incisors = np.flatnonzero(np.abs(rig.mesh.vertices[:, 0]) < 3)
    upper, lower = np.intersect1d(upper, incisors), np.intersect1d(lower, incisors)
    edge_up = opened[upper[rig.mesh.vertices[upper][:, 1].argmin()]]
    edge_low = opened[lower[rig.mesh.vertices[lower][:, 1].argmax()]]
    assert 40 <= np.linalg.norm(edge_up - edge_low) <= 46


@pytest.mark.parametrize("weight", [0.1, 0.25, 0.5, 0.75, 1.0])
def test_jaw_moves_the_lower_teeth_rigidly(rig: Rig, weight: float) -> None:
    lower = _vertices(rig, "teethLower")
    rest, opened = rig.mesh.vertices[lower].astype(float), _pose(rig, jawOpen=weight)[lower].astype(float)
    a, b = rest - rest.mean(0), opened - opened.mean(0)
    u, _, vt = np.linalg.svd(a.T @ b)
    np.testing.assert_allclose(a @ (u @ vt), b, atol=0.1)
    assert np.abs(rig.basis[rig.index["jawOpen"]][_vertices(rig, "teethUpper")]).max() == 0


@pytest.fixture(scope="module")
def built() -> tuple[Rig, Rig]:
    return build()


@pytest.fixture(scope="module")
def flips(rig: Rig) -> FlipFinder:
    return FlipFinder(rig.mesh)


def test_a_fold_is_found_and_a_turn_of_the_whole_is_none(rig: Rig, flips: FlipFinder) -> None:
    turn = np.diag([-1.0, 1.0, -1.0]).astype(np.float32)
    assert len(flips(rig.mesh.vertices @ turn)) == 0
    folded = rig.mesh.vertices.copy()
    forehead = np.linalg.norm(folded - [0, 55, 95], axis=1).argmin()
    ring = np.unique(rig.mesh.triangles[(rig.mesh.triangles == forehead).any(1)])
    folded[forehead] += 2.5 * (folded[ring].max(0) - folded[forehead]) * [1, 0, 0]
    assert 0 < len(flips(folded)) < 9


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_turns_a_triangle_inside_out(rig: Rig, flips: FlipFinder, channel: str) -> None:
    for weight in np.linspace(0.125, 1, 8):
        assert len(flips(_pose(rig, **{channel: float(weight)}))) == 0, weight


@pytest.mark.parametrize("channel", CHANNELS)
def test_channels_are_monotone(rig: Rig, channel: str) -> None:
    """No vertex that goes somewhere turns back on its way; lids that go around the eyeball may by a hair."""
    path = np.array([_pose(rig, **{channel: float(weight)}) for weight in np.linspace(0, 1, 9)], np.float64)
    whole = path[-1] - path[0]
    far = np.linalg.norm(whole, axis=1) > 1.0
    steps = np.einsum("fvx,vx->fv", np.diff(path, axis=0), whole)[:, far]
    assert steps.min() >= 0


@pytest.mark.parametrize("weight", [0.1, 0.35, 0.5, 0.7, 0.85, 1.0])
def test_mouth_close_closes_what_the_jaw_opened(rig: Rig, lips: Lips, weight: float) -> None:
    closed = _pose(rig, jawOpen=weight, mouthClose=weight)
    gap = np.linalg.norm(closed[lips.upper] - closed[lips.lower], axis=1)
    assert gap.max() < 0.5
    assert lips.gap(_pose(rig, jawOpen=weight)) > 30 * weight


def test_blink_covers_the_eye(rig: Rig) -> None:
    closed = _pose(rig, eyeBlinkLeft=1)
    eye = set(_vertices(rig, "eyeLeft").tolist())
    for x in np.linspace(20, 46, 27):
        for y in np.linspace(-8, 8, 17):
            _, triangles = hits_along_z(closed, rig.mesh.triangles, float(x) + 0.013, float(y) + 0.017)
            assert rig.mesh.triangles[triangles[0]][0] not in eye, (x, y)


@pytest.mark.parametrize("extra", ["", "mouthClose", "mouthSmileLeft", "mouthPucker", "mouthPressLeft"])
def test_lips_that_have_met_press_and_do_not_cross(rig: Rig, lips: Lips, extra: str) -> None:
    for jaw in (0.0, 0.2, 0.6):
        weights = {"jawOpen": jaw, "mouthClose": jaw + 0.4} | ({extra: 1.0} if extra else {})
        posed = _pose(rig, **weights)
        gap = posed[lips.upper] - posed[lips.lower]
        assert gap[:, 1].min() > -0.3, jaw
        assert np.linalg.norm(gap, axis=1).max() < 0.6, jaw


@pytest.mark.parametrize("channel", ["eyeLookDown", "eyeLookUp", "eyeSquint", "eyeWide"])
def test_closed_lids_stay_closed(rig: Rig, channel: str) -> None:
    about = np.linalg.norm(rig.mesh.vertices - EYE, axis=1) < 20
    about &= np.isin(np.arange(len(about)), _vertices(rig, "skin")) & (rig.mesh.vertices[:, 1] > -8)
    closed = _pose(rig, eyeBlinkLeft=1)[about]
    both = _pose(rig, eyeBlinkLeft=1, **{f"{channel}Left": 1.0})[about]
    assert np.abs(both - closed).max() < 0.8


@pytest.mark.parametrize("weight", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_lids_stay_outside_the_eyeball(rig: Rig, weight: float) -> None:
    posed = _pose(rig, eyeBlinkLeft=weight)[_vertices(rig, "skin")]
    assert np.linalg.norm(posed - EYE, axis=1).min() > EYE_RADIUS


def test_gaze_turns_the_eyeball_and_not_the_other_one(rig: Rig) -> None:
    eye = _vertices(rig, "eyeLeft")
    front = eye[rig.mesh.vertices[eye][:, 2].argmax()]
    for name, axis, sign in (("In", 0, -1), ("Out", 0, 1), ("Up", 1, 1), ("Down", 1, -1)):
        assert sign * rig.basis[rig.index[f"eyeLook{name}Left"]][front, axis] > 5
        assert np.abs(rig.basis[rig.index[f"eyeLook{name}Left"]][_vertices(rig, "eyeRight")]).max() == 0


def test_lips_move_as_their_names_say(rig: Rig, lips: Lips) -> None:
    left = [lips.upper[-1], lips.lower[-1]]
    smile = rig.basis[rig.index["mouthSmileLeft"]][left].mean(0)
    assert smile[0] > 4
    assert smile[1] > 3
    assert smile[2] < -3
    assert rig.basis[rig.index["mouthFrownLeft"]][left].mean(0)[1] < -4
    for name in ("mouthPucker", "mouthFunnel"):
        corner = rig.basis[rig.index[name]][left].mean(0)
        assert corner[0] < -4, name
        assert rig.basis[rig.index[name]][lips.upper[lips.midline], 2] > 5, name
    assert lips.gap(_pose(rig, mouthPucker=1)) < 0.5
    assert lips.gap(_pose(rig, mouthFunnel=1)) > 6


@pytest.mark.parametrize("channel", ["", *LIP_CHANNELS])
def test_teeth_stay_behind_the_lips(rig: Rig, channel: str) -> None:
    """Along z, no skin lies just behind a tooth: that would be a tooth that pokes through its lip."""
    posed = _pose(rig, **({channel: 1.0} if channel else {}))
    teeth = _vertices(rig, "teethUpper", "teethLower")
    teeth = teeth[rig.mesh.vertices[teeth][:, 2] > 86]
    skin = _triangles(rig, "skin", "lips")
    for tooth in teeth[::3]:
        x, y, z = (float(c) for c in posed[tooth])
        heights, _ = hits_along_z(posed, skin, x + 0.011, y + 0.007)
        assert not ((heights < z) & (heights > z - 12)).any(), (channel, posed[tooth])


@pytest.mark.parametrize("channel", [*LIP_CHANNELS, "jawOpen"])
def test_the_inside_of_the_mouth_never_shows_through_the_skin(rig: Rig, channel: str) -> None:
    posed = _pose(rig, **{channel: 1.0})
    about = np.setdiff1d(_vertices(rig, "skin"), _vertices(rig, "lips", "mouth"))
    x, y, z = rig.mesh.vertices[about].T
    about = about[(np.abs(x) < 45) & (y > -105) & (y < -50) & (z > 65)]
    inside = set(_vertices(rig, "mouth").tolist()) - set(_vertices(rig, "lips").tolist())
    for vertex in about[::5]:
        x, y = (float(c) + 0.013 for c in posed[vertex, :2])
        _, triangles = hits_along_z(posed, rig.mesh.triangles, x, y)
        assert not inside & set(rig.mesh.triangles[triangles[0]].tolist()), (channel, posed[vertex])


@pytest.mark.parametrize("figure", [0, 1], ids=["first", "second"])
def test_rebuilding_gives_the_committed_head(built: tuple[Rig, Rig], figure: int) -> None:
    again, kept = built[figure], default_rig(float(figure))
    assert again.mesh.face_vertices.tolist() == kept.mesh.face_vertices.tolist()
    np.testing.assert_allclose(again.mesh.vertices, kept.mesh.vertices, atol=1e-3)
    np.testing.assert_allclose(again.basis, kept.basis, atol=3e-3)
    for made, stored in zip(again.correctives, kept.correctives, strict=True):
        assert (made.name, made.factors) == (stored.name, stored.factors)
        np.testing.assert_allclose(made.shape, stored.shape, atol=3e-3)
