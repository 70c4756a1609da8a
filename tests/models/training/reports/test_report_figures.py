"""Figures of a report: known displacements give known numbers, in any unit, over what was measured."""

from dataclasses import replace

import numpy as np
import pytest

from core.library import default_rig
from core.mesh import Mesh
from core.templates.topology import default_face
from models.training.datasets.arkit import CHANNELS
from models.training.datasets.line import DatasetError
from models.training.datasets.mediapipe import SPACE as LANDMARKS
from models.training.metrics.masks import Mask
from models.training.reports.figures import (
    FDD,
    FDD_SIZE,
    Sounding,
    closed_below,
    figures,
    longest_run,
    pooled_figures,
)
from models.training.reports.finding_parts import millimetres_of, parting_vertices
from models.training.reports.judged_head import default_head, head_of
from models.training.reports.positions import check_comparable, spoken_positions, true_positions
from models.training.reports.whole_head import around
from models.training.synthetic.faces import with_faces
from tests.models.training.reports.spoken_lines import line, model

HEAD = default_head()


def heard(frames: int, valid: np.ndarray | None = None, beats: tuple[float, ...] = ()) -> Sounding:
    return Sounding(60, np.ones(frames, bool) if valid is None else valid, np.array(beats), 1.0)


def positions(seed: int = 0) -> np.ndarray:
    return true_positions(line("mary/1", seed=seed), HEAD)


def test_the_truth_is_without_fault_beside_itself() -> None:
    truth = positions()
    found = figures(HEAD, truth, truth, HEAD.mesh.vertices, heard(len(truth), beats=(0.2,)))
    for key in found:
        if "error" in key or "LVE" in key or key in (FDD, FDD_SIZE, "lip DTW, mm", "MOD, mm", "MTM, ms"):
            assert found[key] == pytest.approx(0, abs=1e-6), key
    assert found["closure recall"] == 1
    assert found["false closures"] == 0
    assert found["movement kept"] == 1
    assert found["jitter of the lips / true"] == pytest.approx(1)


def test_one_lip_vertex_two_millimetres_off_is_four_tenths_of_the_published_unit() -> None:
    truth = positions()
    answer = truth.copy()
    answer[:, HEAD.lips.vertices[0], 1] += 2.0
    found = figures(HEAD, truth, answer, HEAD.mesh.vertices, heard(len(truth)))
    assert found["LVE, squared maximum, 1e-5 m²"] == pytest.approx(0.4, rel=1e-4)
    assert found["LVE, maximum, mm"] == pytest.approx(2, rel=1e-4)
    assert found["mean lip error, mm"] == pytest.approx(2 / len(HEAD.lips.vertices), rel=1e-4)
    assert found["FVE, mm"] == pytest.approx(2 / truth.shape[1], rel=1e-4)
    assert found["velocity error, mm/s"] == pytest.approx(0, abs=1e-3)


def test_frames_that_were_not_measured_count_nowhere() -> None:
    truth, answer = positions(), positions(seed=3)
    valid = np.ones(len(truth), bool)
    valid[:8] = False
    wrong = truth.copy()
    wrong[:8] += 50
    told = heard(len(truth), valid, beats=(0.2, 0.4))
    one, other = (figures(HEAD, each, answer, HEAD.mesh.vertices, told) for each in (truth, wrong))
    assert one == other
    # And beats keep their time: the same as if the line began where measuring did.
    later = figures(
        HEAD,
        truth[8:],
        answer[8:],
        HEAD.mesh.vertices,
        heard(len(truth) - 8, beats=(0.2 - 8 / 60, 0.4 - 8 / 60)),
    )
    assert one == pytest.approx(later, nan_ok=True)


def test_a_mouth_that_freezes_has_positive_fdd_and_closes_nowhere() -> None:
    truth = positions()
    lively = truth.copy()
    assert HEAD.upper is not None
    lively[:, HEAD.upper.vertices, 1] += 2 * np.sin(np.arange(len(truth)))[:, None]
    frozen = np.repeat(truth[6:7], len(truth), axis=0)
    found = figures(HEAD, lively, frozen, HEAD.mesh.vertices, heard(len(truth)))
    assert found[FDD] > 0
    assert found[FDD] == found[FDD_SIZE]
    assert found["jitter of the lips / true"] == pytest.approx(0)
    assert found["closure recall"] == 0
    assert found["movement kept"] == pytest.approx(0, abs=1e-6)


def test_frames_or_lines_are_counted_as_publications_do() -> None:
    rows = [{"FVE, mm": 1.0, "MTM, ms": 10.0}, {"FVE, mm": 4.0, "MTM, ms": float("nan")}]
    found = pooled_figures(rows, [30, 60])
    assert found == {"FVE, mm": pytest.approx(3.0), "MTM, ms": 10.0}


def test_the_longest_run_of_measured_frames() -> None:
    valid = np.array([0, 1, 1, 0, 1, 1, 1, 0, 1], bool)
    assert longest_run(valid) == slice(4, 7)
    assert longest_run(np.zeros(4, bool)) == slice(0, 0)


def test_closed_is_a_tenth_of_the_way_from_shut_to_wide() -> None:
    assert closed_below([np.linspace(0, 5, 50), np.linspace(5, 10, 51)[1:]]) == pytest.approx(1.13, abs=0.05)


@pytest.mark.parametrize("unit", [1e-3, 0.1, 1.0])
def test_figures_are_the_same_in_any_unit_and_by_weights_or_vertices(unit: float) -> None:
    spoken = line("m3/1")
    (faces,) = with_faces([spoken], unit)
    assert faces.template is not None
    motion = (faces.motion.reshape(len(faces.motion), -1, 3) - faces.template).astype(np.float32)
    head = head_of(faces.space, Mesh(faces.template, *NO_POLYGONS), motion)
    assert head.millimetres == pytest.approx(1 / unit)
    assert len(head.lips.vertices) == len(HEAD.lips.vertices)
    truth = true_positions(faces, head)
    answer = spoken_positions(model(), faces, head, 0.5 * spoken.motion)
    found = figures(head, truth, answer, faces.template * head.millimetres, heard(len(truth)))
    # The speaker's figure is another than that of the rig which weights pose; jaws differ by tenths of a mm.
    true_weights, half = (true_positions(replace(spoken, motion=w * spoken.motion), HEAD) for w in (1.0, 0.5))
    due = figures(HEAD, true_weights, half, HEAD.mesh.vertices, heard(len(truth)))
    assert found["LVE, maximum, mm"] == pytest.approx(due["LVE, maximum, mm"], rel=0.1)
    assert found["FVE, mm"] == pytest.approx(due["FVE, mm"], rel=0.1)


NO_POLYGONS = (np.empty(0, np.int32), np.empty(0, np.int32))


def test_a_head_of_unknown_topology_shows_where_its_lips_are() -> None:
    rig = default_rig()
    whole = np.arange(len(rig.mesh.vertices))
    kept = whole[:-1]  # one vertex fewer: nobody knows this head
    faces = np.split(rig.mesh.face_vertices, np.cumsum(rig.mesh.face_sizes)[:-1])
    faces = [face for face in faces if face.max() < len(kept)]
    sizes, corners = np.array([len(face) for face in faces], np.int32), np.concatenate(faces)
    mesh = Mesh(rig.mesh.vertices[kept] / np.float32(1000), sizes, corners)
    opened = rig.basis[rig.index["jawOpen"], kept][None] / 1000
    head = head_of("vertices:own", mesh, opened)
    assert head.millimetres == 1000
    assert head.inner is not None
    assert rig.lips is not None
    middle = rig.mesh.vertices[rig.lips.upper[rig.lips.midline]]
    assert np.linalg.norm(head.mesh.vertices[head.inner.upper] - middle) < 3
    skin = rig.mesh.face_vertices[np.repeat(np.arange(len(rig.mesh.face_sizes)), rig.mesh.face_sizes) < 7968]
    red = set(head.lips.vertices) & set(skin)
    assert "inner lips" in head.lips.name
    assert len(red & set(default_head(whole=True).lips.vertices)) > 200
    own = head_of("vertices:own", mesh, opened, Mask("mine", np.array([4, 7])), 500.0)
    assert (own.lips.name, own.millimetres) == ("mine", 500.0)
    with pytest.raises(DatasetError, match=f"asks for vertex {len(whole)}"):
        head_of("vertices:own", mesh, opened, Mask("mine", np.array([len(whole)])))


def test_landmarks_have_lips_by_their_numbers() -> None:
    points = np.random.default_rng(0).normal(size=(468, 3)).astype(np.float32)
    head = head_of(LANDMARKS, Mesh(points, *NO_POLYGONS), points[None])
    assert head.millimetres == 10
    assert {13, 14, 0, 17, 61, 291} <= set(head.lips.vertices)
    assert len(head.lips.vertices) == 40


@pytest.mark.parametrize("unit", [1e-3, 0.1, 1.0, 1000.0])
def test_units_of_a_whole_head(unit: float) -> None:
    rig = default_rig()
    none = np.empty(0, np.int64)
    mesh = rig.mesh.posed(rig.mesh.vertices * np.float32(unit))
    assert millimetres_of(mesh, none) == pytest.approx(1 / unit)
    opened = rig.basis[rig.index["jawOpen"]][None] * np.float32(0.3 * unit)
    assert millimetres_of(mesh, parting_vertices(mesh, opened)) == pytest.approx(1 / unit)


def test_a_mouth_that_was_cut_out_without_polygons_has_lips_and_a_unit() -> None:
    rig = default_face()[1]
    lips = default_head().lips.vertices
    middle = rig.mesh.vertices[lips].mean(axis=0)
    kept = np.flatnonzero(np.linalg.norm(rig.mesh.vertices - middle, axis=1) < 40)
    mesh = Mesh(rig.mesh.vertices[kept] / np.float32(1000), *NO_POLYGONS)
    opened = 0.3 * rig.basis[rig.index["jawOpen"], kept][None] / np.float32(1000)
    head = head_of("vertices:own.mouth", mesh, opened)
    assert head.millimetres == 1000
    assert "inner lips" in head.lips.name
    found = set(kept[head.lips.vertices])
    assert len(found & set(lips)) > 0.7 * len(lips)
    assert len(found) < 2.5 * len(lips)
    assert head.upper is None
    still = np.repeat(head.mesh.vertices[None], 9, axis=0)
    assert FDD not in figures(head, still, still, head.mesh.vertices, heard(9))


def test_what_cannot_be_compared_is_refused() -> None:
    spoken = line("m3/1")
    check_comparable(model(), spoken, HEAD)
    with pytest.raises(DatasetError, match=r"moves arkit, small moves vertices:flame"):
        check_comparable(model("vertices:flame", 15069), spoken, HEAD)
    (faces,) = with_faces([spoken], 1.0)
    check_comparable(model(), faces, HEAD)  # weights pose the same vertices
    with pytest.raises(DatasetError, match=r"moves vertices:own, small moves vertices:flame"):
        check_comparable(model("vertices:flame", 15069), faces, HEAD)


def test_eyes_and_teeth_follow_a_face_that_was_cut_out() -> None:
    spoken = line("m1/1")
    spoken.motion[:, CHANNELS.index("eyeBlinkLeft")] = 0.5
    (faces,) = with_faces([spoken], 1.0)
    assert faces.template is not None
    whole = around(faces.motion.reshape(len(faces.motion), -1, 3), faces.template)
    numbers, _ = default_face()
    np.testing.assert_allclose(whole[:, numbers].reshape(len(whole), -1), faces.motion, atol=1e-3)
    head = default_head(whole=True)
    due = true_positions(spoken, head)  # m1 has the figure of the default head itself
    moved = np.linalg.norm(whole - head.mesh.vertices, axis=2)
    off = np.linalg.norm(whole - due, axis=2)
    hidden = np.setdiff1d(np.flatnonzero(moved.max(axis=0) > 5), numbers)
    assert len(hidden) > 300  # lower teeth, gums, tongue
    assert off[:, hidden].max() < 3.5
    assert off.mean() < 0.5
