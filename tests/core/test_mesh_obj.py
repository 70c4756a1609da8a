"""OBJ: what is written is read back to the bit; other programs agree; broken files are named."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.errors import InputError
from core.mesh import FaceGroup, Floats, Mesh
from core.meshes.load import load_mesh
from core.meshes.obj import load_obj
from core.meshes.obj_writer import write_obj

CUBE = """# a comment
mtllib cube.mtl
o cube
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
v 0 0 1 # behind
v 1 0 1
vt 0 0
vt 1 0
vt 1 1
vn 0 0 1
s 1
usemtl skin
f 1/1/1 2/2/1 3/3/1 4/1/1
g nose
f 1//1 2//1 6//1 5//1
f 1 2 3
"""


@st.composite
def meshes(draw: st.DrawFn) -> Mesh:
    finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
    vertices = draw(hnp.arrays(np.float32, st.tuples(st.integers(3, 12), st.just(3)), elements=finite))
    sizes = draw(hnp.arrays(np.int32, st.integers(1, 8), elements=st.integers(3, 6)))
    total, count = int(sizes.sum()), len(vertices)
    corners = draw(hnp.arrays(np.int32, total, elements=st.integers(0, count - 1)))
    groups: list[FaceGroup] = []
    names = st.sampled_from(["", "lip", "inner mouth", "größe", "a#1"])
    owner = draw(hnp.arrays(np.int32, len(sizes), elements=st.integers(-1, 2)))
    for number in range(3):
        faces = np.flatnonzero(owner == number).astype(np.int32)
        name, material = draw(names), draw(names)
        if (
            len(faces)
            and (name or material)
            and (name, material) not in [(g.name, g.material) for g in groups]
        ):
            groups.append(FaceGroup(name, faces, material))
    groups.sort(key=lambda group: int(group.faces[0]))
    uvs = face_uvs = None
    if draw(st.booleans()):
        uvs = draw(hnp.arrays(np.float32, st.tuples(st.integers(1, 9), st.just(2)), elements=finite))
        face_uvs = draw(hnp.arrays(np.int32, total, elements=st.integers(0, len(uvs) - 1)))
    return Mesh(vertices, sizes, corners, uvs, face_uvs, tuple(groups))


@given(meshes())
def test_written_mesh_is_read_back_to_the_bit(mesh: Mesh) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mesh.obj"
        write_obj(mesh, path)
        back = load_obj(path)
    assert back.vertices.dtype == np.float32
    assert np.array_equal(back.vertices, mesh.vertices)
    assert np.array_equal(back.face_sizes, mesh.face_sizes)
    assert np.array_equal(back.face_vertices, mesh.face_vertices)
    if mesh.uvs is None or mesh.face_uvs is None:
        assert back.uvs is None
        assert back.face_uvs is None
    else:
        assert back.uvs is not None
        assert back.face_uvs is not None
        assert np.array_equal(back.uvs, mesh.uvs)
        assert np.array_equal(back.face_uvs, mesh.face_uvs)
    assert [(g.name, g.material, g.faces.tolist()) for g in back.groups] == [
        (g.name, g.material, g.faces.tolist()) for g in mesh.groups
    ]


def test_every_index_form_group_and_comment(tmp_path: Path) -> None:
    path = tmp_path / "cube.obj"
    path.write_text(CUBE)
    mesh = load_mesh(path)
    assert mesh.name == "cube"
    assert mesh.face_sizes.tolist() == [4, 4, 3]
    assert mesh.face_vertices.tolist() == [0, 1, 2, 3, 0, 1, 5, 4, 0, 1, 2]
    assert mesh.uvs is not None
    assert mesh.face_uvs is not None
    assert mesh.face_uvs.tolist() == [0, 1, 2, 0] + [3] * 7  # corners without one share a UV at the origin
    assert mesh.uvs[3].tolist() == [0, 0]
    assert [(g.name, g.material, g.faces.tolist()) for g in mesh.groups] == [
        ("cube", "skin", [0]),
        ("nose", "skin", [1, 2]),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_negative_numbers_count_back_from_their_line(tmp_path: Path, newline: str) -> None:
    path = tmp_path / "negative.obj"
    lines = ["v 0 0 0", "v 1 0 0", "v 0 1 0", "f -3 -2 -1", "v 0 0 1", "f -1 \\", " -2 -3", "f 1 2 3"]
    path.write_bytes(newline.join(lines).encode())
    assert load_obj(path).face_vertices.reshape(-1, 3).tolist() == [[0, 1, 2], [3, 2, 1], [0, 1, 2]]


def test_trimesh_reads_what_is_written_and_agrees(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "templates/flame/texture_mesh.obj"
    mesh = load_mesh(source)
    assert (len(mesh.vertices), len(mesh.face_sizes)) == (5023, 9976)
    write_obj(mesh, tmp_path / "copy.obj")
    for path in (source, tmp_path / "copy.obj"):
        theirs = trimesh.load_mesh(path, process=False, maintain_order=True)
        corners = theirs.vertices[theirs.faces]
        ours = mesh.vertices[mesh.face_vertices.reshape(-1, 3)]
        np.testing.assert_allclose(corners, ours, atol=1e-7)


def test_polygons_and_materials_of_a_production_head_survive(shared_data: Path, tmp_path: Path) -> None:
    mesh = load_mesh(shared_data / "templates/ict/generic_neutral_mesh.obj")
    assert len(mesh.vertices) == 26719
    assert sorted(set(mesh.face_sizes.tolist())) == [3, 4]
    assert [group.material for group in mesh.groups][:2] == ["M_Face", "M_BackHead"]
    write_obj(mesh, tmp_path / "copy.obj")
    lines = [line for line in (tmp_path / "copy.obj").read_text().splitlines() if line[:2] == "f "]
    source = (shared_data / "templates/ict/generic_neutral_mesh.obj").read_text().splitlines()
    assert lines == [line.strip() for line in source if line[:2] == "f "]


def big_obj(folder: Path) -> tuple[Path, Floats]:
    """Write a sheet of a hundred thousand vertices; return the file and its vertices."""
    grid = np.arange(100_000, dtype=np.int32).reshape(250, 400)
    quads = np.stack([grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:]], axis=-1).reshape(-1, 4)
    vertices = np.random.default_rng(0).normal(size=(100_000, 3)).astype(np.float32)
    write_obj(Mesh(vertices, np.full(len(quads), 4, np.int32), quads.ravel()), folder / "big.obj")
    return folder / "big.obj", vertices


def test_a_hundred_thousand_vertices_load_exactly(tmp_path: Path) -> None:
    path, vertices = big_obj(tmp_path)
    assert np.array_equal(load_obj(path).vertices, vertices)


@pytest.mark.bench
def test_a_hundred_thousand_vertices_load_quickly(tmp_path: Path) -> None:
    path, _ = big_obj(tmp_path)
    start = time.process_time()
    load_obj(path)
    assert time.process_time() - start < 2.0


TRIANGLE = "v 0 0 0\nv 1 0 0\nv 0 1 0\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("  \n\n", "empty"),
        ("this is a shopping list", "no vertex lines"),
        (TRIANGLE, "no faces"),
        (TRIANGLE + "f 1 2 4\n", r"face 1 names a vertex that does not exist \(there are 3\)"),
        (TRIANGLE + "f 1 2 3\nf -1 -2 -9\n", "face 2 names a vertex"),
        (TRIANGLE + "f 0 1 2\n", "numbered from 1"),
        (TRIANGLE + "vt 0 0\nf 1/1 2/2 3/1\n", "face 1 names a texture coordinate"),
        (TRIANGLE + "f 1 2\n", "face 1 has fewer than three corners"),
        (TRIANGLE + "f a b c\n", "well-formed"),
        (TRIANGLE + "f 1/1/1/1 2 3\n", "well-formed"),
        (TRIANGLE + "f 99999999999999999999 1 2\n", "well-formed"),
        (TRIANGLE.replace("1 0 0", "nan 0 0") + "f 1 2 3\n", "vertex 2 is not a number"),
        (TRIANGLE.replace("1 0 0", "0 1e99 0") + "f 1 2 3\n", "vertex 2 is not a number"),
        (TRIANGLE.replace("1 0 0", "1 zero 0") + "f 1 2 3\n", "well-formed.*zero"),
        (TRIANGLE.replace("1 0 0", "1 0") + "f 1 2 3\n", "fewer than three coordinates"),
        ("v 0 0 0\nv 1 0 0\nf 1 2 1\n", "2 vertices"),
    ],
)
def test_garbage_is_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "bad.obj"
    path.write_text(text)
    with pytest.raises(InputError, match=reason) as caught:
        load_mesh(path)
    assert caught.value.source == str(path)
    assert "\n" not in str(caught.value)


def test_missing_file_folder_and_unknown_suffix(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load_mesh(tmp_path / "none.obj")
    (tmp_path / "folder.obj").mkdir()
    with pytest.raises(InputError, match="a folder"):
        load_mesh(tmp_path / "folder.obj")
    (tmp_path / "head.fbx").write_bytes(b"Kaydara")
    with pytest.raises(InputError, match="not a mesh file of a kind"):
        load_mesh(tmp_path / "head.fbx")


@given(st.binary(max_size=300))
def test_random_bytes_never_end_in_a_traceback(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noise.obj"
        path.write_bytes(b"v 1 2 3\nf " + data)
        with pytest.raises(InputError):
            load_mesh(path)
