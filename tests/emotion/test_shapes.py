"""The classic residual: exactly the sculpted face minus the neutral one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh

from core.errors import InputError
from core.mesh import Mesh
from core.meshes.load import load_mesh
from core.meshes.obj_writer import write_obj
from emotion.shapes import load_shapes

REST = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0.3, 0.1, 7]], np.float32)
TEMPLATE = Mesh(REST + 10, np.array([3, 3], np.int32), np.array([0, 1, 2, 1, 2, 3], np.int32))


def test_residuals_of_a_real_folder_are_exact(shared_data: Path) -> None:
    folder = shared_data / "templates/flame/emotions"
    template = load_mesh(shared_data / "templates/flame/FLAME_sample.ply")
    shapes = load_shapes(folder, template)
    assert list(shapes) == ["angry", "happy", "sad"]
    theirs = {
        name: trimesh.load_mesh(folder / f"{name}.obj", process=False, maintain_order=True).vertices
        for name in ("neutral", "happy")
    }
    expected = theirs["happy"].astype(np.float32) - theirs["neutral"].astype(np.float32)
    np.testing.assert_array_equal(shapes["happy"], expected)
    assert shapes["happy"].dtype == np.float32


def test_neutral_and_emotions_may_be_ply(tmp_path: Path) -> None:
    write_obj(TEMPLATE.posed(REST), tmp_path / "Neutral.obj")
    faces = TEMPLATE.face_vertices.reshape(-1, 3)
    trimesh.Trimesh(REST * 2, faces, process=False).export(tmp_path / "awe.ply")
    (tmp_path / "notes.txt").write_text("not a shape")
    shapes = load_shapes(tmp_path, TEMPLATE)
    assert list(shapes) == ["awe"]
    np.testing.assert_array_equal(shapes["awe"], REST)


def test_folders_at_fault_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        load_shapes(tmp_path / "none", TEMPLATE)
    write_obj(TEMPLATE, tmp_path / "happy.obj")
    with pytest.raises(InputError, match=r"holds no neutral\.obj"):
        load_shapes(tmp_path, TEMPLATE)
    with pytest.raises(InputError, match="not a folder"):
        load_shapes(tmp_path / "happy.obj", TEMPLATE)
    write_obj(TEMPLATE, tmp_path / "neutral.obj")
    (tmp_path / "sad.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    with pytest.raises(InputError, match=r"sad\.obj: has 3 vertices, but the template has 4"):
        load_shapes(tmp_path, TEMPLATE)
    (tmp_path / "sad.obj").write_text("v 0 0 nan\nv 1 0 0\nv 0 1 0\nv 0 1 0\nf 1 2 3\n")
    with pytest.raises(InputError, match=r"sad\.obj: vertex 1 is not a number"):
        load_shapes(tmp_path, TEMPLATE)
    for name in ("sad", "happy"):
        (tmp_path / f"{name}.obj").unlink()
    with pytest.raises(InputError, match="holds no emotion"):
        load_shapes(tmp_path, TEMPLATE)
