"""Whether the mouth moves when the sound does.

Letters: F frames, C channels or coordinates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from models.training.metrics.warping import warping_path

Numbers = NDArray[np.float64]
SMOOTH = 2.0
"""Frames: spread of the Gaussian that takes out what is no movement of the lips."""
ONSET_STEP = 0.01
"""Seconds between looks at the sound."""


def temporal_misalignment(truth: Numbers, predicted: Numbers, fps: float) -> float:
    """Mean temporal misalignment of two mouths' openings in ms: MTM (Chae-Yeon et al. 2025).

    Both are smoothed and warped onto each other by their slopes (derivative dynamic time warping). Wherever
    the path meets a peak of both, or a valley of both, and the prediction's lies no further off than the
    truth's neighbouring turns, it counts by how many frames they are apart. Slopes are steps from the frame
    before, and neighbours count as near: so does the published evaluation, and its tables are comparable.

    Parameters
    ----------
    truth, predicted : ndarray of shape (F,) and (G,)
        At the same frame rate.

    Returns
    -------
    float
        NaN where no turn of one has its like in the other.
    """
    one, other = (
        ndimage.gaussian_filter1d(np.asarray(each, np.float64), SMOOTH) for each in (truth, predicted)
    )
    slopes = [np.diff(each, prepend=each[0]) for each in (one, other)]
    path = warping_path(np.abs(np.subtract.outer(*slopes)))
    kinds, likes = _turns(one), _turns(other)
    turns = np.flatnonzero(kinds)
    ends = np.concatenate([[0], turns, [len(one) - 1]])
    met = path[(kinds[path[:, 0]] != 0) & (kinds[path[:, 0]] == likes[path[:, 1]])]
    place = np.searchsorted(turns, met[:, 0])
    near = met[(ends[place] <= met[:, 1]) & (met[:, 1] <= ends[place + 2])]
    return float(np.abs(near[:, 0] - near[:, 1]).mean() * 1000 / fps) if len(near) else float("nan")


def _turns(curve: Numbers) -> NDArray[np.int8]:
    """Mark peaks with 1 and valleys with -1."""
    kinds = np.zeros(len(curve), np.int8)
    kinds[signal.find_peaks(curve)[0]] = 1
    kinds[signal.find_peaks(-curve)[0]] = -1
    return kinds


def motion_beats(motion: NDArray[np.floating], fps: float) -> Numbers:
    """Seconds at which a face pauses between movements: minima of its mean speed.

    Parameters
    ----------
    motion : ndarray of shape (F, C)
        Channels, or coordinates side by side. Each counts in proportion to its own mean speed.
    """
    speed = np.abs(np.diff(np.asarray(motion, np.float64), axis=0))
    mean = speed.mean(axis=0)
    moving = mean > 0
    if not moving.any():
        return np.zeros(0)
    minima = signal.find_peaks(-(speed[:, moving] / mean[moving]).mean(axis=1))[0]
    return np.asarray((minima + 0.5) / fps)


def sound_beats(samples: NDArray[np.float32], rate: int) -> Numbers:
    """Seconds at which sounds begin: peaks of the spectral flux (Böck & Widmer 2013, without their filter).

    Parameters
    ----------
    samples : ndarray of shape (N,), float32
        Mono.
    """
    step = round(rate * ONSET_STEP)
    if len(samples) < 3 * step:
        return np.zeros(0)
    times, spectrum = _spectrum(samples, rate, step)
    flux = np.maximum(np.diff(np.log1p(1000 * spectrum), axis=1), 0).mean(axis=0)
    # A beat stands out among the sounds of this recording, and half a syllable from the next.
    peaks, _ = signal.find_peaks(flux, prominence=flux.std(), distance=round(0.1 / ONSET_STEP))
    return np.asarray(times[peaks + 1])


def _spectrum(samples: NDArray[np.float32], rate: int, step: int) -> tuple[Numbers, Numbers]:
    width = 3 * step
    padded = np.pad(np.asarray(samples, np.float64), width // 2)
    starts = np.arange(0, len(padded) - width, step)
    windows = padded[starts[:, None] + np.arange(width)] * np.hanning(width)
    return starts / rate, np.abs(np.fft.rfft(windows)).T / width


def beat_alignment(sound: Numbers, motion: Numbers, spread: float = 0.1) -> float:
    """How near each beat of the sound is to one of the motion, 0 to 1 (Siyao et al. 2022; SAiD, Park 2023).

    Parameters
    ----------
    sound, motion : ndarray of shape (A,) and (B,)
        Seconds.
    spread : float
        Seconds by which a beat may be off and still count for 0.61.

    Returns
    -------
    float
        NaN where the sound has no beats, 0 where only the motion has none.
    """
    if not len(sound):
        return float("nan")
    if not len(motion):
        return 0.0
    nearest = np.abs(np.subtract.outer(sound, motion)).min(axis=1)
    return float(np.exp(-np.square(nearest) / (2 * spread**2)).mean())
