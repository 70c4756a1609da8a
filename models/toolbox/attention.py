"""Positions and masks that the attention networks share."""

from __future__ import annotations

import math

import torch
from torch import nn

from models.toolbox.motion_net import MotionNet


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


def encoder(width: int, layers: int, heads: int, dropout: float) -> nn.TransformerEncoder:
    """Make a stack of pre-normalised encoder layers."""
    layer = nn.TransformerEncoderLayer(width, heads, 2 * width, dropout, batch_first=True, norm_first=True)
    return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


class AttentiveNet(MotionNet):
    """A linear layer in, a Transformer encoder, a linear layer out: Du's editable lipsync.

    Positions count from the middle of the window, and windows overlap: the published one restarts every 30
    frames, which shows as a seam.
    """

    window, overlap = 240, 60

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        width: int = 128,
        layers: int = 3,
        heads: int = 4,
        dropout: float = 0.1,
    ) -> None:
        super().__init__(inputs, outputs)
        self.into = nn.Linear(inputs, width)
        self.body = encoder(width, layers, heads, dropout)
        self.out = nn.Linear(width, outputs)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict motion (B, F, O)."""
        hidden = self.into(features)
        hidden = hidden + positions(hidden.shape[1], hidden.shape[2], period=30).to(hidden)
        predicted: torch.Tensor = self.out(self.body(hidden))
        return predicted
