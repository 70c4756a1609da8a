"""PLY and STL files that other libraries wrote."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh
from plyfile import PlyData, PlyElement

from core.errors import InputError
from core.meshes.load import load_mesh
from core.meshes.obj import load_obj
from core.meshes.obj_writer import write_obj

SQUARE = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [2, 2, 2]], np.float32)


def _ply(path: Path, faces: list[list[int]], text: bool, name: str = "vertex_indices") -> Path:
    fields = [(axis, "f4") for axis in ("x", "y", "z", "s", "t")]
    rows = np.array([(*p, p[0] / 2, p[1] / 2) for p in SQUARE], dtype=fields)
    table = np.empty(len(faces), dtype=[(name, "O")])
    table[name] = (
        [np.array(face, np.int32) for face in faces] if len(faces) > 1 else [np.array(faces[0], np.int32)]
    )
    PlyData([PlyElement.describe(rows, "vertex"), PlyElement.describe(table, "face")], text=text).write(
        str(path)
    )
    return path


@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize("name", ["vertex_indices", "vertex_index"])
def test_ply_keeps_polygons_order_and_uvs(tmp_path: Path, text: bool, name: str) -> None:
    mesh = load_mesh(_ply(tmp_path / "square.ply", [[0, 1, 2, 3], [2, 3, 4]], text, name))
    assert np.array_equal(mesh.vertices, SQUARE)
    assert mesh.face_sizes.tolist() == [4, 3]
    assert mesh.face_vertices.tolist() == [0, 1, 2, 3, 2, 3, 4]
    assert mesh.uvs is not None
    np.testing.assert_array_equal(mesh.uvs, SQUARE[:, :2] / 2)
    assert mesh.face_uvs is not None
    assert mesh.face_uvs.tolist() == mesh.face_vertices.tolist()


def test_flame_sample_agrees_with_trimesh(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "templates/flame/FLAME_sample.ply"
    mesh = load_mesh(path)
    theirs = trimesh.load_mesh(path, process=False)
    assert mesh.vertices.shape == (5023, 3)
    np.testing.assert_array_equal(mesh.face_vertices.reshape(-1, 3), theirs.faces)
    np.testing.assert_array_equal(mesh.vertices, theirs.vertices.astype(np.float32))
    write_obj(mesh, tmp_path / "flame.obj")
    assert load_obj(tmp_path / "flame.obj").content_hash == mesh.content_hash


def test_truncated_and_broken_ply(tmp_path: Path) -> None:
    path = _ply(tmp_path / "square.ply", [[0, 1, 2, 3], [2, 3, 4]], text=False)
    whole = path.read_bytes()
    for kept in (len(whole) - 3, len(whole) - 60, 40, 5):
        path.write_bytes(whole[:kept])
        with pytest.raises(InputError, match=r"square\.ply"):
            load_mesh(path)
    path.write_text("solid text, not a PLY")
    with pytest.raises(InputError, match="not a PLY file"):
        load_mesh(path)
    with pytest.raises(InputError, match="face 1 names a vertex that does not exist"):
        load_mesh(_ply(path, [[0, 1, 9]], text=True))
    path.write_text("ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\n"
                    "property float z\nend_header\n0 0 0\n1 0 0\n0 1 0\n")  # fmt: skip
    with pytest.raises(InputError, match="no faces"):
        load_mesh(path)


@pytest.mark.parametrize("kind", ["stl", "stl_ascii"])
def test_stl_corners_are_welded_where_exactly_equal(tmp_path: Path, kind: str) -> None:
    box = trimesh.creation.icosphere(subdivisions=2)
    path = tmp_path / "ball.stl"
    path.write_bytes(box.export(file_type=kind) if kind == "stl" else box.export(file_type=kind).encode())
    mesh = load_mesh(path)
    assert len(mesh.vertices) == len(box.vertices)
    assert mesh.triangles.shape == box.faces.shape
    np.testing.assert_allclose(mesh.vertices[mesh.triangles], box.vertices[box.faces], atol=1e-6)
    _, first = np.unique(mesh.face_vertices, return_index=True)
    assert (np.diff(first) > 0).all()  # numbered as first met


@pytest.mark.parametrize("kind", ["stl", "stl_ascii"])
def test_truncated_stl(tmp_path: Path, kind: str) -> None:
    data = trimesh.creation.box().export(file_type=kind)
    whole = data if isinstance(data, bytes) else data.encode()
    path = tmp_path / "box.stl"
    for kept in (len(whole) - 30, len(whole) // 2, 60):
        path.write_bytes(whole[:kept])
        with pytest.raises(InputError, match=r"box\.stl"):
            load_mesh(path)
