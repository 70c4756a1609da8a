"""Stills, strips and the frames of a video."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.audio import AudioClip
from core.errors import InputError
from editor.render import pictures
from editor.render.offscreen import TakeRenderer
from tests.egg_head import egg_take, tone


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
    frames = list(TakeRenderer((64, 48), samples=1).frames(take))
    assert len(frames) == 75
    still = replace(take, times=take.times[70:71])
    (one,) = TakeRenderer((64, 48), samples=1).frames(still)
    assert np.array_equal(frames[70], one)


def test_more_samples_change_edges_alone() -> None:
    take = egg_take(seconds=0.03)
    coarse, fine = (next(iter(TakeRenderer((160, 120), samples=n).frames(take))).astype(int) for n in (1, 4))
    changed = (np.abs(coarse - fine).max(axis=2) > 8).mean()
    assert 0.002 < changed < 0.06
