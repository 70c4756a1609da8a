"""The Transformer of Du's editable lipsync, which the generative networks speak through, too."""

from __future__ import annotations

import torch
from torch import nn

from models.toolbox.attention import PERIOD, SPAN, encoded, encoder, positions
from models.toolbox.motion_net import MotionNet


class TransformerNet(MotionNet):
    """A linear layer in, a Transformer encoder, a linear layer out.

    Each layer attends to what is near, and positions repeat, so that windows leave no seams: the published
    one restarts every 30 frames, which shows.
    """

    window = 8 * PERIOD

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
        self.reach = layers * SPAN
        self.into = nn.Linear(inputs, width)
        self.body = encoder(width, layers, heads, dropout)
        self.out = nn.Linear(width, outputs)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict motion (B, F, O)."""
        hidden = self.into(features)
        hidden = hidden + positions(hidden.shape[1], hidden.shape[2], PERIOD).to(hidden)
        predicted: torch.Tensor = self.out(encoded(self.body, hidden))
        return predicted
