"""Prosody of a recording: loudness, pitch and stress over time, relative to the speaker.

Pitch is found by normalised autocorrelation (Boersma 1993), loudness and stress from frame energies; stress
is what stands out of its surroundings in loudness and pitch, at the scale of syllables (Tamburini 2003).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.audio import AudioClip, Samples

FPS = 60.0
RATE = 16_000
FRAME, SPECTRUM = 800, 2048
"""Samples of a frame (50 ms), and of its Fourier transform."""
LOWEST, HIGHEST = 65.0, 420.0
"""Hz of a speaking voice."""
BLOCK = 1024
"""Frames analysed at once."""
SILENT_DB, QUIET_DB = -95.0, -28.0
"""Full-scale level of nothing, and level under that of speech from which on it is a pause."""
ROOM_DB = 6.0
"""How much louder than the room speech is at least."""
LEAST_ROOM_DB, MOST_QUIET_DB = -50.0, -13.0
"""Levels under that of speech: no room is below the one, and no pause above the other."""
VOICED = (0.35, 0.6)
"""Self-similarity from which a frame may be voiced, and from which it surely is."""
PAUSE_S = 0.2
HIGH_HZ = 1000.0
"""Where the spectrum is cut in two to measure its tilt."""
Track = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Voice:
    """How a recording is spoken, at 60 frames a second.

    Attributes
    ----------
    fps : float
    loudness : ndarray of shape (F,)
        Decibels relative to the level of speech in the recording, at least -60.
    pitch : ndarray of shape (F,)
        Semitones relative to the speaker's median, interpolated where there is no voice.
    median_hz : float
        That median; 0 where no voice was found.
    voiced : ndarray of shape (F,)
        0..1.
    tilt : ndarray of shape (F,)
        Decibels that the spectrum above 1 kHz lies over that below: higher for an effortful voice.
    stress : ndarray of shape (F,)
        Prominence, 0..1.
    pauses : tuple of (float, float)
        Start and end in seconds of stretches without speech, at least `PAUSE_S` long.
    """

    fps: float
    loudness: Track
    pitch: Track
    median_hz: float
    voiced: Track
    tilt: Track
    stress: Track
    pauses: tuple[tuple[float, float], ...]

    @property
    def duration(self) -> float:
        """Seconds from the first to the last frame."""
        return (len(self.loudness) - 1) / self.fps


def voice_of(audio: AudioClip) -> Voice:
    """Listen to how a recording is spoken."""
    samples = audio.mono(RATE)
    frames = int(len(samples) * FPS / RATE) + 1
    starts = np.round(np.arange(frames) * RATE / FPS).astype(np.intp)
    padded = np.pad(samples, (FRAME // 2, FRAME))
    parts = [_analysed(padded, starts[first : first + BLOCK]) for first in range(0, frames, BLOCK)]
    level, hertz, likeness, tilt = (np.concatenate(column) for column in zip(*parts, strict=True))
    loud = float(np.quantile(level, 0.95))
    speech = float(level[level > max(loud - 25, SILENT_DB)].mean()) if loud > SILENT_DB else 0.0
    loudness = np.maximum(level - speech, -60.0)
    sounding = loudness > _quiet(loudness)
    voiced = np.clip((likeness - VOICED[0]) / (VOICED[1] - VOICED[0]), 0, 1) * sounding
    pitch, median = _semitones(hertz, _single(voiced))
    stress = _stress(_single(loudness), pitch, _single(voiced))
    return Voice(FPS, _single(loudness), pitch, median, _single(voiced), tilt, stress, _pauses(sounding))


def _quiet(loudness: NDArray[np.floating]) -> float:
    """Level up to which nobody speaks: a noisy room is louder than a quiet one's soft speech."""
    steady = ndimage.gaussian_filter1d(loudness, 2.0)
    room = steady[steady > LEAST_ROOM_DB]
    return (
        float(np.clip(np.quantile(room, 0.05) + ROOM_DB, QUIET_DB, MOST_QUIET_DB)) if len(room) else QUIET_DB
    )


def _analysed(padded: Samples, starts: NDArray[np.intp]) -> tuple[Track, Track, Track, Track]:
    """Level (dB), pitch (Hz), self-similarity there, and tilt (dB) of frames."""
    window = np.hanning(FRAME + 2)[1:-1].astype(np.float32)
    frames = padded[starts[:, None] + np.arange(FRAME)] * window
    power = np.abs(np.fft.rfft(frames, SPECTRUM)) ** 2
    own = np.fft.irfft(np.abs(np.fft.rfft(window, SPECTRUM)) ** 2)
    lags = np.arange(int(RATE / HIGHEST), int(RATE / LOWEST))
    alike = np.fft.irfft(power)
    alike = alike[:, lags] / np.maximum(alike[:, :1], 1e-12) * (own[0] / own[lags])
    # A small cost for long lags, or a voice would be heard an octave too low.
    best = np.argmax(alike - 0.06 * np.log2(lags / lags[0]), axis=1)
    level = 10 * np.log10(power.mean(1) / FRAME * 2 + 10 ** (SILENT_DB / 10))
    cut = round(HIGH_HZ * SPECTRUM / RATE)
    tilt = 10 * np.log10((power[:, cut:].sum(1) + 1e-9) / (power[:, 4:cut].sum(1) + 1e-9))
    rows = np.arange(len(starts))
    return _single(level), _single(RATE / lags[best]), _single(alike[rows, best]), _single(tilt)


def _semitones(hertz: Track, voiced: Track) -> tuple[Track, float]:
    sure = voiced > 0.5
    if not sure.any():
        return np.zeros_like(hertz), 0.0
    median = float(np.median(hertz[sure]))
    semitones = 12 * np.log2(hertz / median)
    sure &= np.abs(semitones) < 14
    places = np.flatnonzero(sure)
    filled = np.interp(np.arange(len(hertz)), places, ndimage.median_filter(semitones[places], 5))
    return _single(ndimage.gaussian_filter1d(filled, 1.5)), median


def _stress(loudness: Track, pitch: Track, voiced: Track) -> Track:
    """How far loudness and pitch rise over the half second around; the loudest tenth is 1."""
    heard = np.maximum(loudness, QUIET_DB)
    sharp, slow = 0.06 * FPS, 0.45 * FPS
    both = heard / 6.0 + pitch / 3.0
    rise = ndimage.gaussian_filter1d(both, sharp) - ndimage.gaussian_filter1d(both, slow)
    rise = np.maximum(rise, 0) * ndimage.gaussian_filter1d(voiced, sharp)
    peaks = rise[rise > 0.05]
    return _single(np.clip(rise / max(float(np.quantile(peaks, 0.9)) if len(peaks) else 1.0, 0.3), 0, 1))


def _pauses(sounding: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    edges = np.diff(np.concatenate([[0], (~sounding).astype(np.int8), [0]]))
    spans = zip(np.flatnonzero(edges > 0), np.flatnonzero(edges < 0), strict=True)
    return tuple((float(a / FPS), float(b / FPS)) for a, b in spans if b - a >= PAUSE_S * FPS)


def _single(values: NDArray[np.floating]) -> Track:
    return np.asarray(values, np.float32)
