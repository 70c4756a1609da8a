"""A recurrent network in both directions: the simplest of the VocaGAN family."""

from __future__ import annotations

import torch
from torch import nn

from models.toolbox.motion_net import MotionNet


class RecurrentNet(MotionNet):
    """Two layers of gated units over the whole sound."""

    def __init__(
        self, inputs: int, outputs: int, *, width: int = 128, layers: int = 2, dropout: float = 0.1
    ) -> None:
        super().__init__(inputs, outputs)
        between = dropout if layers > 1 else 0.0
        self.body = nn.GRU(inputs, width, layers, batch_first=True, dropout=between, bidirectional=True)
        self.out = nn.Linear(2 * width, outputs)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict motion (B, F, O)."""
        predicted: torch.Tensor = self.out(self.body(features)[0])
        return predicted
