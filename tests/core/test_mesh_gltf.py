"""glTF: nodes, primitives, UVs and morph targets become one mesh; compressed and broken files are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygltflib as pg
import pytest
import trimesh

from core.errors import InputError
from core.meshes.gltf import load_gltf_shapes
from core.meshes.load import load_mesh
from tests.core.gltf_files import GltfBuilder, morph_head

CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
TRIANGLES = np.array([[0, 1, 2], [0, 2, 3]], np.uint32)
LIFT = np.array([[0, 0, 0], [0, 2, 0], [0, 0, 0], [0, 0, 3]], np.float32)


def _primitive(builder: GltfBuilder, **options: object) -> pg.Primitive:
    attributes = pg.Attributes(POSITION=builder.accessor(CORNERS))
    return pg.Primitive(attributes=attributes, indices=builder.accessor(TRIANGLES.ravel()), **options)


@pytest.mark.parametrize("suffix", [".glb", ".gltf"])
def test_morph_targets_are_read_by_name(tmp_path: Path, suffix: str) -> None:
    shapes = {"jawOpen": LIFT, "smile": -LIFT}
    path = morph_head(tmp_path / f"head{suffix}", CORNERS, TRIANGLES.astype(np.int32), shapes)
    mesh, found = load_gltf_shapes(path)
    assert np.array_equal(mesh.vertices, CORNERS)
    assert np.array_equal(mesh.face_vertices.reshape(-1, 3), TRIANGLES)
    assert list(found) == ["jawOpen", "smile"]
    assert np.array_equal(found["jawOpen"], LIFT)
    assert np.array_equal(found["smile"], -LIFT)


def test_nodes_place_meshes_and_turn_their_shapes(tmp_path: Path) -> None:
    builder = GltfBuilder()
    quarter = [0.0, 0.0, np.sqrt(0.5), np.sqrt(0.5)]  # a quarter turn about z
    for number, place in enumerate(
        ({}, {"rotation": quarter, "translation": [10, 0, 0], "scale": [2, 2, 2]})
    ):
        targets = [{"POSITION": builder.accessor(LIFT)}]
        builder.mesh([_primitive(builder, targets=targets)], ["jawOpen"], name=f"n{number}", **place)
    mesh, shapes = load_gltf_shapes(builder.save(tmp_path / "two.glb"))
    assert mesh.vertices.shape == (8, 3)
    np.testing.assert_allclose(mesh.vertices[5], [10, 2, 0], atol=1e-6)
    assert mesh.face_vertices.tolist() == [0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7]
    assert list(shapes) == ["jawOpen"]
    np.testing.assert_allclose(shapes["jawOpen"][1], [0, 2, 0], atol=1e-6)
    np.testing.assert_allclose(shapes["jawOpen"][5], [-4, 0, 0], atol=1e-6)


def test_trimesh_places_the_same_vertices(tmp_path: Path) -> None:
    builder = GltfBuilder()
    builder.mesh([_primitive(builder)], [], translation=[1, 2, 3], rotation=[0.5, 0.5, 0.5, 0.5])
    path = builder.save(tmp_path / "placed.glb")
    theirs = trimesh.load_scene(path, process=False).to_mesh()
    np.testing.assert_allclose(load_mesh(path).vertices, theirs.vertices, atol=1e-6)


def test_primitives_that_share_positions_share_vertices_and_keep_their_materials(tmp_path: Path) -> None:
    builder = GltfBuilder()
    builder.gltf.materials = [pg.Material(name="skin"), pg.Material(name="lips")]
    positions, uv = builder.accessor(CORNERS), builder.accessor(CORNERS[:, :2].copy())
    primitives = [
        pg.Primitive(
            attributes=pg.Attributes(POSITION=positions, TEXCOORD_0=uv),
            indices=builder.accessor(TRIANGLES[number]),
            material=number,
        )
        for number in range(2)
    ]
    builder.mesh(primitives, [])
    mesh = load_mesh(builder.save(tmp_path / "shared.glb"))
    assert len(mesh.vertices) == 4
    assert [(g.name, g.material, g.faces.tolist()) for g in mesh.groups] == [
        ("part", "skin", [0]),
        ("part", "lips", [1]),
    ]
    assert mesh.uvs is not None
    np.testing.assert_allclose(mesh.uvs[:, 1], 1 - CORNERS[:, 1])  # glTF counts v from the top


def test_quantised_positions_strips_and_names_that_are_missing(tmp_path: Path) -> None:
    builder = GltfBuilder()
    quantised = (CORNERS * 32767).astype(np.int16)
    padded = np.pad(quantised, ((0, 0), (0, 1)))[:, :3]
    primitive = pg.Primitive(
        attributes=pg.Attributes(POSITION=builder.accessor(padded, normalized=True)),
        indices=builder.accessor(np.array([0, 1, 2, 3], np.uint8)),
        targets=[{"POSITION": builder.accessor(LIFT)}],
        mode=5,
    )
    builder.mesh([primitive], [])
    mesh, shapes = load_gltf_shapes(builder.save(tmp_path / "strip.glb"))
    np.testing.assert_allclose(mesh.vertices, CORNERS, atol=1e-6)
    assert mesh.face_vertices.reshape(-1, 3).tolist() == [[0, 1, 2], [2, 1, 3]]
    assert list(shapes) == ["target_0"]


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_truncated_file_is_refused(tmp_path: Path, kept: float) -> None:
    whole = morph_head(tmp_path / "head.glb", CORNERS, TRIANGLES.astype(np.int32), {"jawOpen": LIFT})
    data = whole.read_bytes()
    whole.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(InputError, match=r"head\.glb"):
        load_mesh(whole)


def test_compressed_missing_and_empty_are_told_apart(tmp_path: Path) -> None:
    draco = GltfBuilder()
    draco.mesh([_primitive(draco, extensions={"KHR_draco_mesh_compression": {"bufferView": 0}})], [])
    draco.gltf.extensionsUsed = draco.gltf.extensionsRequired = ["KHR_draco_mesh_compression"]
    with pytest.raises(InputError, match="compressed with Draco"):
        load_mesh(draco.save(tmp_path / "draco.glb"))

    apart = GltfBuilder()
    apart.mesh([_primitive(apart)], [])
    path = apart.save(tmp_path / "apart.gltf")
    path.with_suffix(".bin").unlink()
    with pytest.raises(InputError, match=r"apart\.bin: no such file"):
        load_mesh(path)

    with pytest.raises(InputError, match="holds no triangle mesh"):
        load_mesh(GltfBuilder().save(tmp_path / "bare.glb"))
    for text in ("[]", "{", "not json", '{"asset": {"version": "1.0"}}'):
        (tmp_path / "text.gltf").write_text(text)
        with pytest.raises(InputError, match="not a glTF"):
            load_mesh(tmp_path / "text.gltf")


def test_shape_that_is_not_a_number_is_refused(tmp_path: Path) -> None:
    broken = LIFT.copy()
    broken[1, 1] = np.inf
    path = morph_head(tmp_path / "inf.glb", CORNERS, TRIANGLES.astype(np.int32), {"jawOpen": broken})
    with pytest.raises(InputError, match="not numbers"):
        load_gltf_shapes(path)
