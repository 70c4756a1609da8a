"""Lines of noise and of a mouth that opens with it, for tests that need no voice."""

from __future__ import annotations

import re

import numpy as np
import torch

from models.toolbox.listening import SIZES
from models.toolbox.motion_card import NETWORKS, MotionCard
from models.toolbox.motion_model import MotionModel
from models.toolbox.motion_space import RestFace
from models.training.datasets.arkit import CHANNELS, SPACE
from models.training.datasets.line import Line

RATE = 16_000


def line(name: str, seconds: float = 0.6, fps: float = 60, seed: int = 0) -> Line:
    """Syllables of noise, five a second, in ARKit's channels; the lips meet between them."""
    draw = np.random.default_rng(seed)
    times = np.arange(round(seconds * fps)) / fps
    sound = draw.normal(0, 0.1, round(seconds * RATE)).astype(np.float32)
    sound *= _open(np.arange(len(sound)) / RATE).astype(np.float32)
    motion = np.zeros((len(times), len(CHANNELS)), np.float32)
    motion[:, CHANNELS.index("jawOpen")] = 0.4 * _open(times)
    motion[:, CHANNELS.index("mouthFunnel")] = 0.2 * np.sin(9 * times + seed) ** 2
    speaker = re.split("[/_]", name)[0]
    return Line(name, speaker, sound, RATE, motion, fps, SPACE)


def _open(times: np.ndarray) -> np.ndarray:
    return np.maximum(np.sin(2 * np.pi * 2.5 * times), 0)


def model(
    space: str = SPACE, outputs: int = len(CHANNELS), rest: RestFace | None = None, seed: int = 0
) -> MotionModel:
    """An untrained network."""
    torch.manual_seed(seed)
    columns = CHANNELS if space == SPACE else ()
    card = MotionCard("small", "recurrent", {"width": 8}, space, columns, 60, "none", "nothing", "mel")
    net = NETWORKS["recurrent"](SIZES["mel"], outputs, width=8).eval()
    scale = np.full(outputs, 0.1 if space == SPACE else 1e-3, np.float32)
    return MotionModel(card, net, np.zeros(outputs, np.float32), scale, rest=rest)
