"""A decoder of one layer over its own past motion, frame after frame, in linear time.

Keys and values of the frames before are kept, so many of them as the decoder may look back at: so it goes on
from where it stopped, and parts in turn are the whole. The way from a frame's state over the motion to the
next frame's token is linear: put into one matrix, it keeps vertices out of the loop.

Letters: B clips, F frames, H heads, W width, M frames of memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn


@dataclass(frozen=True, eq=False)
class OwnPast:
    """What the coming frame depends on.

    Attributes
    ----------
    frame : int
        Its number, counted from the beginning of the sound.
    token : tensor of shape (B, W)
        What it starts from, but for its position.
    keys, values : tensor of shape (B, H, n, W / H)
        Of the n frames before it, M - 1 at most.
    """

    frame: int
    token: torch.Tensor
    keys: torch.Tensor
    values: torch.Tensor

    @classmethod
    def none(cls, token: torch.Tensor, heads: int, frame: int = 0) -> OwnPast:
        """Begin."""
        empty = token.new_zeros(len(token), heads, 0, token.shape[1] // heads)
        return cls(frame, token, empty, empty)


def faded(frames: int, heads: int, period: int) -> torch.Tensor:
    """How much less each of the frames before counts, by whole periods (after Press et al. 2022): (H, F).

    The last column is the frame itself.
    """
    back = torch.div(torch.arange(frames).flip(0), period, rounding_mode="floor")
    return -(2.0 ** (-8.0 * torch.arange(1, heads + 1) / heads))[:, None] * back


def biased_past(frames: int, heads: int, period: int, memory: int) -> torch.Tensor:
    """Attention to the past alone, faded, and to no more than its memory; (H, F, F)."""
    number = torch.arange(frames)
    back = number[:, None] - number[None]
    bias = faded(frames, heads, period).flip(1)[:, back.clamp(min=0)]
    return bias.masked_fill((back < 0) | (back >= memory), float("-inf"))


class Stepping:
    """One post-normalised decoder layer that is asked a frame at a time.

    Parameters
    ----------
    layer : nn.TransformerDecoderLayer
    bias : tensor of shape (H, M)
        Of `faded`; M says how far back it looks.
    into, out : nn.Linear
        From the motion to a token, and from the layer's states to the motion.
    style : tensor of shape (B, W), optional
        Added to every token.
    """

    def __init__(
        self,
        layer: nn.TransformerDecoderLayer,
        bias: torch.Tensor,
        into: nn.Linear,
        out: nn.Linear,
        style: torch.Tensor | None = None,
    ) -> None:
        self.layer, self.bias = layer, bias
        self.heads, self.memory = bias.shape
        self.own, self.sounds = _projections(layer.self_attn), _projections(layer.multihead_attn)
        self.turn, self.shift = into.weight @ out.weight, into.weight @ out.bias + into.bias
        if style is not None:
            self.shift = self.shift + style

    def decoded(
        self, sound: torch.Tensor, near: Sequence[slice], places: torch.Tensor, past: OwnPast
    ) -> tuple[torch.Tensor, OwnPast]:
        """Decode frames that follow a past.

        Parameters
        ----------
        sound : tensor of shape (B, S, W)
        near : sequence of F slices
            Which of the sounds each frame attends to.
        places : tensor of shape (F, W)
            Positions.
        past : OwnPast

        Returns
        -------
        tensor of shape (B, F, W)
            States of the layer.
        OwnPast
            For the frames after them.
        """
        asking, *remembering = self.sounds
        heard = [self._parted(each(sound)) for each in remembering]
        token, own, states = past.token, (past.keys, past.values), []
        for span, place in zip(near, places, strict=True):
            query, *latest = (self._parted(each((token + place)[:, None])) for each in self.own)
            kept = [
                torch.cat([old[:, :, -(self.memory - 1) :], new], 2)
                for old, new in zip(own, latest, strict=True)
            ]
            own = kept[0], kept[1]
            state = self._step(token + place, query, own, asking, [each[:, :, span] for each in heard])
            states.append(state)
            token = state @ self.turn.T + self.shift
        keys, values = (each[:, :, -(self.memory - 1) :] for each in own)
        return torch.stack(states, dim=1), OwnPast(past.frame + len(near), token, keys, values)

    def _step(
        self,
        token: torch.Tensor,
        query: torch.Tensor,
        own: tuple[torch.Tensor, torch.Tensor],
        asking: Callable[[torch.Tensor], torch.Tensor],
        heard: Sequence[torch.Tensor],
    ) -> torch.Tensor:
        layer, bias = self.layer, self.bias[:, None, -own[0].shape[2] :]
        hidden = layer.norm1(token + layer.self_attn.out_proj(_attended(query, *own, bias)))
        wanted = self._parted(asking(hidden)[:, None])
        sound = _attended(wanted, heard[0], heard[1])
        hidden = layer.norm2(hidden + layer.multihead_attn.out_proj(sound))
        inner = layer.linear2(layer.activation(layer.linear1(hidden)))
        state: torch.Tensor = layer.norm3(hidden + inner)
        return state

    def _parted(self, values: torch.Tensor) -> torch.Tensor:
        """(B, n, W) by heads: (B, H, n, W / H)."""
        return values.reshape(*values.shape[:-1], self.heads, -1).transpose(-3, -2)


def _projections(attention: nn.MultiheadAttention) -> list[Callable[[torch.Tensor], torch.Tensor]]:
    """Query, key and value, which are stored in one."""
    parts = zip(attention.in_proj_weight.chunk(3), attention.in_proj_bias.chunk(3), strict=True)
    return [partial(nn.functional.linear, weight=weight, bias=bias) for weight, bias in parts]


def _attended(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, bias: torch.Tensor | None = None
) -> torch.Tensor:
    found = nn.functional.scaled_dot_product_attention(query, keys, values, attn_mask=bias)
    return found.transpose(-3, -2).flatten(-2)[:, 0]
