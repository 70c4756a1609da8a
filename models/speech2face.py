"""The default speech network: levelled log-mel at 120 Hz -> phones and articulation at 60 Hz.

A residual stack of dilated convolutions (as in TCN, Bai et al. 2018): non-autoregressive, and its reach of
0.5 s to either side is finite, so a long recording can be cut into windows that overlap by it.

Letters: B clips, T feature frames, F animation frames (T = 2 F - 1), M bands, P phones, A articulators.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from models.gestures import ARTICULATORS
from models.phones import PHONES


@dataclass(frozen=True)
class Speech2FaceConfig:
    """Shape of the network."""

    bands: int = 64
    width: int = 256
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1, 2, 4, 8)
    dropout: float = 0.1

    @property
    def reach(self) -> int:
        """Animation frames to either side that an output frame depends on."""
        return sum(self.dilations) + 2


class ResidualBlock(nn.Module):
    """Dilated convolution, normalised over the batch, then a mixing of channels; (B, C, F) -> (B, C, F)."""

    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.context = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm = nn.BatchNorm1d(width)
        self.dropout = nn.Dropout(dropout)
        self.mix = nn.Conv1d(width, width, 1)

    def forward(self, x_BCF: torch.Tensor) -> torch.Tensor:
        """Add what this block hears."""
        heard: torch.Tensor = self.mix(self.dropout(nn.functional.gelu(self.norm(self.context(x_BCF)))))
        return x_BCF + heard


class Speech2Face(nn.Module):
    """Phones and articulators of each animation frame, from the sound around it."""

    def __init__(self, config: Speech2FaceConfig) -> None:
        super().__init__()
        self.config = config
        self.enter = nn.Conv1d(config.bands, config.width, 5, stride=2, padding=2)
        self.blocks = nn.Sequential(
            *(ResidualBlock(config.width, dilation, config.dropout) for dilation in config.dilations)
        )
        self.phones = nn.Conv1d(config.width, len(PHONES), 1)
        self.articulation = nn.Conv1d(config.width, len(ARTICULATORS), 1)

    def forward(self, features_BTM: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Hear.

        Parameters
        ----------
        features_BTM : tensor of shape (B, T, M), T odd

        Returns
        -------
        phones : tensor of shape (B, F, P), logits
        articulation : tensor of shape (B, F, A), nominally 0..1
        """
        x_BCF = self.blocks(self.enter(features_BTM.transpose(1, 2)))
        return self.phones(x_BCF).transpose(1, 2), self.articulation(x_BCF).transpose(1, 2)
