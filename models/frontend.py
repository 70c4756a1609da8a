"""Waveform -> log-mel frames at 120 Hz, levelled: one copy for training and for use.

Letters: B clips, N samples, T frames at 120 Hz, M mel bands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
FRAME_RATE = 120
"""Two feature frames for each frame of the animation; three hops of it are exactly 400 samples."""
PERIOD = 400
WINDOW = 400
FFT = 512
FLOOR = 1e-10
BLOCK = 2000
"""Periods transformed at once: bounds the memory of a long recording."""
LOUD = 0.02
"""Root mean square of the loud parts of a sound under which it is raised."""
RAISED = 1000.0
"""By how much at most: 60 dB."""


@dataclass(frozen=True)
class FrontendConfig:
    """What a checkpoint must say about its features.

    Attributes
    ----------
    bands : int
        Mel bands (M).
    low, high : float
        Edge frequencies in Hz.
    active_range : float
        Frames within this many decades of power of the loudest count as speech for the level.
    quietest : float
        log10 power under which a loudest frame is no speech, so that silence is not amplified.
    prior_frames : float
        How many frames of evidence the typical spectrum weighs; keeps short sounds from levelling themselves.
    clip : float
        Levelled features stay within +- this.
    """

    bands: int = 64
    low: float = 50.0
    high: float = 7600.0
    active_range: float = 2.5
    quietest: float = -6.0
    prior_frames: float = 120.0
    clip: float = 4.0


def raised(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Raise a quiet recording, so that its weak sounds stand above the floor of the features.

    Parameters
    ----------
    samples : ndarray of shape (N,), float32, 16 kHz

    Returns
    -------
    ndarray of shape (N,), float32
        The same where it is loud enough or silent.
    """
    periods = samples[: len(samples) // PERIOD * PERIOD].reshape(-1, PERIOD)
    powers = np.einsum("tn,tn->t", periods, periods) / PERIOD
    loud = float(np.sqrt(np.quantile(powers, 0.95))) if len(powers) else LOUD
    return samples if loud >= LOUD else samples * np.float32(min(LOUD / max(loud, 1e-12), RAISED))


def frame_count(samples: int) -> int:
    """Frames at 120 Hz of a sound: frame i is centred at i / 120 s, the last no later than its end."""
    return 2 * ((samples * FRAME_RATE // 2) // SAMPLE_RATE) + 1


@lru_cache(maxsize=4)
def mel_bank(config: FrontendConfig) -> torch.Tensor:
    """Triangular mel filters of unit sum, shape (FFT // 2 + 1, M)."""
    low, high = (2595 * np.log10(1 + hertz / 700) for hertz in (config.low, config.high))
    corners = 700 * (10 ** (np.linspace(low, high, config.bands + 2) / 2595) - 1)
    # Low bands are narrower than an FFT bin; sampling the triangles finely keeps every band alive.
    fine = np.linspace(0, SAMPLE_RATE / 2, 64 * (FFT // 2) + 1)
    triangles = [np.interp(fine, corners[i : i + 3], [0, 1, 0]) for i in range(config.bands)]
    bins = np.rint(fine / (SAMPLE_RATE / FFT)).astype(int)
    bank = np.stack(
        [np.bincount(bins, weights=triangle, minlength=FFT // 2 + 1) for triangle in triangles], 1
    )
    return torch.from_numpy((bank / bank.sum(0)).astype(np.float32))


def log_mel(samples: torch.Tensor, config: FrontendConfig) -> torch.Tensor:
    """Log10 mel power.

    Parameters
    ----------
    samples : tensor of shape (B, N), float32, 16 kHz

    Returns
    -------
    tensor of shape (B, T, M), T = `frame_count` (N)
    """
    count = frame_count(samples.shape[-1])
    periods = -(-count // 3)
    needed = (periods - 1) * PERIOD + 267 + WINDOW
    half = WINDOW // 2
    padded = torch.nn.functional.pad(samples, (half, max(0, needed - half - samples.shape[-1])))
    cuts = tuple(range(BLOCK, periods, BLOCK))
    # Centres fall at multiples of 133 1/3 samples: three interleaved streams of whole hops.
    streams = [padded[:, offset:].unfold(-1, WINDOW, PERIOD)[:, :periods] for offset in (0, 133, 267)]
    blocks = zip(*(torch.tensor_split(stream, cuts, 1) for stream in streams), strict=True)
    powers = [_mel_power(torch.stack(block, 2).flatten(1, 2), config) for block in blocks]
    return torch.log10(torch.cat(powers, 1)[:, :count] + FLOOR)


def _mel_power(frames: torch.Tensor, config: FrontendConfig) -> torch.Tensor:
    spectrum = torch.fft.rfft(frames * torch.hann_window(WINDOW), FFT)
    power: torch.Tensor = (spectrum.real.square() + spectrum.imag.square()) @ mel_bank(config)
    return power


def level(features: torch.Tensor, prior: torch.Tensor, config: FrontendConfig) -> torch.Tensor:
    """Typical log-mel spectrum of the speech in a sound, shape (B, 1, M): what `levelled` subtracts.

    Parameters
    ----------
    features : tensor of shape (B, T, M)
    prior : tensor of shape (M,)
        Typical spectrum of speech with mean 0; carries the levelling of short sounds.
    """
    loudness = features.mean(2)
    loudest = torch.quantile(loudness[:, :: 1 + loudness.shape[1] // 100_000], 0.95, dim=1, keepdim=True)
    active = (loudness >= (loudest - config.active_range).clamp(min=config.quietest - 1)).float()[..., None]
    count = active.sum(1, keepdim=True)
    total = (features * active).sum(1, keepdim=True)
    mean = total.mean(2, keepdim=True) / count.clamp(min=1)
    assumed = prior + mean.clamp(min=config.quietest)
    return (total + config.prior_frames * assumed) / (count + config.prior_frames)


def levelled(features: torch.Tensor, typical: torch.Tensor, config: FrontendConfig) -> torch.Tensor:
    """Features relative to the speaker's own typical spectrum, so that level and microphone drop out."""
    return (features - typical).clamp(-config.clip, config.clip)


def spectrum_prior(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Typical spectrum of a corpus: mean over frames, mean over bands removed, shape (M,)."""
    mean = features.reshape(-1, features.shape[-1]).mean(0)
    return np.asarray(mean - mean.mean(), np.float32)
