"""FaceFormer (Fan et al. 2022): a decoder over its own past motion, aligned with the sound frame by frame."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from models.toolbox.attention import SPAN, encoded, encoder, positions
from models.toolbox.motion_net import MotionNet
from models.toolbox.own_past import OwnPast, Stepping, biased_past, faded

CONTEXT = 2
"""Layers that the sound goes through."""


class FaceFormerNet(MotionNet):
    """Autoregressive, or all frames at once.

    Parameters
    ----------
    autoregressive : bool
        Each frame follows from those before, as many as make a window; otherwise from the sound alone, which
        is as good and far faster.
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
        self.reach = -(-(CONTEXT * SPAN + align) // period) * period
        self.remembers = autoregressive
        self.listen = nn.Sequential(nn.Linear(inputs, width), nn.GELU(), nn.Linear(width, width))
        self.context = encoder(width, CONTEXT, heads, 0.1)
        self.past = nn.Linear(outputs, width)
        self.decoder = nn.TransformerDecoderLayer(width, heads, 2 * width, 0.1, batch_first=True)
        self.out = nn.Linear(width, outputs)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict motion (B, F, O), frame after frame where it is autoregressive."""
        if self.autoregressive:
            return self.go_on(features, slice(0, features.shape[1]))[0]
        memory = self._heard(features)
        return self._decoded(memory, memory.new_zeros(*memory.shape[:2], self.outputs))

    def go_on(
        self,
        heard: torch.Tensor,
        kept: slice,
        past: OwnPast | None = None,
        progress: Callable[[float], None] = lambda _share: None,
    ) -> tuple[torch.Tensor, OwnPast | None]:
        """Predict some frames of a window, after those that were predicted before."""
        del progress
        if not self.autoregressive:
            return self.predict(heard)[:, kept], None
        frames = range(*kept.indices(heard.shape[1]))
        start = past.frame - frames.start if past else 0
        memory = self._heard(heard, start)
        if past is None:
            past = OwnPast.none(self.past.bias.expand(len(heard), -1), self.heads, frames.start)
        bias = faded(self.window, self.heads, self.period).to(memory)
        places = self._places(past.frame, len(frames)).to(memory)
        near = [slice(max(frame - self.align, 0), frame + self.align + 1) for frame in frames]
        stepping = Stepping(self.decoder, bias, self.past, self.out)
        states, past = stepping.decoded(memory, near, places, past)
        return self.out(states), past

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

    def _heard(self, features: torch.Tensor, first: int = 0) -> torch.Tensor:
        hidden = self.listen(features)
        return encoded(self.context, hidden + self._places(first, hidden.shape[1]).to(hidden))

    def _places(self, first: int, frames: int) -> torch.Tensor:
        """Positions of frames in a row, of which the first has that number, (F, width)."""
        first = first % self.period
        return positions(first + frames, self.past.out_features, self.period)[first:]

    def _decoded(self, memory: torch.Tensor, past: torch.Tensor) -> torch.Tensor:
        frames, sounds = past.shape[1], memory.shape[1]
        query = self.past(past)
        query = query + self._places(0, frames).to(query)
        bias = biased_past(frames, self.heads, self.period, self.window)
        if not self.autoregressive:  # there is no past to remember; its length must not matter
            bias = bias.masked_fill(bias < 0, float("-inf"))
        bias = bias.to(query).repeat(len(past), 1, 1)
        apart = torch.arange(frames)[:, None] - torch.arange(sounds)[None]
        far = (apart.abs() > self.align).to(query.device)
        aligned = torch.zeros(frames, sounds).to(query).masked_fill(far, float("-inf"))
        predicted: torch.Tensor = self.out(self.decoder(query, memory, bias, aligned))
        return predicted
