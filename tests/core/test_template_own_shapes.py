"""A head with its own blendshapes: from a folder, whichever way up and however large; its lips and scale."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from core.channels import CHANNELS
from core.errors import InputError
from core.mesh import Floats, Mesh
from core.meshes.load import load_mesh
from core.meshes.obj_writer import write_obj
from core.rig import Rig
from core.templates.names import map_shapes
from core.templates.own_shapes import rig_from_folder, rig_from_shapes

TURNS = {
    "as it is": np.eye(3),
    "z up": np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]),
    "looks along -z": np.diag([-1, 1, -1]),
    "looks along x": np.array([[0, 0, 1], [0, 1, 0], [-1, 0, 0]]),
}


@cache
def _production_head(data: Path) -> tuple[Mesh, dict[str, Floats]]:
    mesh = load_mesh(data / "templates/ict/generic_neutral_mesh.obj")
    with np.load(data / "templates/ict/expression_deltas.npz") as file:
        return mesh, map_shapes(dict(zip(file["names"].tolist(), file["deltas"], strict=True)))


def _rig(data: Path, turn: str = "as it is", scale: float = 1.0) -> Rig:
    mesh, shapes = _production_head(data)
    matrix = (TURNS[turn].T * scale).astype(np.float32)
    return rig_from_shapes(
        mesh.posed(mesh.vertices @ matrix), {name: shape @ matrix for name, shape in shapes.items()}
    )


def test_shapes_are_the_basis_and_missing_channels_are_still(shared_data: Path) -> None:
    mesh, shapes = _production_head(shared_data)
    rig = _rig(shared_data)
    assert rig.channels[: len(CHANNELS)] == CHANNELS
    assert rig.channels[len(CHANNELS) :] == (
        "PupilDilate_L",
        "PupilDilate_R",
        "cheekRaiser_L",
        "cheekRaiser_R",
    )
    assert rig.origin == "own shapes"
    np.testing.assert_array_equal(rig.basis[rig.index["mouthSmileLeft"]], shapes["mouthSmileLeft"])
    assert not rig.basis[rig.index["tongueOut"]].any()
    np.testing.assert_array_equal(rig.mesh.vertices, mesh.vertices)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize(("scale", "millimetre"), [(1.0, 0.1), (0.01, 0.001), (10.0, 1.0)])
def test_lips_and_scale_are_found_whichever_way_up(
    shared_data: Path, turn: str, scale: float, millimetre: float
) -> None:
    rig, upright = _rig(shared_data, turn, scale), _rig(shared_data)
    assert rig.millimetre == millimetre
    assert rig.lips is not None
    assert upright.lips is not None
    np.testing.assert_array_equal(rig.lips.upper, upright.lips.upper)
    np.testing.assert_array_equal(rig.lips.lower, upright.lips.lower)


def test_scale_of_an_odd_size_is_measured(shared_data: Path) -> None:
    assert _rig(shared_data, scale=0.37).millimetre == pytest.approx(0.1 * 0.37, rel=0.1)


def test_lips_run_along_the_inner_rim_from_right_to_left(shared_data: Path) -> None:
    rig = _rig(shared_data)
    assert rig.lips is not None
    rest, open_ = rig.mesh.vertices, rig.mesh.vertices + rig.basis[rig.index["jawOpen"]]
    upper, lower = rest[rig.lips.upper], rest[rig.lips.lower]
    assert len(upper) >= 20
    assert (np.diff(upper[:, 0]) > -1e-6).all()
    assert abs(upper[0, 0] + upper[-1, 0]) < 0.1  # in centimetres: both corners, as far from the middle
    assert np.ptp(upper[:, 0]) > 3.5
    assert np.abs(upper[rig.lips.midline]).argmin() == 0
    assert np.linalg.norm(upper - lower, axis=1).max() < 0.15
    assert rig.lips.gap(rest) < 0.1
    assert rig.lips.gap(open_) > 3.5
    # On the skin (the first 14,062 vertices), not on teeth, gums or tongue; and none of the bag behind.
    assert max(rig.lips.upper.max(), rig.lips.lower.max()) < 14062
    assert upper[:, 2].min() > 10.0


def test_head_that_cannot_part_its_lips_has_none() -> None:
    side = np.linspace(-80, 80, 20)
    grid = np.stack([*np.meshgrid(side, side), np.zeros((20, 20))], axis=-1).reshape(-1, 3)
    quads = np.arange(400).reshape(20, 20)
    quads = np.stack([quads[:-1, :-1], quads[1:, :-1], quads[1:, 1:], quads[:-1, 1:]], -1).reshape(-1, 4)
    mesh = Mesh(grid.astype(np.float32), np.full(len(quads), 4, np.int32), quads.ravel().astype(np.int32))
    jaw = np.where(grid[:, 1:2] < 0, [[0, -30, -10]], 0).astype(np.float32)
    jaw *= np.clip(-grid[:, 1:2] / 80, 0, 1).astype(np.float32)  # stretches; nothing parts
    assert rig_from_shapes(mesh, {"jawOpen": jaw}).lips is None


def test_folder_of_meshes(shared_data: Path) -> None:
    folder = shared_data / "templates/ict"  # the neutral here, ten shapes in a sub-folder
    rig = rig_from_folder(folder)
    _, shapes = _production_head(shared_data)
    moving = {name for name in rig.channels if rig.basis[rig.index[name]].any()}
    assert {"jawOpen", "mouthClose", "mouthSmileLeft", "browInnerUp"} < moving
    np.testing.assert_allclose(rig.basis[rig.index["browInnerUp"]], shapes["browInnerUp"], atol=2e-4)
    assert rig.lips is not None


def _square(path: Path, lift: float = 0.0, corners: int = 4) -> None:
    vertices = np.array([[0, lift, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], np.float32)[:corners]
    write_obj(Mesh(vertices, np.array([corners], np.int32), np.arange(corners, dtype=np.int32)), path)


def test_folders_at_fault_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no neutral mesh"):
        rig_from_folder(tmp_path)
    _square(tmp_path / "head_neutral.obj")
    _square(tmp_path / "smile.obj", 0.5)
    with pytest.raises(InputError, match=r"opens the jaw \(jawOpen\); shapes found: smile"):
        rig_from_folder(tmp_path)
    _square(tmp_path / "jawOpen.obj", corners=3)
    with pytest.raises(InputError, match=r"jawOpen\.obj: has 3 vertices, but its neutral mesh has 4"):
        rig_from_folder(tmp_path)
    _square(tmp_path / "neutral_old.obj")
    with pytest.raises(InputError, match="more than one neutral"):
        rig_from_folder(tmp_path)


def test_lips_are_found_where_every_face_has_its_own_vertices(shared_data: Path) -> None:
    mesh, shapes = _production_head(shared_data)
    corners = mesh.face_vertices
    soup = Mesh(mesh.vertices[corners], mesh.face_sizes, np.arange(len(corners), dtype=np.int32))
    split = {name: shapes[name][corners] for name in ("jawOpen", "eyeBlinkLeft", "eyeBlinkRight")}
    found, expected = rig_from_shapes(soup, split).lips, _rig(shared_data).lips
    assert found is not None
    assert expected is not None
    np.testing.assert_array_equal(corners[found.upper], expected.upper)
    np.testing.assert_array_equal(corners[found.lower], expected.lower)
