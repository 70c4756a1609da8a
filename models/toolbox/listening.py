"""What the networks of the toolbox hear, at the rate of the motion; one copy for training and for use.

Two ears: ``mel`` is levelled log-mel frames; ``phones`` what the default speech model makes of them, in the
place of the published systems' DeepSpeech. The second knows many voices already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.checkpoint import Checkpoint, load_checkpoint
from models.frontend import FRAME_RATE, SAMPLE_RATE, FrontendConfig, level, levelled, log_mel, raised
from models.hearing import Heard, Listener
from models.phones import PHONES

Frames = NDArray[np.float32]
CONFIG = FrontendConfig()
DEFAULT_MODEL = Path(__file__).resolve().parents[2] / "assets" / "speech" / "default.safetensors"
BLOCK = 1200
"""Frames heard at once: 20 s."""
PARTED = 3.0
"""What probabilities are multiplied by, so that they are as large as other features."""


def listen(samples: Frames, fps: float, ear: str) -> Frames:
    """Features of a sound.

    Parameters
    ----------
    samples : ndarray of shape (N,), float32
        Mono, at `models.frontend.SAMPLE_RATE`.
    fps : float
        Of the motion.
    ear : str
        Of `EARS`.

    Returns
    -------
    ndarray of shape (N * fps // SAMPLE_RATE + 1, `SIZES` of the ear), float32
    """
    rate, frames = EARS[ear](samples)
    times = np.arange(int(len(samples) * fps / SAMPLE_RATE + 1e-6) + 1) / fps
    return np.concatenate([_at(frames, rate, times), _at(frames, rate, times + 0.5 / fps)], axis=1)


@torch.inference_mode()
def _mel(samples: Frames) -> tuple[float, Frames]:
    sound = torch.from_numpy(np.ascontiguousarray(raised(samples)))[None]
    mel = log_mel(sound, CONFIG)
    return FRAME_RATE, levelled(mel, level(mel, torch.zeros(CONFIG.bands), CONFIG), CONFIG)[0].numpy()


def _phones(samples: Frames) -> tuple[float, Frames]:
    model = _default_model()
    listener = Listener(model, samples)
    parts = [
        listener.hear(start, min(start + BLOCK, listener.frames))
        for start in range(0, listener.frames, BLOCK)
    ]
    # Roots tell a faint phone from none, which probabilities hardly do.
    return float(model.card.fps), np.sqrt(Heard.joined(parts).phones) * np.float32(PARTED)


@cache
def _default_model() -> Checkpoint:
    return load_checkpoint(DEFAULT_MODEL)


def _at(frames: Frames, rate: float, times: NDArray[np.float64]) -> Frames:
    place = np.clip(times * rate, 0, len(frames) - 1)
    before = place.astype(np.intp)
    share = (place - before)[:, None].astype(np.float32)
    return np.asarray(frames[before] * (1 - share) + frames[np.minimum(before + 1, len(frames) - 1)] * share)


EARS: Mapping[str, Callable[[Frames], tuple[float, Frames]]] = {"mel": _mel, "phones": _phones}
"""Each gives frames and their rate."""
SIZES: Mapping[str, int] = {"mel": 2 * CONFIG.bands, "phones": 2 * len(PHONES)}
"""Features of a frame of motion: the sound at its time, and half a frame later."""
