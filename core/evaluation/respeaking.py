"""The same words in another voice: a recording's own vocal tract, frame by frame, and another source.

Linear prediction (Makhoul 1975) takes the tract from the voice; noise through it whispers, a tune sings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

RATE = 16_000
SIZE, STEP, ORDER = 400, 100, 18
"""Samples of a frame and from one to the next, and poles of the tract."""
VOICED = 0.45
"""Self-similarity of a frame at some pitch from which on it is voiced."""
NOTES = (0, 4, 7, 5, 9, 7, 4, 2)
"""The tune, in semitones over `KEY`, a note every `NOTE_S` seconds."""
KEY, NOTE_S = 196.0, 0.45
VIBRATO_HZ, VIBRATO_SEMITONES = 5.5, 0.6
Sound = NDArray[np.float32]
Numbers = NDArray[np.float64]


def whispered(sound: Sound) -> Sound:
    """Take away the voice: noise through the tract."""
    return _through(sound, np.random.default_rng(6).normal(size=len(sound) + SIZE), everywhere=True)


def sung(sound: Sound) -> Sound:
    """Put voiced sounds on the notes of a tune, with vibrato; voiceless ones stay noise."""
    time = np.arange(len(sound) + SIZE) / RATE
    note = np.array(NOTES)[(time / NOTE_S).astype(int) % len(NOTES)]
    vibrato = VIBRATO_SEMITONES * np.sin(2 * np.pi * VIBRATO_HZ * time)
    phase = np.cumsum(KEY * 2 ** ((note + vibrato) / 12) / RATE)
    pulses = np.diff(np.floor(phase), prepend=0.0)
    return _through(sound, pulses / pulses.std(), everywhere=False)


def _through(sound: Sound, source: Numbers, *, everywhere: bool) -> Sound:
    """Put a source of unit power through the tract of a voice, where it is voiced or everywhere."""
    window = signal.windows.hann(SIZE, sym=False)
    breath = np.random.default_rng(5).normal(size=len(source))
    out = np.zeros(len(sound) + SIZE)
    padded = np.pad(sound.astype(np.float64), (0, SIZE))
    for start in range(0, len(sound), STEP):
        lags = np.correlate(
            padded[start : start + SIZE] * window, padded[start : start + SIZE] * window, "full"
        )
        lags = lags[SIZE - 1 :]
        chosen = source if everywhere or _is_voiced(lags) else breath
        filtered = _tract(lags, chosen[start : start + SIZE])
        out[start : start + SIZE] += filtered * window
    if everywhere:
        out = signal.lfilter([1, -0.7], [1], out)
    return np.asarray(out[: len(sound)], np.float32)


def _is_voiced(lags: Numbers) -> bool:
    window = signal.windows.hann(SIZE, sym=False)
    own = np.correlate(window, window, "full")[SIZE - 1 :]
    pitches = slice(RATE // 350, RATE // 75)
    alike = lags[pitches] / own[pitches] * own[0]
    return bool(alike.max() > VOICED * lags[0] and lags[0] > 1e-6)


def _tract(lags: Numbers, source: Numbers) -> Numbers:
    lags = lags[: ORDER + 1].copy()
    lags[0] = lags[0] * 1.001 + 1e-9
    matrix = lags[np.abs(np.subtract.outer(np.arange(ORDER), np.arange(ORDER)))]
    predictor = np.linalg.solve(matrix, lags[1:])
    residual = np.sqrt(max(lags[0] - predictor @ lags[1:], 0) / SIZE)
    return np.asarray(signal.lfilter([1], [1, *-predictor], source * residual))
