"""What the attention networks share: positions, masks, windows and layers.

Letters: B clips, F frames.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import nn


def positions(frames: int, width: int, period: int = 0) -> torch.Tensor:
    """Sines and cosines of the frame number (Vaswani et al. 2017), shape (F, width).

    Parameters
    ----------
    period : int
        Frames after which they repeat (Fan et al. 2022), so that no length is unheard of; 0 for never.
    """
    number = torch.arange(frames, dtype=torch.float32)
    if period:
        number = number % period
    speed = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
    angle = number[:, None] * speed
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)


SPAN = PERIOD = 30
"""Frames to either side that a layer attends to, and after which positions repeat: half a second to one."""


def beyond(frames: int, span: int = SPAN) -> torch.Tensor:
    """Mask of what is too far away to attend to, (F, F), bool.

    Without it a prediction would depend on how long the sound is, and on where it is cut.
    """
    number = torch.arange(frames)
    return (number[:, None] - number[None]).abs() > span


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


def encoder(width: int, layers: int, heads: int, dropout: float) -> nn.TransformerEncoder:
    """Make a stack of pre-normalised encoder layers."""
    layer = nn.TransformerEncoderLayer(width, heads, 2 * width, dropout, batch_first=True, norm_first=True)
    return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


def encoded(body: nn.TransformerEncoder, hidden: torch.Tensor) -> torch.Tensor:
    """Put (B, F, width) through layers that attend to what is not `beyond` them."""
    far = beyond(hidden.shape[1]).to(hidden.device)
    # Told that the mask is not causal, because to find out a GPU would have to be waited for.
    result: torch.Tensor = body(hidden, far, is_causal=False)
    return result
