"""``main.py fit``: a mesh becomes a rig file, which is a template."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.fitting.flame import CURVES, EYEBALLS, POINTS
from core.mesh import Mesh
from core.meshes.obj_writer import write_obj
from core.templates.load import load_template
from main import main


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITABLE_LIPSYNC_CACHE", str(tmp_path / "cache"))


def test_fit_writes_a_rig_that_is_a_template(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flame = shared_data / "templates/flame/FLAME_sample.ply"
    marks = tmp_path / "marks.json"
    curves = {name: list(chain) for name, chain in CURVES.items()}
    marks.write_text(json.dumps({"points": POINTS, "curves": curves, "eyeballs": EYEBALLS}))
    assert main(["fit", str(flame), "-o", str(tmp_path / "a.npz"), "--landmarks", str(marks)]) == 0
    printed = capsys.readouterr().out
    assert "on 5023 vertices (default head, by landmarks)" in printed
    rig, fitted = load_template(tmp_path / "a.npz"), load_template(flame)
    np.testing.assert_array_equal(rig.mesh.vertices, fitted.mesh.vertices)
    jaw = rig.index["jawOpen"]
    np.testing.assert_allclose(rig.basis[jaw], fitted.basis[jaw], atol=1e-5)
    assert rig.lips is not None
    assert rig.lips.upper[rig.lips.midline] == 3531


def test_mistakes_are_one_line_and_leave_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    triangle = Mesh(np.eye(3, dtype=np.float32), np.array([3], np.int32), np.arange(3, dtype=np.int32))
    mesh, out = tmp_path / "triangle.obj", tmp_path / "rig.npz"
    write_obj(triangle, mesh)
    (tmp_path / "marks.json").write_text("{}")
    for words, named in (
        ([str(mesh), "-o", str(out)], "triangle.obj"),
        ([str(mesh), "-o", str(tmp_path / "rig.abc")], "rig.abc"),
        ([str(mesh), "-o", str(out), "--landmarks", str(tmp_path / "marks.json")], "marks.json"),
        ([str(tmp_path / "none.obj"), "-o", str(out)], "none.obj"),
    ):
        assert main(["fit", *words]) == 2
        said = capsys.readouterr().err.strip().splitlines()
        assert len(said) == 1
        assert named in said[0]
    assert not out.exists()
