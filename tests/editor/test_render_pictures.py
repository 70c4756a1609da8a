"""Stills, strips and the frames of a video."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from core.audio import AudioClip
from core.errors import InputError
from core.rig import Rig
from editor.render import pictures
from editor.render.edges import smooth_edges
from editor.render.offscreen import OffscreenFace, TakeRenderer
from tests.egg_head import egg_rig, egg_take, tone


def test_a_still_shows_the_face_of_its_time() -> None:
    take = egg_take(seconds=2.0)
    # The jaw follows sin(5 t) squared: shut at 0, fully open at pi / 10.
    shut, opened, again = (
        pictures.still(take, seconds, (160, 120)) for seconds in (0, np.pi / 10, np.pi / 5)
    )
    assert shut.shape == (120, 160, 3)
    lower = np.s_[70:, :]
    assert np.abs(shut[lower].astype(int) - opened[lower]).max() > 60
    assert np.abs(shut[lower].astype(int) - again[lower]).max() < 30


def test_a_strip_shows_frames_times_and_the_sound_beneath() -> None:
    silence_then_tone = np.concatenate([np.zeros((1, 16_000), np.float32), tone(1.0).samples], axis=1)
    take = egg_take(seconds=2.0, audio=AudioClip(silence_then_tone, 16_000))
    strip = pictures.film_strip(take, 4)
    width, height = pictures.CELL
    assert strip.shape == (
        *(height + pictures.CAPTION + pictures.WAVE, 4 * (width + pictures.GAP) - pictures.GAP),
        3,
    )
    wave = strip[height + pictures.CAPTION :]
    voiced = (wave == pictures.VOICE).all(axis=2).sum(axis=0)
    half = strip.shape[1] // 2
    assert voiced[: half - 20].max() <= 2 and voiced[half + 20 :].min() > 20
    captions = strip[height : height + pictures.CAPTION]
    assert all((captions[:, k * width : (k + 1) * width].max(axis=2) > 120).any() for k in range(4))


def test_a_strip_without_sound_has_no_wave() -> None:
    strip = pictures.film_strip(egg_take(seconds=1.0), 2)
    assert strip.shape[0] == pictures.CELL[1] + pictures.CAPTION


def test_a_picture_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (4, 6, 3), np.uint8)
    pictures.save_png(picture, tmp_path / "a.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), picture)
    with pytest.raises(InputError, match="cannot be written"):
        pictures.save_png(picture, tmp_path / "none" / "a.png")
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]


def test_a_renderer_draws_every_frame_of_a_take_in_order() -> None:
    take = egg_take(seconds=2.5, fps=30.0)  # more than one block
    frames = list(TakeRenderer((64, 48)).frames(take))
    assert len(frames) == 75
    still = replace(take, times=take.times[70:71])
    (one,) = TakeRenderer((64, 48)).frames(still)
    assert np.array_equal(frames[70], one)


def test_edges_of_a_film_are_smooth_and_the_rest_is_untouched() -> None:
    slope = np.add.outer(np.arange(40), 3 * np.arange(60)) > 100
    hard = np.where(slope[..., None], 200, 60).astype(np.uint8).repeat(3, axis=2)
    smooth = smooth_edges(hard)
    assert smooth.dtype == np.uint8
    assert len(np.unique(hard)) == 2 and len(np.unique(smooth)) > 8
    untouched = (smooth == hard).all(axis=2)
    assert untouched[slope.cumsum(axis=1) > 6].mean() > 0.9
    assert np.array_equal(smooth_edges(np.full((9, 9, 3), 77, np.uint8)), np.full((9, 9, 3), 77, np.uint8))
    ramp = np.repeat(np.arange(60, dtype=np.uint8)[None, :, None], 40, axis=0).repeat(3, axis=2)
    assert np.array_equal(smooth_edges(ramp), ramp)


def test_more_samples_change_edges_alone() -> None:
    rig = egg_rig()
    coarse, fine = (drawn(rig, samples) for samples in (1, 4))
    changed = (np.abs(coarse - fine).max(axis=2) > 8).mean()
    assert 0.002 < changed < 0.06


def drawn(rig: Rig, samples: int) -> NDArray[np.int64]:
    face = OffscreenFace(rig, (160, 120), samples=samples)
    try:
        return face.picture(rig.mesh.vertices).astype(np.int64)
    finally:
        face.close()
