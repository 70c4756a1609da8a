"""A FLAME head, fitted: it opens and closes its mouth, blinks and looks, and moves nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from core.channels import CHANNELS
from core.errors import InputError
from core.fitting.eyeballs import find_eyeball
from core.fitting.fit import fit
from core.fitting.flame import CURVES, EYEBALLS, POINTS, flame_landmarks
from core.fitting.landmarks import Landmarks, load_landmarks
from core.mesh import Floats, Mesh
from core.meshes.load import load_mesh
from core.rig import Rig
from core.templates.axes import axes_from_shapes
from core.templates.lips import find_lips

MM = 1000  # the sample is in metres
SKIN = 3931  # its first vertices; the eyeballs follow


@pytest.fixture(scope="module")
def flame(shared_data: Path) -> Mesh:
    return load_mesh(shared_data / "templates/flame/FLAME_sample.ply")


@pytest.fixture(scope="module")
def rig(flame: Mesh) -> Rig:
    return fit(flame)


def _posed(rig: Rig, **weights: float) -> Floats:
    moves = [weight * rig.basis[rig.index[name]] for name, weight in weights.items()]
    return rig.mesh.vertices + np.sum(moves, axis=0)


def _gap(vertices: Floats) -> float:
    return float(np.linalg.norm(vertices[3531] - vertices[3504])) * MM


def test_fit_has_every_channel(flame: Mesh, rig: Rig) -> None:
    assert rig.channels == CHANNELS
    assert rig.millimetre == 0.001
    assert rig.mesh is flame
    assert np.isfinite(rig.basis).all()
    tongue = [name for name in CHANNELS if name.startswith("tongue")]
    still = [name for name in CHANNELS if not rig.basis[rig.index[name]].any()]
    assert set(still) <= set(tongue)  # this mesh has none


def test_jaw_opens_the_mouth_and_leaves_the_upper_face(rig: Rig) -> None:
    open_ = _posed(rig, jawOpen=1)
    assert _gap(rig.mesh.vertices) < 2.5
    assert _gap(open_) > 25
    moved = np.linalg.norm(open_ - rig.mesh.vertices, axis=1) * MM
    assert moved[rig.mesh.vertices[:, 1] > 0.0].max() < 0.5  # from the middle of the nose upwards
    assert moved[3401] > 20  # the chin
    for upper, lower in zip(CURVES["upper_lip"][5:-5], CURVES["lower_lip"][5:-5], strict=True):
        assert (open_[upper, 1] - open_[lower, 1]) * MM > 12


def test_upper_lip_does_not_stick_to_the_jaw(rig: Rig) -> None:
    jaw = np.linalg.norm(rig.basis[rig.index["jawOpen"]], axis=1) * MM
    upper, lower = np.array(CURVES["upper_lip"][6:-6]), np.array(CURVES["lower_lip"][6:-6])
    assert jaw[upper].max() < 0.25 * jaw[lower].min()


@pytest.mark.parametrize("weight", [0.2, 0.5, 1.0])
def test_mouth_close_undoes_the_jaw_between_the_lips(rig: Rig, weight: float) -> None:
    closed = _posed(rig, jawOpen=weight, mouthClose=weight)
    assert rig.lips is not None
    assert rig.lips.upper[rig.lips.midline] == 3531
    assert rig.lips.lower[rig.lips.midline] == 3504
    for vertices in (rig.mesh.vertices, closed):
        rest = np.linalg.norm(rig.mesh.vertices[rig.lips.upper] - rig.mesh.vertices[rig.lips.lower], axis=1)
        now = np.linalg.norm(vertices[rig.lips.upper] - vertices[rig.lips.lower], axis=1)
        assert (np.abs(now - rest) * MM).max() < 0.1


def test_lips_found_from_the_fitted_jaw_are_those_of_the_table(rig: Rig) -> None:
    shapes = {name: rig.basis[row] for name, row in rig.index.items()}
    axes = axes_from_shapes(rig.mesh.vertices, shapes)
    lips = find_lips(rig.mesh, shapes["jawOpen"], axes, 0.055)
    assert lips is not None
    table = np.array(CURVES["upper_lip"] + CURVES["lower_lip"])
    tree = cKDTree(rig.mesh.vertices[table])
    distance, _ = tree.query(rig.mesh.vertices[np.concatenate([lips.upper, lips.lower])])
    assert np.median(distance) * MM < 1.5
    assert distance.max() * MM < 5


@pytest.mark.parametrize(("eye", "lid"), [("Left", "left_upper_lid"), ("Right", "right_upper_lid")])
def test_blink_brings_the_lids_together_outside_the_eyeball(rig: Rig, eye: str, lid: str) -> None:
    posed = _posed(rig, **{f"eyeBlink{eye}": 1})
    upper = np.array(CURVES[lid])
    lower = np.array(CURVES[lid.replace("upper", "lower")])
    tree = cKDTree(np.concatenate([posed[lower], (posed[lower][1:] + posed[lower][:-1]) / 2]))
    assert tree.query(posed[upper])[0].max() * MM < 1.0
    ball = find_eyeball(rig.mesh.vertices.astype(float), rig.mesh.triangles, EYEBALLS[eye.lower()])
    rest, now = (np.linalg.norm(v[upper] - ball.centre, axis=1) for v in (rig.mesh.vertices, posed))
    assert (now > np.minimum(rest, ball.radius) - 1e-5).all()
    other = np.array(CURVES[lid.replace(eye.lower(), "left" if eye == "Right" else "right")])
    assert np.linalg.norm(posed[other] - rig.mesh.vertices[other], axis=1).max() * MM < 0.2


def test_eyeballs_turn_rigidly_and_only_when_looking(rig: Rig) -> None:
    ball = find_eyeball(rig.mesh.vertices.astype(float), rig.mesh.triangles, EYEBALLS["left"])
    rest = np.linalg.norm(rig.mesh.vertices[ball.vertices] - ball.centre, axis=1)
    posed = _posed(rig, eyeLookUpLeft=1)
    turned = np.linalg.norm(posed[ball.vertices] - ball.centre, axis=1)
    np.testing.assert_allclose(turned, rest, rtol=1e-3)
    front = ball.vertices[rig.mesh.vertices[ball.vertices, 2].argmax()]
    assert (posed[front] - rig.mesh.vertices[front])[1] * MM > 3
    for name in ("jawOpen", "mouthSmileLeft", "eyeBlinkLeft", "eyeLookUpRight", "browInnerUp"):
        assert not rig.basis[rig.index[name], ball.vertices].any()


def test_left_and_right_are_mirror_images(rig: Rig) -> None:
    mirror = np.array([-1, 1, 1], np.float32)
    distance, twin = cKDTree(rig.mesh.vertices[:SKIN]).query(rig.mesh.vertices[:SKIN] * mirror)
    paired = distance * MM < 1.5  # the head itself is not quite symmetric
    assert paired.mean() > 0.5
    for name in ("mouthSmile", "browDown", "eyeSquint", "mouthFrown"):
        left = rig.basis[rig.index[f"{name}Left"], :SKIN]
        right = rig.basis[rig.index[f"{name}Right"], :SKIN]
        error = np.linalg.norm(left[np.asarray(twin)[paired]] * mirror - right[:SKIN][paired], axis=1)
        assert error.mean() < 0.12 * np.linalg.norm(right[paired], axis=1).max()


def test_shapes_do_what_their_names_say(rig: Rig) -> None:
    right, left = CURVES["upper_lip"][1], CURVES["upper_lip"][-2]

    def move(name: str, vertex: int) -> Floats:
        return rig.basis[rig.index[name], vertex] * MM

    assert move("mouthSmileLeft", left)[1] > 3
    assert abs(move("mouthSmileLeft", right)[1]) < 0.5
    assert move("mouthFrownRight", right)[1] < -2
    assert move("mouthPucker", left)[0] < -4
    assert move("mouthPucker", right)[0] > 4
    assert move("jawLeft", 3401)[0] > 2
    assert move("mouthUpperUpLeft", 1670)[1] > 2
    assert move("mouthLowerDownRight", 2907)[1] < -2
    assert move("noseSneerLeft", POINTS["left_ala"])[1] > 0.5


def test_motion_is_smooth_across_the_skin(rig: Rig) -> None:
    triangles = rig.mesh.triangles
    rest = rig.mesh.vertices[triangles]
    for name in ("jawOpen", "mouthSmileLeft", "browInnerUp", "mouthPucker", "cheekPuff"):
        posed = _posed(rig, **{name: 1})[triangles]
        normal_rest = np.cross(rest[:, 1] - rest[:, 0], rest[:, 2] - rest[:, 0])
        normal_posed = np.cross(posed[:, 1] - posed[:, 0], posed[:, 2] - posed[:, 0])
        area = np.linalg.norm(normal_rest, axis=1) * np.linalg.norm(normal_posed, axis=1)
        cosine = np.einsum("ti,ti->t", normal_rest, normal_posed) / area
        assert (cosine < 0).mean() < 0.01  # nothing folds over but a few slivers in the corners


def test_units_and_axes_of_the_mesh_do_not_matter(flame: Mesh, rig: Rig) -> None:
    matrix = (100 * np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])).astype(np.float32)  # z up, centimetres
    other = fit(flame.posed(flame.vertices @ matrix))
    for name in ("jawOpen", "mouthClose", "eyeBlinkLeft", "eyeLookInRight"):
        expected = rig.basis[rig.index[name]] @ matrix
        found = other.basis[other.index[name]]
        assert np.abs(found - expected).max() < 0.02 * np.abs(expected).max()


def test_landmarks_from_a_file(flame: Mesh, tmp_path: Path) -> None:
    path = tmp_path / "marks.json"
    curves = {name: list(chain) for name, chain in CURVES.items()}
    path.write_text(json.dumps({"points": POINTS, "curves": curves, "eyeballs": EYEBALLS}))
    marks = load_landmarks(path, flame)
    assert marks.points == flame_landmarks().points
    for name, chain in flame_landmarks().curves.items():
        np.testing.assert_array_equal(marks.curves[name], chain)
    for broken, reason in (
        ({"curves": {}}, "needs a curve upper_lip"),
        ({"points": {"nose_tip": 9999}, "curves": curves}, "names a vertex that the mesh does not have"),
        ({"curves": [1, 2]}, "not a landmark file"),
        ([], "not a landmark file"),
    ):
        path.write_text(json.dumps(broken))
        with pytest.raises(InputError, match=reason):
            load_landmarks(path, flame)
    with pytest.raises(InputError, match="cannot be read"):
        load_landmarks(tmp_path / "none.json", flame)


def test_what_is_no_face_is_refused(flame: Mesh) -> None:
    noise = np.random.default_rng(0).normal(size=flame.vertices.shape)
    with pytest.raises(InputError, match="do not form a face"):
        fit(flame.posed(noise.astype(np.float32)))
    with pytest.raises(InputError, match="on a line or in one point"):
        fit(flame.posed(flame.vertices * np.array([1, 0, 0], np.float32)))
    same = {name: np.array(CURVES["upper_lip"], np.int32) for name in ("upper_lip", "lower_lip")}
    with pytest.raises(InputError, match="are the same vertices"):
        fit(flame, Landmarks({}, same, {}))
