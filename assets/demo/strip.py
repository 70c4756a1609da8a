"""A film strip of the default head speaking: ``python -m assets.demo.strip OUT.jpg [RECORDING START]``.

Below each row of frames, on its time axis: the sound, the phones the model hears, the gap of the lips.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from assets.head.sheet import Picture, Shot, shoot
from core.audio import AudioClip, load_audio
from core.inference.engine import infer
from core.inference.models import load_model
from core.inference.request import InferenceRequest
from core.inference.scoring import lip_gap
from core.library import default_rig
from core.mesh import Floats
from core.neutral import Neutral
from core.paths import DEMO_CLIP
from models.hearing import Listener
from models.phones import PHONES, SILENCE

ROWS, COLUMNS = 3, 10
STEP = 0.08
"""Seconds from frame to frame."""
SIZE = (172, 190)
FOCUS, HEIGHT = (0.0, -52.0, 40.0), 148.0
SOUND, PHONE, GAP = 44, 20, 70
MILLIMETRES = 14.0
"""Lip gap that fills its plot."""
INK, DIM, VOICE, LIPS = (214, 214, 214), (150, 152, 158), (96, 110, 130), (236, 138, 110)


def film_strip(recording: Path, start: float) -> Image.Image:
    """Draw the speaking head from ``start`` seconds on.

    Raises
    ------
    InputError
        If the recording cannot be read.
    """
    clip, rig = load_audio(recording), default_rig()
    neutral = infer(InferenceRequest(clip))
    times: NDArray[np.float64] = start + (np.arange(ROWS * COLUMNS, dtype=np.float64) + 0.5) * STEP
    weights = [dict(zip(neutral.channels, row, strict=True)) for row in neutral.sample(times).tolist()]
    frames = shoot(rig, [Shot("", row, 18, 2, FOCUS, HEIGHT) for row in weights], SIZE)
    gap, heard = lip_gap(rig, neutral), _phones(clip)
    rows = []
    for row in range(ROWS):
        first = start + row * COLUMNS * STEP
        below = _Plot(first, first + COLUMNS * STEP)
        below.sound(clip)
        below.phones(heard)
        below.gap(gap, neutral)
        rows.append(_above(frames[row * COLUMNS : (row + 1) * COLUMNS], below.image))
    return Image.fromarray(np.concatenate(rows))


def _above(frames: list[Picture], plot: Image.Image) -> Picture:
    return np.concatenate([np.concatenate(frames, axis=1), np.asarray(plot)])


def _phones(clip: AudioClip) -> list[tuple[float, float, str]]:
    """(start, end, phone) of what the model hears."""
    model = load_model("default")
    listener = Listener(model, clip.mono(model.card.sample_rate))
    best = listener.hear(0, listener.frames).phones.argmax(1).tolist()
    runs, place = [], 0
    for phone, run in groupby(best):
        frames = len(list(run))
        runs.append((place / model.card.fps, (place + frames) / model.card.fps, PHONES[phone]))
        place += frames
    return runs


class _Plot:
    """What lies below a row of frames, from ``start`` to ``end`` seconds."""

    def __init__(self, start: float, end: float) -> None:
        self.start, self.end = start, end
        self.image = Image.new("RGB", (COLUMNS * SIZE[0], SOUND + PHONE + GAP), (24, 25, 28))
        self.draw = ImageDraw.Draw(self.image)

    def x(self, seconds: float) -> float:
        return (seconds - self.start) / (self.end - self.start) * self.image.width

    def sound(self, clip: AudioClip) -> None:
        samples = clip.mono(16000)
        peak = float(np.abs(samples).max()) or 1.0
        edges = np.linspace(self.start, self.end, self.image.width + 1) * 16000
        for x, (first, last) in enumerate(zip(edges[:-1].astype(int), edges[1:].astype(int), strict=True)):
            piece = samples[first:last]
            reach = float(np.abs(piece).max()) / peak if len(piece) else 0.0
            middle, half = SOUND / 2, reach * SOUND / 2
            self.draw.line([(x, middle - half), (x, middle + half)], VOICE)

    def phones(self, heard: list[tuple[float, float, str]]) -> None:
        font = ImageFont.load_default(13)
        for start, end, phone in heard:
            if phone != SILENCE and end - start > 0.03 and self.start <= (start + end) / 2 < self.end:
                middle = (self.x((start + end) / 2), SOUND + PHONE / 2)
                self.draw.text(middle, phone.lower(), INK, font, anchor="mm")

    def gap(self, gap: Floats, neutral: Neutral) -> None:
        seconds: NDArray[np.float64] = np.arange(len(gap)) / neutral.fps
        floor = self.image.height - 6
        scale = (GAP - 10) / MILLIMETRES
        curve = [(self.x(s), floor - g * scale) for s, g in zip(seconds.tolist(), gap.tolist(), strict=True)]
        self.draw.line([(0, floor), (self.image.width, floor)], (60, 62, 68))
        self.draw.line(curve, LIPS, width=2)
        self.draw.text((6, floor - GAP + 16), "lip gap", DIM, ImageFont.load_default(12), anchor="lm")
        self.draw.text((6, 8), f"{self.start:.2f} s", DIM, ImageFont.load_default(12), anchor="lm")


if __name__ == "__main__":
    words = sys.argv[1:]
    recording = Path(words[1]) if len(words) > 1 else DEMO_CLIP
    film_strip(recording, float(words[2]) if len(words) > 2 else 4.2).save(words[0], quality=88)
