"""A strong plain baseline: depthwise convolutions and attention in turn, all frames at once."""

from __future__ import annotations

import torch
from torch import nn

from models.toolbox.attention import SPAN, beyond
from models.toolbox.motion_net import MotionNet


class Block(nn.Module):
    """Half a Conformer (Gulati et al. 2020): nearby sound by convolution, far sound by attention."""

    def __init__(self, width: int, heads: int, reach: int, dropout: float) -> None:
        super().__init__()
        self.near = nn.Conv1d(width, width, 2 * reach + 1, padding=reach, groups=width)
        self.mix = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GLU(), nn.Dropout(dropout)
        )
        self.norm = nn.LayerNorm(width)
        self.far = nn.MultiheadAttention(width, heads, dropout, batch_first=True)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Map (B, F, width) to the same."""
        hidden = hidden + self.mix(self.near(hidden.transpose(1, 2)).transpose(1, 2))
        normed = self.norm(hidden)
        away = beyond(hidden.shape[1]).to(hidden.device)
        far, _ = self.far(normed, normed, normed, attn_mask=away, need_weights=False)
        attended: torch.Tensor = hidden + far
        return attended


class BaselineNet(MotionNet):
    """Blocks between two linear layers; without positions, as convolutions know what is next to what."""

    window = 240

    def __init__(
        self, inputs: int, outputs: int, *, width: int = 128, layers: int = 4, heads: int = 4, reach: int = 5
    ) -> None:
        super().__init__(inputs, outputs)
        self.reach = layers * (reach + SPAN)
        self.into = nn.Linear(inputs, width)
        self.blocks = nn.Sequential(*(Block(width, heads, reach, 0.1) for _ in range(layers)))
        self.out = nn.Linear(width, outputs)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict motion (B, F, O)."""
        predicted: torch.Tensor = self.out(self.blocks(self.into(features)))
        return predicted
