"""What a waveform display needs of a recording: extremes and loudness of any span, fast at any zoom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.audio import AudioClip, Samples

BLOCK = 64
"""Samples in a block of the finest level; a power of two."""

LOUDNESS_SECONDS = 0.02

_BLOCKS_AT_ONCE = 1 << 12  # 1 MiB of samples: mixed and reduced while it is still in the cache

Indices = NDArray[np.intp]
Floats = NDArray[np.float32]


class Peaks:
    """Extremes of a recording's mono mix in blocks of 64, 128, 256 ... samples.

    A column finer than a few blocks is read from the samples themselves, which are shared with the clip,
    not copied.

    Parameters
    ----------
    clip : AudioClip
    """

    def __init__(self, clip: AudioClip) -> None:
        self.duration = clip.duration
        self._samples = clip.samples
        self._rate = clip.rate
        low, high, energy = _reduce_blocks(clip.samples)
        self._levels = _pyramid(low, high)
        self._energy = np.append(0.0, np.cumsum(energy))

    @property
    def nbytes(self) -> int:
        """Memory held beside the samples, bytes."""
        return self._energy.nbytes + sum(low.nbytes + high.nbytes for low, high in self._levels)

    def columns(self, start_s: float, end_s: float, n: int) -> Floats:
        """Lowest and highest sample in each of ``n`` equal spans.

        Parameters
        ----------
        start_s, end_s : float
            Seconds; the part outside the recording is silent.
        n : int

        Returns
        -------
        ndarray of shape (n, 2), float32
            Every sample of a span is within its extremes. A span longer than 256 samples may also show up
            to a quarter of a neighbour.
        """
        first, last = self._spans(start_s, end_s, n)
        heard = np.flatnonzero(last > first)
        found = np.zeros((n, 2), np.float32)
        if not len(heard):
            return found
        values, first, last = self._source((end_s - start_s) * self._rate / n, first[heard], last[heard])
        found[heard, 0] = _reduce_spans(np.minimum, values[0], first, last)
        found[heard, 1] = _reduce_spans(np.maximum, values[1], first, last)
        return found

    def loudness(self, start_s: float, end_s: float, n: int) -> Floats:
        """Root mean square around the middle of each of ``n`` equal spans.

        Parameters
        ----------
        start_s, end_s : float
            Seconds; the part outside the recording is silent.
        n : int

        Returns
        -------
        ndarray of shape (n,), float32
            Of the whole span, but of no less than 20 ms: a wave has no loudness in less than its period.
        """
        half = max(LOUDNESS_SECONDS, (end_s - start_s) / n) / 2
        middle = start_s + (np.arange(n) + 0.5) * (end_s - start_s) / n
        total = self._samples.shape[1]
        first = np.clip(np.rint((middle - half) * self._rate), 0, total).astype(np.intp)
        last = np.clip(np.rint((middle + half) * self._rate), 0, total).astype(np.intp)
        a, b = first // BLOCK, -(-last // BLOCK)
        count = np.maximum(np.minimum(b * BLOCK, self._samples.shape[1]) - a * BLOCK, 1)
        mean = np.where(last > first, (self._energy[b] - self._energy[a]) / count, 0.0)
        return np.sqrt(np.maximum(mean, 0.0)).astype(np.float32)

    def _source(
        self, per_column: float, first: Indices, last: Indices
    ) -> tuple[tuple[Floats, Floats], Indices, Indices]:
        """Lowest and highest values fine enough for columns of this many samples, and the spans in them."""
        if per_column < 4 * BLOCK:
            start = int(first.min())
            mono = _mix(self._samples[:, start : int(last.max())])
            return (mono, mono), first - start, last - start
        level = min(int(np.log2(per_column / (4 * BLOCK))), len(self._levels) - 1)
        return self._levels[level], first // (BLOCK << level), -(-last // (BLOCK << level))

    def _spans(self, start_s: float, end_s: float, n: int) -> tuple[Indices, Indices]:
        """First sample of each column and the one after its last, clipped to the recording."""
        edges = np.linspace(start_s, end_s, n + 1) * self._rate
        total = self._samples.shape[1]
        first = np.clip(np.floor(edges[:-1]), 0, total).astype(np.intp)
        last = np.clip(np.ceil(edges[1:]), 0, total).astype(np.intp)
        return first, last


def _mix(samples: Samples) -> Samples:
    mixed: Samples = samples[0] if len(samples) == 1 else samples.mean(axis=0, dtype=np.float32)
    return mixed


def _reduce_blocks(samples: Samples) -> tuple[Floats, Floats, NDArray[np.float64]]:
    """Lowest, highest and summed squared sample of each block of the mono mix; the last may be short."""
    total = samples.shape[1]
    count = -(-total // BLOCK)
    low, high = np.zeros(count, np.float32), np.zeros(count, np.float32)
    energy = np.zeros(count)
    for at in range(0, count, _BLOCKS_AT_ONCE):
        mono = _mix(samples[:, at * BLOCK : (at + _BLOCKS_AT_ONCE) * BLOCK])
        whole = len(mono) // BLOCK
        rows = mono[: whole * BLOCK].reshape(whole, BLOCK)
        here = slice(at, at + whole)
        low[here], high[here] = rows.min(axis=1), rows.max(axis=1)
        energy[here] = np.einsum("ij,ij->i", rows, rows)
        rest = mono[whole * BLOCK :]
        if len(rest):
            low[-1], high[-1], energy[-1] = rest.min(), rest.max(), rest @ rest
    return low, high, energy


def _pyramid(low: Floats, high: Floats) -> list[tuple[Floats, Floats]]:
    levels = [(low, high)]
    while len(low) > 1:
        low, high = (np.append(part, part[-1:]) if len(part) % 2 else part for part in (low, high))
        low, high = np.minimum(low[::2], low[1::2]), np.maximum(high[::2], high[1::2])
        levels.append((low, high))
    return levels


def _reduce_spans(reduce: np.ufunc, values: Floats, first: Indices, last: Indices) -> Floats:
    """Reduce values[first:last] of each span; spans may overlap and none is empty."""
    pairs = np.stack([first, last], axis=1).ravel()
    # reduceat wants each end within the array: one more value, in no span, stands behind the last.
    padded = np.append(values[: pairs[-1]], values[-1:])
    return np.asarray(reduce.reduceat(padded, pairs)[::2], np.float32)
