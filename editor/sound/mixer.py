"""Blocks of sound for the sound card: the recording as it is, or in grains at other speeds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.audio import AudioClip
from editor.sound.clock import Motion

Block = NDArray[np.float32]

GRAIN = 0.06
"""Seconds of one grain; two overlap at any time, so that their windows add up to one."""


class Mixer:
    """Reads a recording along a motion; called from the sound card's thread.

    At its own speed the recording passes through untouched. At any other speed, and when scrubbing, it is
    cut in windowed grains that overlap, which changes the speed and keeps the pitch.

    Parameters
    ----------
    clip : AudioClip
    rate : int
        Samples per second of the blocks.
    channels : int
        Columns of the blocks.
    """

    def __init__(self, clip: AudioClip, rate: int, channels: int) -> None:
        self.rate = rate
        self._clip = clip
        self._rows = [min(column, len(clip.samples) - 1) for column in range(channels)]
        self._hop = int(GRAIN * rate / 2)
        phase = (np.arange(2 * self._hop) + 0.5) / (2 * self._hop)
        self._window = np.sin(np.pi * phase)[:, None].astype(np.float32) ** 2
        self._motion: Motion | None = None
        self._scrubbed: float | None = None
        self._sent = 0
        self._tail = self._ready = np.zeros((0, channels), np.float32)
        self._rest()

    @property
    def elapsed(self) -> float:
        """Seconds of the motion that were handed out so far."""
        return self._sent / self.rate

    def start(self, motion: Motion) -> None:
        """Follow a motion from its start."""
        self._rest()
        self._sent = 0
        self._motion = motion

    def stop(self) -> None:
        """Fall silent; a grain that sounds fades out."""
        self._motion = None

    def grain(self, seconds: float) -> None:
        """Sound one grain as soon as the one before allows; the newest request wins."""
        self._scrubbed = seconds

    def fill(self, block: Block) -> None:
        """Write the next samples into ``block``, shape (n, channels)."""
        motion = self._motion
        if motion is not None and motion.speed == 1.0:
            block[:] = self._read(motion, self._sent + np.arange(len(block)))
        else:
            self._fill_grains(block)
        if motion is not None:
            self._sent += len(block)

    def _fill_grains(self, block: Block) -> None:
        while len(self._ready) < len(block):
            grain = self._next_grain()
            self._ready = np.concatenate([self._ready, self._tail + grain[: self._hop]])
            self._tail = grain[self._hop :]
        block[:], self._ready = self._ready[: len(block)], self._ready[len(block) :]

    def _next_grain(self) -> Block:
        motion, scrubbed = self._motion, self._scrubbed
        self._scrubbed = None
        if motion is not None:
            centre = motion.at((self._sent + len(self._ready)) / self.rate)
        elif scrubbed is not None:
            centre = scrubbed
        else:
            return np.zeros((2 * self._hop, len(self._rows)), np.float32)
        return self._read(Motion(centre), np.arange(2 * self._hop)) * self._window

    def _read(self, motion: Motion, steps: NDArray[np.int64]) -> Block:
        """Read samples along a motion, interpolated where the device runs at another rate; zero outside."""
        seconds = motion.start + steps / self.rate
        if motion.loop is not None:
            near, far = motion.loop
            seconds = np.where(seconds >= far, near + (seconds - near) % (far - near), seconds)
        position = seconds * self._clip.rate
        if self._clip.rate == self.rate:
            position = np.rint(position)  # untouched samples rather than ones between samples
        before = np.floor(position).astype(np.int64)
        share = (position - before).astype(np.float32)[:, None]
        return np.asarray(self._sample(before) * (1 - share) + self._sample(before + 1) * share)

    def _sample(self, index: NDArray[np.int64]) -> Block:
        total = self._clip.samples.shape[1]
        samples = self._clip.samples[:, np.clip(index, 0, total - 1)][self._rows]
        return np.where((index >= 0) & (index < total), samples, np.float32(0)).T

    def _rest(self) -> None:
        self._tail = np.zeros((self._hop, len(self._rows)), np.float32)
        self._ready = np.zeros((0, len(self._rows)), np.float32)
