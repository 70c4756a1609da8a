"""A Conformer (Gulati et al. 2020): attention for what is far, convolution for what is near."""

from __future__ import annotations

import torch
from torch import nn


class FeedForward(nn.Sequential):
    """Half a step through two layers, four times as wide within."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__(
            nn.LayerNorm(width),
            nn.Linear(width, 4 * width),
            nn.SiLU(),
            nn.Dropout(dropout),
            nn.Linear(4 * width, width),
        )


class Neighbourhood(nn.Module):
    """A gated convolution over the frames around, each channel by itself."""

    def __init__(self, width: int, kernel: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.gate = nn.Linear(width, 2 * width)
        self.mix = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.scale = nn.GroupNorm(1, width)
        self.out = nn.Linear(width, width)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return what is added to (B, F, width)."""
        gated = nn.functional.glu(self.gate(self.norm(hidden)), dim=2)
        mixed = nn.functional.silu(self.scale(self.mix(gated.transpose(1, 2))))
        added: torch.Tensor = self.out(mixed.transpose(1, 2))
        return added


class ConformerLayer(nn.Module):
    """Feed-forward, attention, convolution, feed-forward; each adds to what it is given."""

    def __init__(self, width: int, heads: int, kernel: int, dropout: float) -> None:
        super().__init__()
        self.before, self.after = FeedForward(width, dropout), FeedForward(width, dropout)
        self.norm = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, dropout, batch_first=True)
        self.near = Neighbourhood(width, kernel)
        self.drop = nn.Dropout(dropout)
        self.out = nn.LayerNorm(width)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return (B, F, width) for (B, F, width)."""
        hidden = hidden + 0.5 * self.before(hidden)
        query = self.norm(hidden)
        hidden = hidden + self.drop(self.attention(query, query, query, need_weights=False)[0])
        hidden = hidden + self.drop(self.near(hidden))
        normed: torch.Tensor = self.out(hidden + 0.5 * self.after(hidden))
        return normed
