"""What the attention networks share: positions, masks and layers.

Letters: B clips, F frames.
"""

from __future__ import annotations

import math

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
