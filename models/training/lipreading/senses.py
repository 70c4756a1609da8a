"""What a lip-reader sees and hears of each frame.

Letters: B clips, F frames, S pixels along a side, A features of the sound.
"""

from __future__ import annotations

import torch
from torch import nn


class ResidualBlock(nn.Module):
    """Two convolutions beside a way round them (He et al. 2016)."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)])
        self.around = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if stride > 1 else nn.Identity()

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return (N, outputs, H / stride, W / stride)."""
        inner = nn.functional.relu(self.norms[0](self.first(pictures)))
        return nn.functional.relu(self.norms[1](self.second(inner)) + self.around(pictures))


class Sight(nn.Module):
    """Pictures (B, F, S, S) -> (B, F, width)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.motion = nn.Conv3d(1, 24, 5, (1, 2, 2), 2, bias=False)
        self.norm, self.slope, self.pool = nn.BatchNorm3d(24), nn.PReLU(24), nn.MaxPool3d((1, 2, 2))
        self.shape = nn.Sequential(
            ResidualBlock(24, 24, 1), ResidualBlock(24, 48, 2), ResidualBlock(48, width, 2)
        )

    def forward(self, video: torch.Tensor) -> torch.Tensor:
        """Look at each picture and those around it."""
        maps = self.pool(self.slope(self.norm(self.motion(video[:, None] - 0.5))))
        shapes: torch.Tensor = self.shape(maps.transpose(1, 2).flatten(0, 1)).mean((2, 3))
        return shapes.view(*video.shape[:2], -1)


class Hearing(nn.Module):
    """Features of the sound (B, F, A) -> (B, F, width)."""

    def __init__(self, sounds: int, width: int) -> None:
        super().__init__()
        self.near = nn.Sequential(
            nn.Conv1d(sounds, width, 5, padding=2), nn.GELU(), nn.Conv1d(width, width, 5, padding=2)
        )

    def forward(self, sound: torch.Tensor) -> torch.Tensor:
        """Listen to each frame and those around it."""
        heard: torch.Tensor = self.near(sound.transpose(1, 2)).transpose(1, 2)
        return heard
