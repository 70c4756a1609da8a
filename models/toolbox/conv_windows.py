"""Convolutions over a window of sound for each frame, after VOCA (Cudeiro et al. 2019)."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

from models.toolbox.motion_net import MotionNet

WINDOW = 16
"""Frames of sound around each frame of motion."""
CHANNELS = (32, 32, 64, 64)


class ConvWindowNet(MotionNet):
    """Four strided convolutions halve a window to one column, two layers make motion of it.

    VOCA conditions on one-hot speakers; here one network is one style. Windows slide over the whole sound, so
    nothing is cut at the edges of chunks.
    """

    window, reach = 960, WINDOW // 2

    def __init__(self, inputs: int, outputs: int, *, hidden: int = 128, components: int = 50) -> None:
        super().__init__(inputs, outputs)
        sizes = (inputs, *CHANNELS)
        steps = [
            layer
            for before, after in pairwise(sizes)
            for layer in (nn.Conv1d(before, after, 3, stride=2, padding=1), nn.ReLU())
        ]
        self.listen = nn.Sequential(nn.BatchNorm1d(inputs), *steps)
        self.speak = nn.Sequential(
            nn.Linear(CHANNELS[-1], hidden),
            nn.Tanh(),
            nn.Linear(hidden, components),
            nn.Linear(components, outputs),
        )

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict motion (B, F, O)."""
        clips, frames, inputs = features.shape
        padded = nn.functional.pad(features, (0, 0, WINDOW // 2, WINDOW // 2 - 1))
        windows = padded.unfold(1, WINDOW, 1).reshape(clips * frames, inputs, WINDOW)
        predicted: torch.Tensor = self.speak(self.listen(windows).flatten(1))
        return predicted.reshape(clips, frames, self.outputs)
