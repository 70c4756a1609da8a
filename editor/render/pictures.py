"""Stills and film strips of a take, as pictures for people to look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.atomic import replacing
from core.audio import AudioClip
from core.take import Take
from editor.render.offscreen import OffscreenFace, Picture

CELL = (236, 296)
"""Width and height of a frame in a strip."""
CLOSER = 1.25
CAPTION, WAVE, GAP = 26, 72, 4
SAMPLES = 4
PAPER, INK, VOICE = (17, 18, 20), (168, 174, 182), (92, 158, 166)


def still(take: Take, seconds: float, size: tuple[int, int] = (1280, 720)) -> Picture:
    """Draw the face at a time, in seconds from the start of the recording; (H, W, 3) uint8."""
    face = OffscreenFace(take, size, samples=SAMPLES)
    try:
        return face.picture(take.pose(np.array([seconds]))[0])
    finally:
        face.close()


def film_strip(take: Take, count: int = 8) -> Picture:
    """Draw frames spread evenly over a take, their times, and the sound beneath them.

    Each frame is that of the middle of its column, so that the wave under a face is what it says.
    """
    length = len(take) / take.fps
    times = take.times[0] + (np.arange(count) + 0.5) * length / count
    width = count * (CELL[0] + GAP) - GAP
    strip = Image.new("RGB", (width, CELL[1] + CAPTION + (WAVE if take.audio else 0)), PAPER)
    draw = ImageDraw.Draw(strip)
    font = ImageFont.load_default(14)
    for column, (seconds, picture) in enumerate(zip(times, _pictures(take, times), strict=True)):
        left = column * (CELL[0] + GAP)
        strip.paste(Image.fromarray(picture), (left, 0))
        draw.text((left + CELL[0] / 2, CELL[1] + CAPTION / 2), f"{seconds:.2f} s", INK, font, anchor="mm")
    if take.audio:
        _draw_wave(draw, take.audio, float(take.times[0]), length, (width, CELL[1] + CAPTION))
    return np.asarray(strip)


def save_png(picture: Picture, path: Path) -> None:
    """Write a picture, whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    with replacing(path) as temporary:
        Image.fromarray(picture).save(temporary, format="PNG")


def _pictures(take: Take, times: NDArray[np.float64]) -> list[Picture]:
    face = OffscreenFace(take, CELL, samples=SAMPLES)
    face.scene.frame_camera(CLOSER)
    try:
        return [face.picture(vertices) for vertices in take.pose(times)]
    finally:
        face.close()


def _draw_wave(
    draw: ImageDraw.ImageDraw, clip: AudioClip, start: float, length: float, size: tuple[int, int]
) -> None:
    width, top = size
    samples = np.abs(clip.mono(clip.rate))
    edges = np.linspace(start, start + length, width + 1) * clip.rate
    middle, reach = top + WAVE / 2, WAVE / 2 - 6
    loudest = max(float(samples.max(initial=0.0)), 1e-6)
    for x in range(width):
        part = samples[max(int(edges[x]), 0) : max(int(edges[x + 1]), 0)]
        height = reach * float(part.max(initial=0.0)) / loudest
        draw.line((x, middle - height, x, middle + height), VOICE)
