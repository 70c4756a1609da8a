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

    Both are smoothed and warped onto each other by their slopes (derivative dynamic time warping, Keogh &
    Pazzani 2001). A peak of the truth then belongs to the peak of the prediction that is nearest along the
    path, between the truth's neighbouring turns; a valley likewise.

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
    path = warping_path(np.abs(_slopes(one)[:, None] - _slopes(other)))
    peaks, valleys = _turns(one)
    ends = np.concatenate([[-1], np.sort(np.concatenate([peaks, valleys])), [len(one)]])
    offsets = [
        offset
        for turns, likes in zip((peaks, valleys), _turns(other), strict=True)
        for turn in turns
        if (offset := _offset(int(turn), likes, ends, path)) is not None
    ]
    return float(np.mean(offsets) * 1000 / fps) if offsets else float("nan")


def _slopes(curve: Numbers) -> Numbers:
    """Mean of the step before and half of the step over both neighbours (Keogh & Pazzani 2001, eq. 1)."""
    padded = np.pad(curve, 1, "edge")
    return np.asarray(((padded[1:-1] - padded[:-2]) + (padded[2:] - padded[:-2]) / 2) / 2)


def _turns(curve: Numbers) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return signal.find_peaks(curve)[0], signal.find_peaks(-curve)[0]


def _offset(turn: int, likes: NDArray[np.intp], ends: NDArray[np.intp], path: NDArray[np.intp]) -> int | None:
    """Frames between a turn and its like, None where it has none."""
    at = int(np.searchsorted(ends, turn))
    span = path[(path[:, 0] > ends[at - 1]) & (path[:, 0] < ends[at + 1])]
    cells = span[np.isin(span[:, 1], likes)]
    if not len(cells):
        return None
    return abs(turn - int(cells[np.abs(cells[:, 0] - turn).argmin(), 1]))


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
