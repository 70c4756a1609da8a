"""Whatever a template is, one function makes a rig of it, or says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh

from core.errors import Cancelled, InputError
from core.fitting.stored import fit_file
from core.library import default_rig
from core.meshes.load import load_mesh
from core.meshes.obj_writer import write_obj
from core.rig_file import save_rig
from core.templates.load import load_template
from tests.core.gltf_files import morph_head


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITABLE_LIPSYNC_CACHE", str(tmp_path / "cache"))


def test_no_template_is_the_default_head() -> None:
    assert load_template(None) is default_rig()


def test_rig_file(tmp_path: Path) -> None:
    save_rig(default_rig(), tmp_path / "mine.npz")
    rig = load_template(tmp_path / "mine.npz")
    assert rig.mesh.content_hash == default_rig().mesh.content_hash
    np.testing.assert_array_equal(rig.basis, default_rig().basis)


def test_morph_targets_of_a_glb(shared_data: Path, tmp_path: Path) -> None:
    neutral = load_mesh(shared_data / "templates/ict/generic_neutral_mesh.obj")
    with np.load(shared_data / "templates/ict/expression_deltas.npz") as file:
        shapes = {f"Face.{name}": delta for name, delta in zip(file["names"], file["deltas"], strict=True)}
    path = morph_head(tmp_path / "face.glb", neutral.vertices, neutral.triangles, shapes)
    rig = load_template(path)
    assert rig.origin == "own shapes"
    np.testing.assert_array_equal(rig.mesh.vertices, neutral.vertices)
    np.testing.assert_array_equal(rig.basis[rig.index["jawOpen"]], shapes["Face.jawOpen"])
    expected = shapes["Face.cheekPuff_L"] + shapes["Face.cheekPuff_R"]
    np.testing.assert_array_equal(rig.basis[rig.index["cheekPuff"]], expected)
    assert rig.lips is not None
    assert rig.lips.gap(rig.mesh.vertices) < 0.1


def test_folder_is_taken_for_shapes(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no neutral mesh"):
        load_template(tmp_path)


def test_fit_is_stored_and_found_again_by_content(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "templates/flame/emotions/neutral.obj"
    first = load_template(source)
    assert first.origin == "FLAME table"
    assert first.lips is not None
    jaw, close = (first.basis[first.index[name]] for name in ("jawOpen", "mouthClose"))
    rest = first.lips.gap(first.mesh.vertices)
    assert first.lips.gap(first.mesh.vertices + jaw) > rest + 0.025
    assert abs(first.lips.gap(first.mesh.vertices + jaw + close) - rest) < 1e-5
    np.testing.assert_array_equal(first.mesh.vertices, load_mesh(source).vertices)
    write_obj(load_mesh(source), tmp_path / "same.obj")
    shares: list[float] = []
    again = load_template(tmp_path / "same.obj", shares.append)
    assert shares == []  # nothing was fitted
    assert again.mesh.name == "same"
    np.testing.assert_array_equal(again.basis, first.basis)

    fit_file(first.mesh).write_bytes(b"damaged")
    remade = load_template(source, shares.append)
    assert shares[-1] == 1.0
    np.testing.assert_array_equal(remade.basis, first.basis)


def test_cancelled_fit_leaves_nothing(shared_data: Path) -> None:
    def stop(share: float) -> None:
        raise Cancelled

    path = shared_data / "templates/flame/FLAME_sample.ply"
    with pytest.raises(Cancelled):
        load_template(path, stop)
    assert not fit_file(load_mesh(path)).exists()


def test_things_without_a_face_are_refused_by_name(tmp_path: Path) -> None:
    ball = tmp_path / "ball.stl"
    trimesh.creation.icosphere().export(ball)
    with pytest.raises(InputError, match=r"ball\.stl: no face found"):
        load_template(ball)
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
    smile = {"mouthSmileLeft": np.ones((3, 3), np.float32)}
    glb = morph_head(tmp_path / "mask.glb", vertices, np.array([[0, 1, 2]], np.int32), smile)
    with pytest.raises(InputError, match=r"mask\.glb: no face found"):
        load_template(glb)
    for name in ("none.obj", "none.npz", "none.glb"):
        with pytest.raises(InputError, match=r"none"):
            load_template(tmp_path / name)


def test_flame_count_without_its_topology_is_not_taken_for_it(shared_data: Path, tmp_path: Path) -> None:
    mesh = load_mesh(shared_data / "templates/flame/FLAME_sample.ply")
    shuffled = np.random.default_rng(0).permutation(mesh.vertices)
    order = np.random.default_rng(1).permutation(5023).astype(np.int32)
    write_obj(type(mesh)(shuffled, mesh.face_sizes, order[mesh.face_vertices]), tmp_path / "noise.obj")
    with pytest.raises(InputError, match="no face found"):
        load_template(tmp_path / "noise.obj")
