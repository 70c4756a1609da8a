"""Long sounds in windows: what is read, what is kept of it, and how they join.

Letters: B clips, F frames of the whole, n frames of a window.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch


def windows(frames: int, window: int, reach: int, overlap: int = 0) -> Iterator[tuple[slice, slice]]:
    """Cut a length into windows: frames to read, and which of those to keep.

    Parameters
    ----------
    frames : int
    window, reach, overlap : int
        As of `MotionNet`.
    """
    window = window or frames
    for start in range(0, max(frames - overlap, 1), max(window - overlap, 1)):
        end = min(start + window, frames)
        read = slice(max(start - reach, 0), min(end + reach, frames))
        yield read, slice(start - read.start, end - read.start)


def lay(part: torch.Tensor, onto: torch.Tensor, start: int, overlap: int) -> None:
    """Lay a window (B, n, ...) in its place on the whole (B, F, ...), faded over from the one before."""
    end = start + part.shape[1]
    if start and overlap:
        shape = (-1, *[1] * (part.ndim - 2))
        fade = torch.linspace(0, 1, overlap)[: part.shape[1]].view(shape).to(part)
        before = onto[:, start : min(start + overlap, end)]
        part = torch.cat([torch.lerp(before, part[:, :overlap], fade), part[:, overlap:]], dim=1)
    onto[:, start:end] = part
