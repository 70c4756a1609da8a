"""A take: all that an exporter may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from core.audio import AudioClip
from core.composing import Times
from core.mesh import Floats, Mesh
from core.rig import Lips

BLOCK = 64
"""Frames composed at once: enough for speed, few enough that an hour of a dense head fits in memory."""


@dataclass(frozen=True, eq=False)
class Take:
    """A performance sampled at a frame rate.

    Attributes
    ----------
    mesh : Mesh
        The template at rest; topology, UVs and groups of every frame.
    channels : tuple of str
    weights : ndarray of shape (F, C), float32
        Final channel weights of each frame; for those of `core.head_motion.HEAD`, degrees.
    times : ndarray of shape (F,), float64
        Seconds from the start of the audio.
    fps : float
    pose : callable
        Times (n,) to vertices (n, V, 3): the composing function itself, so that a take of any length
        needs no more memory than a block.
    audio : AudioClip or None
        Sound from ``times[0]`` on belongs to the take.
    lips : Lips or None
    colours : ndarray of shape (V, 3), uint8, or None
    """

    mesh: Mesh
    channels: tuple[str, ...]
    weights: Floats
    times: Times
    fps: float
    pose: Callable[[Times], Floats]
    audio: AudioClip | None = None
    lips: Lips | None = None
    colours: np.ndarray[tuple[int, int], np.dtype[np.uint8]] | None = None

    def __len__(self) -> int:
        return len(self.times)

    def blocks(self) -> Iterator[Floats]:
        """Yield vertices of consecutive frames, (n, V, 3) each."""
        for start in range(0, len(self), BLOCK):
            yield self.pose(self.times[start : start + BLOCK])


def frame_times(fps: float, start: float, end: float) -> Times:
    """Return the times of the frames from ``start`` up to, not including, ``end``; at least one."""
    # The small tolerance keeps 1.0 s at 30 fps at 30 frames although 1.0 * 30 may round up.
    count = max(1, int(np.ceil((end - start) * fps - 1e-6)))
    return start + np.arange(count) / fps
