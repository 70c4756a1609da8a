"""Layers of Auto-AVSR (Ma et al. 2023), named as in its checkpoints.

Letters: B clips, F frames, L tokens, N pictures, W width.
"""

from __future__ import annotations

import math

import torch
from torch import nn

from models.toolbox.attention import positions

EPSILON = 1e-12
"""Of the norms of that family."""


class Block(nn.Module):
    """Two convolutions of a ResNet-18."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride > 1:
            around = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.downsample = nn.Sequential(around, nn.BatchNorm2d(outputs))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return (N, outputs, H / stride, W / stride)."""
        around = pictures if self.downsample is None else self.downsample(pictures)
        inner = self.bn2(self.conv2(nn.functional.silu(self.bn1(self.conv1(pictures)))))
        return nn.functional.silu(inner + around)


class Frontend(nn.Module):
    """Pictures (B, F, 88, 88) -> (B, F, 512)."""

    def __init__(self) -> None:
        super().__init__()
        self.frontend3D = nn.Sequential(
            nn.Conv3d(1, 64, (5, 7, 7), (1, 2, 2), (2, 3, 3), bias=False),
            nn.BatchNorm3d(64),
            nn.SiLU(),
            nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1)),
        )
        self.trunk = nn.Sequential()
        widths = (64, 64, 128, 256, 512)
        for number in range(1, 5):
            before, width = widths[number - 1 : number + 1]
            blocks = nn.Sequential(Block(before, width, 1 if number == 1 else 2), Block(width, width, 1))
            self.trunk.add_module(f"layer{number}", blocks)

    def forward(self, video: torch.Tensor) -> torch.Tensor:
        """Look at each picture and those around it."""
        maps = self.frontend3D(video[:, None])
        shapes: torch.Tensor = self.trunk(maps.transpose(1, 2).flatten(0, 1)).mean((2, 3))
        return shapes.view(*video.shape[:2], -1)


class Attention(nn.Module):
    """Attention of several heads."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.linear_q, self.linear_k, self.linear_v, self.linear_out = (
            nn.Linear(width, width) for _ in range(4)
        )

    def forward(self, query: torch.Tensor, memory: torch.Tensor, *, causal: bool = False) -> torch.Tensor:
        """Attend from (B, L, W) to (B, F, W)."""
        parts = (self.linear_q(query), self.linear_k(memory), self.linear_v(memory))
        q, k, v = (self._split(part) for part in parts)
        return self._joined(nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal))

    def _split(self, hidden: torch.Tensor) -> torch.Tensor:
        return hidden.view(*hidden.shape[:2], self.heads, -1).transpose(1, 2)

    def _joined(self, found: torch.Tensor) -> torch.Tensor:
        joined: torch.Tensor = self.linear_out(found.transpose(1, 2).flatten(2))
        return joined


class RelativeAttention(Attention):
    """Attention that knows how far apart two frames are (Dai et al. 2019)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__(width, heads)
        self.linear_pos = nn.Linear(width, width, bias=False)
        self.pos_bias_u = nn.Parameter(torch.zeros(heads, width // heads))
        self.pos_bias_v = nn.Parameter(torch.zeros(heads, width // heads))

    def attend(self, hidden: torch.Tensor) -> torch.Tensor:
        """Attend within (B, F, W)."""
        frames, width = hidden.shape[1:]
        parts = (self.linear_q(hidden), self.linear_k(hidden), self.linear_v(hidden))
        q, k, v = (self._split(part) for part in parts)
        back = torch.arange(frames)[:, None] - torch.arange(frames)
        ahead = positions(frames, width).to(hidden)
        # The sine of a negative distance is the negative one.
        behind = ahead * torch.tensor([-1.0, 1.0]).repeat(width // 2).to(hidden)
        places = self._split(self.linear_pos(torch.cat([ahead, behind[1:].flip(0)]))[None])
        by_distance = (q + self.pos_bias_v[:, None]) @ places.transpose(2, 3)
        index = (back % (2 * frames - 1)).to(hidden.device).expand(*by_distance.shape[:2], -1, -1)
        scores = (q + self.pos_bias_u[:, None]) @ k.transpose(2, 3) + by_distance.gather(3, index)
        return self._joined((scores / math.sqrt(width // self.heads)).softmax(-1) @ v)


class FeedForward(nn.Module):
    """Two layers."""

    def __init__(self, width: int, units: int) -> None:
        super().__init__()
        self.w_1, self.w_2 = nn.Linear(width, units), nn.Linear(units, width)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return (B, F, W)."""
        added: torch.Tensor = self.w_2(nn.functional.relu(self.w_1(hidden)))
        return added


class Convolution(nn.Module):
    """A gated convolution over time."""

    def __init__(self, width: int, kernel: int) -> None:
        super().__init__()
        self.pointwise_cov1 = nn.Conv1d(width, 2 * width, 1)
        self.depthwise_conv = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.norm = nn.BatchNorm1d(width)
        self.pointwise_cov2 = nn.Conv1d(width, width, 1)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return (B, F, W)."""
        gated = nn.functional.glu(self.pointwise_cov1(hidden.transpose(1, 2)), dim=1)
        mixed = nn.functional.silu(self.norm(self.depthwise_conv(gated)))
        added: torch.Tensor = self.pointwise_cov2(mixed).transpose(1, 2)
        return added


class EncoderLayer(nn.Module):
    """A layer of the Conformer."""

    def __init__(self, width: int, heads: int, units: int, kernel: int) -> None:
        super().__init__()
        self.self_attn = RelativeAttention(width, heads)
        self.feed_forward, self.feed_forward_macaron = (FeedForward(width, units) for _ in range(2))
        self.conv_module = Convolution(width, kernel)
        self.norm_ff, self.norm_mha, self.norm_ff_macaron, self.norm_conv, self.norm_final = (
            nn.LayerNorm(width, EPSILON) for _ in range(5)
        )

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return (B, F, W)."""
        hidden = hidden + 0.5 * self.feed_forward_macaron(self.norm_ff_macaron(hidden))
        hidden = hidden + self.self_attn.attend(self.norm_mha(hidden))
        hidden = hidden + self.conv_module(self.norm_conv(hidden))
        hidden = hidden + 0.5 * self.feed_forward(self.norm_ff(hidden))
        normed: torch.Tensor = self.norm_final(hidden)
        return normed


class DecoderLayer(nn.Module):
    """A layer of the decoder that attends."""

    def __init__(self, width: int, heads: int, units: int) -> None:
        super().__init__()
        self.self_attn, self.src_attn = Attention(width, heads), Attention(width, heads)
        self.feed_forward = FeedForward(width, units)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width, EPSILON) for _ in range(3))

    def forward(self, tokens: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
        """Return (B, L, W)."""
        query = self.norm1(tokens)
        tokens = tokens + self.self_attn(query, query, causal=True)
        tokens = tokens + self.src_attn(self.norm2(tokens), memory)
        added: torch.Tensor = tokens + self.feed_forward(self.norm3(tokens))
        return added
