"""Pictures that templates bring: found, decoded within bounds, kept, and never a reason to refuse a mesh."""

from __future__ import annotations

import base64
import io
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pygltflib as pg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.mesh import Mesh, Pixels, Texture
from core.meshes import textures
from core.meshes.load import load_mesh
from core.meshes.obj_writer import write_obj
from core.meshes.textures import decode_picture
from core.rig_file import load_rig, save_rig
from tests.core.gltf_files import GltfBuilder
from tests.factories import mouth_rig

PIXELS = np.random.default_rng(0).integers(0, 255, (6, 4, 3), np.uint8)
SQUARES = """mtllib {library}
v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 2 0 0\nv 2 1 0
vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1
usemtl skin\nf 1/1 2/2 3/3 4/4
usemtl cloth\nf 2/1 5/2 6/3 3/4
"""


def encoded(pixels: Pixels = PIXELS, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind)
    return buffer.getvalue()


def obj(folder: Path, value: str, library: str = "squares.mtl") -> Path:
    (folder / library).write_text(f"newmtl cloth\nKd 1 0 0\n\nnewmtl skin\n\tmap_Kd {value}\n")
    path = folder / "squares.obj"
    path.write_text(SQUARES.format(library=library))
    return path


def only(mesh: Mesh) -> Texture:
    (texture,) = mesh.textures
    return texture


@pytest.mark.parametrize(
    ("value", "file"),
    [
        ("skin.png", "skin.png"),
        ("maps/my skin.png", "maps/my skin.png"),
        ("maps\\skin.png", "maps/skin.png"),
        ("-s 1 1 1 -bm 0.5 my skin.png", "my skin.png"),
        ("C:\\Users\\author\\skin.png", "skin.png"),
        ("/home/author/skin.png", "skin.png"),
    ],
)
def test_an_obj_wears_the_picture_of_its_material(tmp_path: Path, value: str, file: str) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / file).write_bytes(encoded())
    texture = only(load_mesh(obj(tmp_path, value)))
    assert texture.faces.tolist() == [0]
    assert texture.pixels is not None
    assert np.array_equal(texture.pixels, PIXELS)


def test_a_library_may_have_a_space_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "skin.png").write_bytes(encoded())
    assert only(load_mesh(obj(tmp_path, "skin.png", "my squares.mtl"))).pixels is not None


def test_one_picture_and_no_word_of_materials_is_worn_by_all(tmp_path: Path) -> None:
    (tmp_path / "skin.png").write_bytes(encoded())
    path = obj(tmp_path, "skin.png")
    path.write_text("\n".join(line for line in path.read_text().splitlines() if "usemtl" not in line))
    assert only(load_mesh(path)).faces.tolist() == [0, 1]


def test_materials_that_share_a_picture_make_one_texture(tmp_path: Path) -> None:
    (tmp_path / "skin.png").write_bytes(encoded())
    path = obj(tmp_path, "skin.png")
    (tmp_path / "squares.mtl").write_text("newmtl skin\nmap_Kd skin.png\nnewmtl cloth\nmap_Kd skin.png\n")
    assert only(load_mesh(path)).faces.tolist() == [0, 1]


@pytest.mark.parametrize(
    "data", [None, b"", b"\x89PNG\r\n\x1a\nrest", encoded()[:60], b"%!PS-Adobe\n0 0 moveto"]
)
def test_a_picture_that_cannot_be_read_is_named_and_the_mesh_is_whole(
    tmp_path: Path, data: bytes | None
) -> None:
    if data is not None:
        (tmp_path / "skin.png").write_bytes(data)
    mesh = load_mesh(obj(tmp_path, "skin.png"))
    assert len(mesh.face_sizes) == 2
    assert (only(mesh).name, only(mesh).pixels) == ("skin.png", None)


def test_a_missing_library_is_no_error(tmp_path: Path) -> None:
    path = obj(tmp_path, "skin.png")
    (tmp_path / "squares.mtl").unlink()
    assert load_mesh(path).textures == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_pipe_in_place_of_a_picture_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "skin.png")
    assert only(load_mesh(obj(tmp_path, "skin.png"))).pixels is None


def test_a_picture_larger_than_any_texture_is_not_decoded() -> None:
    data = bytearray(encoded())
    data[16:24] = (20_000).to_bytes(4, "big") * 2  # what it says of itself
    assert decode_picture(bytes(data)) is None


def test_a_large_picture_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textures, "SIDE", 32)
    reduced = decode_picture(encoded(np.full((128, 64, 3), 90, np.uint8)))
    assert reduced is not None
    assert reduced.shape == (32, 16, 3)
    assert (reduced == 90).all()


@given(st.data())
def test_no_damage_to_a_picture_raises(data: st.DataObject) -> None:
    whole = bytearray(encoded(kind=data.draw(st.sampled_from(["PNG", "JPEG", "TIFF", "BMP"]))))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    picture = decode_picture(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    assert picture is None or picture.ndim == 3


def gltf(path: Path, image: pg.Image, blob: bytes | None = None, **use: Any) -> Path:
    builder = GltfBuilder()
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], np.float32)
    positions, uv = builder.accessor(corners), builder.accessor(corners[:, :2].copy())
    if blob is not None:
        image.bufferView = builder.view(np.frombuffer(blob, np.uint8))
    builder.gltf.images, builder.gltf.textures = [image], [pg.Texture(source=0)]
    worn = pg.PbrMetallicRoughness(baseColorTexture=pg.TextureInfo(**{"index": 0, **use}))
    builder.gltf.materials = [pg.Material(name="plain"), pg.Material(name="skin", pbrMetallicRoughness=worn)]
    primitives = [
        pg.Primitive(
            attributes=pg.Attributes(POSITION=positions, TEXCOORD_0=uv),
            indices=builder.accessor(np.array(triangle, np.uint32)),
            material=number,
        )
        for number, triangle in enumerate([[0, 1, 2], [2, 1, 3]])
    ]
    builder.mesh(primitives, [])
    return builder.save(path)


def test_a_glb_wears_the_picture_in_its_buffer(tmp_path: Path) -> None:
    texture = only(
        load_mesh(gltf(tmp_path / "a.glb", pg.Image(mimeType="image/png", name="face"), encoded()))
    )
    assert (texture.name, texture.faces.tolist()) == ("face", [1])
    assert texture.pixels is not None
    assert np.array_equal(texture.pixels, PIXELS)


@pytest.mark.parametrize(
    "uri", ["my%20skin.png", "data:image/png;base64," + base64.b64encode(encoded()).decode()]
)
def test_a_gltf_wears_a_picture_in_its_text_or_beside_it(tmp_path: Path, uri: str) -> None:
    (tmp_path / "my skin.png").write_bytes(encoded())
    pixels = only(load_mesh(gltf(tmp_path / "a.gltf", pg.Image(uri=uri)))).pixels
    assert pixels is not None
    assert np.array_equal(pixels, PIXELS)


@pytest.mark.parametrize(
    "use",
    [
        {"index": 7},
        {"index": -1},
        {"texCoord": 1},
        {"extensions": {"KHR_texture_transform": {"offset": [1, 0]}}},
    ],
)
def test_a_texture_that_is_missing_or_placed_otherwise_is_left_out(
    tmp_path: Path, use: dict[str, Any]
) -> None:
    path = gltf(tmp_path / "a.gltf", pg.Image(uri="data:," + encoded().hex()), **use)
    mesh = load_mesh(path)
    assert len(mesh.face_sizes) == 2
    assert only(mesh).pixels is None


def test_pictures_do_not_change_what_a_mesh_is_nor_its_export(tmp_path: Path) -> None:
    (tmp_path / "skin.png").write_bytes(encoded())
    mesh = load_mesh(obj(tmp_path, "skin.png"))
    bare = replace(mesh, textures=())
    assert mesh.content_hash == bare.content_hash
    for name, written in (("worn.obj", mesh), ("bare.obj", bare)):
        write_obj(written, tmp_path / name)
    assert (tmp_path / "worn.obj").read_bytes() == (tmp_path / "bare.obj").read_bytes()
    assert mesh.posed(mesh.vertices + 1).textures is mesh.textures


def test_a_rig_file_keeps_the_pictures_that_could_be_read(tmp_path: Path) -> None:
    rig = mouth_rig(7)
    faces = np.array([0, 2], np.int32)
    worn = (Texture("skin.png", faces, PIXELS), Texture("lost.png", np.array([1], np.int32), None))
    save_rig(replace(rig, mesh=replace(rig.mesh, textures=worn)), tmp_path / "head.npz")
    texture = only(load_rig(tmp_path / "head.npz").mesh)
    assert texture.name == "skin.png"
    assert texture.pixels is not None
    assert np.array_equal(texture.faces, faces) and np.array_equal(texture.pixels, PIXELS)
