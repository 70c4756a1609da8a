"""FaceFormer as published (Fan et al. 2022), and as guided by a lip-reader (INTERSPEECH 2024)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from models.toolbox.attention import positions
from models.toolbox.faceformer import biased_past
from models.toolbox.motion_net import MotionNet
from models.toolbox.published.wav2vec2 import built_encoder, encoded

HEADS = 4
LONGEST = 600
"""Frames it was made for; its positions are stored that far."""
HOP = 320
"""Samples of sound between two frames of the encoder."""
REACH = 400
"""Samples of sound that one frame of the encoder sees."""


class PeriodicPositions(nn.Module):
    """Positions that repeat, stored with the weights."""

    pe: torch.Tensor

    def __init__(self, width: int, period: int) -> None:
        super().__init__()
        length = (LONGEST // period + 1) * period
        self.register_buffer("pe", positions(length, width, period)[None])


class PublishedFaceFormer(MotionNet):
    """Motion of a whole face from the sound itself and from the motion so far.

    Its features are the ear ``sound`` (a frame's own samples), and after it the columns of the speaker. Where
    a frame of motion holds two frames of the encoder (25 a second, BIWI), it attends to both; else the
    encoder's frames are spread over those of the motion (30 a second, VOCASET).

    Parameters
    ----------
    styles : int
        Speakers it learnt from, the last columns of the features.
    wav2vec2 : str
        Configuration of the encoder, JSON of what is not as in ``wav2vec2-base``.
    """

    window, overlap = LONGEST, 60

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        styles: int = 8,
        width: int = 64,
        period: int = 30,
        wav2vec2: str = "{}",
    ) -> None:
        super().__init__(inputs, outputs)
        self.styles, self.period = styles, period
        self.sounds = 2 if inputs - styles == 2 * HOP else 1
        self.audio_encoder = built_encoder(wav2vec2)
        self.audio_feature_map = nn.Linear(int(self.audio_encoder.config.hidden_size), width)  # type: ignore[union-attr,arg-type]  # transformers is untyped
        self.vertice_map = nn.Linear(outputs, width)
        self.PPE = PeriodicPositions(width, period)
        layer = nn.TransformerDecoderLayer(width, HEADS, 2 * width, batch_first=True)
        self.transformer_decoder = nn.TransformerDecoder(layer, 1)
        self.vertice_map_r = nn.Linear(width, outputs)
        self.obj_vector = nn.Linear(styles, width, bias=False)
        nn.init.zeros_(self.vertice_map_r.weight)
        nn.init.zeros_(self.vertice_map_r.bias)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict displacements (B, F, O) from the sound's frames and the speaker's columns."""
        sound, style = torch.split(features, [self.inputs - self.styles, self.styles], dim=2)
        hidden = self.decoded(self.heard(sound), self.obj_vector(style[:, 0]))
        motion: torch.Tensor = self.vertice_map_r(hidden)
        return motion

    def heard(self, sound: torch.Tensor) -> torch.Tensor:
        """Hear what the decoder attends to: (B, F, n, width), n frames of the encoder for one of motion."""
        frames = sound.shape[1]
        # Some samples more, that the last frame of the encoder is whole.
        wave = nn.functional.pad(sound.flatten(1), (0, REACH - HOP))
        memory = encoded(self.audio_encoder, wave, frames * self.sounds, stretched=self.sounds == 1)
        mapped: torch.Tensor = self.audio_feature_map(memory)
        return mapped.reshape(len(sound), frames, self.sounds, -1)

    def decoded(self, memory: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        """Decode frame after frame, each from all those before.

        Parameters
        ----------
        memory : tensor of shape (B, F, n, width)
        style : tensor of shape (B, width)

        Returns
        -------
        tensor of shape (B, F, width)
        """
        frames = memory.shape[1]
        layer = _DecoderLayer(self.transformer_decoder.layers[0], memory)
        bias = biased_past(frames, HEADS, self.period).to(memory)
        place = self.PPE.pe[0, torch.arange(frames) % self.period]
        # The way back in is linear after one that is linear: both in one keep the vertices out of the loop.
        weight = self.vertice_map.weight @ self.vertice_map_r.weight
        shift = self.vertice_map.weight @ self.vertice_map_r.bias + self.vertice_map.bias + style
        token, hidden = style, []
        for frame in range(frames):
            hidden.append(layer.next(token + place[frame], bias[:, frame, : frame + 1], frame))
            token = hidden[-1] @ weight.T + shift
        return torch.stack(hidden, dim=1)


class _DecoderLayer:
    """One post-normalised decoder layer, a frame at a time: keys and values of the past are kept."""

    def __init__(self, layer: nn.TransformerDecoderLayer, memory: torch.Tensor) -> None:
        self.layer = layer
        self.query, keys, values = _projections(layer.multihead_attn)
        self.sound_keys, self.sound_values = _parted(keys(memory)), _parted(values(memory))
        self.own = _projections(layer.self_attn)
        empty = memory.new_zeros(len(memory), HEADS, 0, memory.shape[3] // HEADS)
        self.keys, self.values = empty, empty

    def next(self, token: torch.Tensor, bias: torch.Tensor, frame: int) -> torch.Tensor:
        layer = self.layer
        query, key, value = (_parted(each(token)[:, None]) for each in self.own)
        self.keys, self.values = torch.cat([self.keys, key], 2), torch.cat([self.values, value], 2)
        past = _attended(query, self.keys, self.values, bias[:, None])
        hidden = layer.norm1(token + layer.self_attn.out_proj(past))
        keys, values = self.sound_keys[:, frame], self.sound_values[:, frame]
        sound = _attended(_parted(self.query(hidden)[:, None]), keys, values)
        hidden = layer.norm2(hidden + layer.multihead_attn.out_proj(sound))
        inner = layer.linear2(nn.functional.relu(layer.linear1(hidden)))
        normal: torch.Tensor = layer.norm3(hidden + inner)
        return normal


def _projections(attention: nn.MultiheadAttention) -> list[Callable[[torch.Tensor], torch.Tensor]]:
    """Query, key and value, which are stored in one."""
    parts = zip(attention.in_proj_weight.chunk(3), attention.in_proj_bias.chunk(3), strict=True)
    return [partial(nn.functional.linear, weight=weight, bias=bias) for weight, bias in parts]


def _parted(values: torch.Tensor) -> torch.Tensor:
    """(..., n, width) by heads: (..., heads, n, width / heads)."""
    return values.reshape(*values.shape[:-1], HEADS, -1).transpose(-3, -2)


def _attended(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, bias: torch.Tensor | None = None
) -> torch.Tensor:
    found = nn.functional.scaled_dot_product_attention(query, keys, values, attn_mask=bias)
    return found.transpose(-3, -2).flatten(-2)[:, 0]
