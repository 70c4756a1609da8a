"""What a textured head looks like: its picture in the right place, through seams, movement and shading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.mesh import Floats, Mesh, Pixels, Texture
from core.rig import Rig
from editor.render.offscreen import OffscreenFace, Picture, TakeRenderer
from editor.render.parts import SKIN
from editor.render.scene import Shading
from tests.egg_head import egg_rig, egg_take

SIZE = (320, 240)
# Told apart whatever the light: the largest two of red, green and blue.
RED, GREEN, BLUE, YELLOW = (200, 20, 20), (20, 200, 20), (20, 20, 200), (200, 200, 20)
QUARTERS: Pixels = np.array([[RED, GREEN], [BLUE, YELLOW]], np.uint8).repeat(64, axis=0).repeat(64, axis=1)


def textured(rig: Rig, pixels: Pixels | None = QUARTERS, faces: np.ndarray | None = None) -> Rig:
    """The egg's UVs are its front view: u to the right, v up."""
    worn = np.arange(len(rig.mesh.face_sizes), dtype=np.int32) if faces is None else faces
    return replace(rig, mesh=replace(rig.mesh, textures=(Texture("skin.png", worn, pixels),)))


def picture(rig: Rig, vertices: Floats | None = None, shading: Shading = Shading.COLOURS) -> Picture:
    face = OffscreenFace(rig, SIZE, shading)
    try:
        return face.picture(rig.mesh.vertices if vertices is None else vertices)
    finally:
        face.close()


def hue(image: Picture, column: int, row: int) -> tuple[bool, ...]:
    pixel = image[row, column].astype(int)
    return tuple(pixel > 0.5 * pixel.max())


def hues(*colours: tuple[int, int, int]) -> list[tuple[bool, ...]]:
    return [tuple(channel > 100 for channel in colour) for colour in colours]


def corners(image: Picture) -> list[tuple[bool, ...]]:
    return [hue(image, column, row) for row in (60, 180) for column in (130, 190)]


def test_the_picture_is_worn_upright_and_not_mirrored() -> None:
    assert corners(picture(textured(egg_rig()))) == hues(RED, GREEN, BLUE, YELLOW)


def test_a_mesh_that_is_inside_out_wears_it_as_well() -> None:
    rig = egg_rig()
    ends = np.cumsum(rig.mesh.face_sizes)[:-1]
    turned, uvs = (
        np.concatenate([face[::-1] for face in np.split(numbers, ends)])
        for numbers in (rig.mesh.face_vertices, np.asarray(rig.mesh.face_uvs))
    )
    turned_rig = replace(rig, mesh=replace(rig.mesh, face_vertices=turned, face_uvs=uvs))
    assert corners(picture(textured(turned_rig))) == hues(RED, GREEN, BLUE, YELLOW)


def test_a_seam_splits_what_is_drawn_and_not_the_shading() -> None:
    rig = textured(egg_rig(), np.full((4, 4, 3), 180, np.uint8))
    every = np.arange(len(rig.mesh.face_vertices), dtype=np.int32)
    uvs = np.random.default_rng(0).random((len(every), 2)).astype(np.float32)
    torn = replace(rig, mesh=replace(rig.mesh, uvs=uvs, face_uvs=every))
    difference = np.abs(picture(torn).astype(int) - picture(rig))
    assert difference.max() <= 3


def test_the_picture_moves_with_the_face() -> None:
    rig = textured(egg_rig())
    face = OffscreenFace(rig, SIZE)
    try:
        rest = face.picture(rig.mesh.vertices)
        moved = face.picture(rig.mesh.vertices + np.array([30, 0, 0], np.float32))
        again = face.picture(rig.mesh.vertices)
    finally:
        face.close()
    assert np.array_equal(rest, again)
    edges = [int(np.argmax(image[60, 150:, 1] > image[60, 150:, 0])) for image in (rest, moved)]
    assert 15 < edges[1] - edges[0] < 50


@pytest.mark.parametrize("shading", [Shading.CLAY, Shading.WIREFRAME])
def test_clay_and_wireframe_are_without_it(shading: Shading) -> None:
    rig = egg_rig()
    plain, worn = (picture(head, shading=shading) for head in (rig, textured(rig)))
    assert np.abs(plain.astype(int) - worn).max() <= 2


def test_shading_can_be_switched_to_and_fro() -> None:
    rig = textured(egg_rig())
    face = OffscreenFace(rig, SIZE)
    try:
        first = face.picture(rig.mesh.vertices)
        face.scene.shading = Shading.CLAY
        clay = face.picture(rig.mesh.vertices)
        face.scene.shading = Shading.COLOURS
        assert np.array_equal(face.picture(rig.mesh.vertices), first)
    finally:
        face.close()
    assert np.abs(first.astype(int) - clay).max() > 60


def test_faces_without_a_picture_keep_their_colour() -> None:
    rig = egg_rig()
    starts = np.cumsum(rig.mesh.face_sizes) - rig.mesh.face_sizes
    below = np.flatnonzero(rig.mesh.vertices[rig.mesh.face_vertices[starts], 1] < 0).astype(np.int32)
    half = picture(textured(rig, faces=below))
    assert corners(half)[2:] == hues(BLUE, YELLOW)
    plain = picture(rig)
    assert np.abs(half[50:70, 120:200].astype(int) - plain[50:70, 120:200]).max() <= 2
    assert plain[60, 160, 0] > plain[60, 160, 2]  # skin
    assert SKIN[0] > SKIN[2]


@pytest.mark.parametrize("lost", ["pixels", "uvs"])
def test_without_pixels_or_uvs_the_head_is_drawn_plain(lost: str) -> None:
    rig = egg_rig()
    worn = textured(rig, None if lost == "pixels" else QUARTERS)
    if lost == "uvs":
        worn = replace(worn, mesh=replace(worn.mesh, uvs=None, face_uvs=None))
    assert np.array_equal(picture(worn), picture(rig))


def test_uvs_that_are_no_numbers_do_not_spoil_the_rest() -> None:
    rig = textured(egg_rig())
    uvs = np.asarray(rig.mesh.uvs).copy()
    uvs[-1] = np.nan
    assert corners(picture(replace(rig, mesh=replace(rig.mesh, uvs=uvs)))) == hues(RED, GREEN, BLUE, YELLOW)


def test_a_video_shows_the_picture() -> None:
    worn = textured(egg_rig()).mesh
    frames = list(TakeRenderer(SIZE).frames(egg_take(seconds=0.1, mesh=worn)))
    assert all(corners(frame) == hues(RED, GREEN, BLUE, YELLOW) for frame in frames)


def test_two_pictures_on_one_head() -> None:
    rig = egg_rig()
    starts = np.cumsum(rig.mesh.face_sizes) - rig.mesh.face_sizes
    above = rig.mesh.vertices[rig.mesh.face_vertices[starts], 1] > 0
    mesh: Mesh = replace(
        rig.mesh,
        textures=tuple(
            Texture(name, np.flatnonzero(faces).astype(np.int32), np.full((2, 2, 3), colour, np.uint8))
            for name, faces, colour in (("a", above, RED), ("b", ~above, BLUE))
        ),
    )
    assert corners(picture(replace(rig, mesh=mesh))) == hues(RED, RED, BLUE, BLUE)
