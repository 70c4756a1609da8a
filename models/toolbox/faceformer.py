"""FaceFormer (Fan et al. 2022): a decoder over its own past motion, aligned with the sound frame by frame."""

from __future__ import annotations

import torch
from torch import nn

from models.toolbox.attention import SPAN, encoded, encoder, positions
from models.toolbox.motion_net import MotionNet

CONTEXT = 2
"""Layers that the sound goes through."""


def biased_past(frames: int, heads: int, period: int) -> torch.Tensor:
    """Attention to the past alone, fainter by whole periods (after Press et al. 2022); (heads, F, F)."""
    number = torch.arange(frames)
    back = number[:, None] - number[None]
    slopes = 2.0 ** (-8.0 * torch.arange(1, heads + 1) / heads)
    bias = -slopes[:, None, None] * torch.div(back, period, rounding_mode="floor")
    return bias.masked_fill(back < 0, float("-inf"))


class FaceFormerNet(MotionNet):
    """Autoregressive, or all frames at once.

    Parameters
    ----------
    autoregressive : bool
        Each frame follows from those before; otherwise from the sound alone, which is as good and far faster.
    period : int
        Frames of a period of the positions: one second of motion, as published.
    align : int
        Frames of sound to either side that a frame of motion attends to.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        width: int = 64,
        heads: int = 4,
        period: int = 30,
        align: int = 4,
        autoregressive: bool = True,
    ) -> None:
        super().__init__(inputs, outputs)
        self.heads, self.period, self.align, self.autoregressive = heads, period, align, autoregressive
        # Whole periods, for positions to be the same in every window.
        self.window = max(240 // period, 1) * period
        if autoregressive:
            self.overlap = 2 * period
        else:
            self.reach = -(-(CONTEXT * SPAN + align) // period) * period
        self.listen = nn.Sequential(nn.Linear(inputs, width), nn.GELU(), nn.Linear(width, width))
        self.context = encoder(width, CONTEXT, heads, 0.1)
        self.past = nn.Linear(outputs, width)
        self.decoder = nn.TransformerDecoderLayer(width, heads, 2 * width, 0.1, batch_first=True)
        self.out = nn.Linear(width, outputs)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict motion (B, F, O), frame after frame where it is autoregressive."""
        memory = self._heard(features)
        clips, frames, _ = memory.shape
        if not self.autoregressive:
            return self._decoded(memory, memory.new_zeros(clips, frames, self.outputs))
        before = memory.new_zeros(clips, 1, self.outputs)
        bias = biased_past(frames, self.heads, self.period).to(memory)
        place = positions(frames, memory.shape[2], period=self.period).to(memory)
        queries = memory.new_empty(clips, frames, memory.shape[2])
        said = []
        for frame in range(frames):
            queries[:, frame] = self.past(before)[:, 0] + place[frame]
            near = memory[:, max(frame - self.align, 0) : frame + self.align + 1]
            before = self._latest(queries[:, : frame + 1], near, bias[:, frame : frame + 1, : frame + 1])
            said.append(before)
        return torch.cat(said, dim=1)

    def _latest(self, queries: torch.Tensor, near: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """Decode the last frame alone: in a single layer no earlier one depends on it."""
        layer, last = self.decoder, queries[:, -1:]
        bias = bias.repeat(len(queries), 1, 1)
        past, _ = layer.self_attn(last, queries, queries, attn_mask=bias, need_weights=False)
        last = layer.norm1(last + layer.dropout1(past))
        heard, _ = layer.multihead_attn(last, near, near, need_weights=False)
        last = layer.norm2(last + layer.dropout2(heard))
        grown = layer.linear2(layer.dropout(layer.activation(layer.linear1(last))))
        predicted: torch.Tensor = self.out(layer.norm3(last + layer.dropout3(grown)))
        return predicted

    def taught(self, features: torch.Tensor, motion: torch.Tensor) -> torch.Tensor:
        """Predict from the true past half of the time, and from none in the other half.

        Predicting all frames in turn at each step, as published, costs a network pass a frame; a past that is
        sometimes missing keeps the network from leaning on it.
        """
        if not self.autoregressive:
            return self.predict(features)
        past = nn.functional.pad(motion, (0, 0, 1, 0))[:, :-1]
        past = past + 0.3 * torch.randn_like(past)
        kept = (torch.rand(len(past), 1, 1) < 0.5).to(past)
        return self._decoded(self._heard(features), past * kept)

    def _heard(self, features: torch.Tensor) -> torch.Tensor:
        hidden = self.listen(features)
        place = positions(hidden.shape[1], hidden.shape[2], self.period)
        return encoded(self.context, hidden + place.to(hidden))

    def _decoded(self, memory: torch.Tensor, past: torch.Tensor) -> torch.Tensor:
        frames, sounds = past.shape[1], memory.shape[1]
        query = self.past(past)
        query = query + positions(frames, query.shape[2], period=self.period).to(query)
        bias = biased_past(frames, self.heads, self.period)
        if not self.autoregressive:  # there is no past to remember; its length must not matter
            bias = bias.masked_fill(bias < 0, float("-inf"))
        bias = bias.to(query).repeat(len(past), 1, 1)
        apart = torch.arange(frames)[:, None] - torch.arange(sounds)[None]
        far = (apart.abs() > self.align).to(query.device)
        aligned = torch.zeros(frames, sounds).to(query).masked_fill(far, float("-inf"))
        predicted: torch.Tensor = self.out(self.decoder(query, memory, bias, aligned))
        return predicted
