"""What the networks of the toolbox hear: levelled log-mel frames at the rate of the motion.

One copy for training and for use.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from models.frontend import FRAME_RATE, SAMPLE_RATE, FrontendConfig, level, levelled, log_mel, raised

CONFIG = FrontendConfig()
SIZE = 2 * CONFIG.bands
"""Features of a frame of motion: the sound at its time, and half a frame later."""


@torch.inference_mode()
def listen(samples: NDArray[np.float32], fps: float) -> NDArray[np.float32]:
    """Features of a sound.

    Parameters
    ----------
    samples : ndarray of shape (N,), float32
        Mono, at `models.frontend.SAMPLE_RATE`.
    fps : float
        Of the motion.

    Returns
    -------
    ndarray of shape (N * fps // SAMPLE_RATE + 1, SIZE), float32
    """
    sound = torch.from_numpy(np.ascontiguousarray(raised(samples)))[None]
    mel = log_mel(sound, CONFIG)
    frames = levelled(mel, level(mel, torch.zeros(CONFIG.bands), CONFIG), CONFIG)[0].numpy()
    times = np.arange(int(len(samples) * fps / SAMPLE_RATE + 1e-6) + 1) / fps
    return np.concatenate([_at(frames, times), _at(frames, times + 0.5 / fps)], axis=1)


def _at(mel: NDArray[np.float32], times: NDArray[np.float64]) -> NDArray[np.float32]:
    place = np.clip(times * FRAME_RATE, 0, len(mel) - 1)
    before = place.astype(np.intp)
    share = (place - before)[:, None].astype(np.float32)
    return np.asarray(mel[before] * (1 - share) + mel[np.minimum(before + 1, len(mel) - 1)] * share)
