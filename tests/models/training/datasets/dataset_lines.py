"""Small lines of made-up speakers, to be written in the published layouts and read back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.training.datasets.line import Line

RATE = 16_000


def line(
    name: str, columns: int = 12, fps: float = 60, space: str = "vertices:flame", seconds: float = 0.5
) -> Line:
    """One line of its own: the name seeds its numbers, the speaker is all before the last underscore."""
    draw = np.random.default_rng(list(name.encode()))
    speaker = name.rpartition("_")[0]
    frames = round(seconds * fps)
    steps = draw.integers(-30_000, 30_000, round(seconds * RATE))  # what 16 bits can hold exactly
    samples = (steps / 32768).astype(np.float32)
    motion = draw.uniform(0, 1, (frames, columns)).astype(np.float32)
    template = np.random.default_rng(list(speaker.encode())).normal(size=(columns // 3, 3)).astype(np.float32)
    return Line(
        name, speaker, samples, RATE, motion, fps, space, template=template if space != "arkit" else None
    )


def with_windows(spoken: Line) -> Line:
    """The same with windows of DeepSpeech."""
    draw = np.random.default_rng(len(spoken.motion))
    return replace(spoken, deepspeech=draw.normal(size=(len(spoken.motion), 16, 29)).astype(np.float32))
