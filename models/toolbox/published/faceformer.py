"""FaceFormer as published (Fan et al. 2022), and as guided by a lip-reader (INTERSPEECH 2024)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from models.toolbox.attention import positions
from models.toolbox.motion_net import MotionNet
from models.toolbox.own_past import OwnPast, Stepping, faded
from models.toolbox.published.wav2vec2 import built_encoder, encoded
from models.toolbox.windows import lay, windows

HEADS = 4
LONGEST = 600
"""Frames it was made for: heard at once, and looked back at; its positions are stored that far."""
SHARED = 200
"""Frames of a longer sound that are heard in two blocks, and faded over from one to the next."""
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

    window, remembers, hears = LONGEST, True, True

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
        return self.go_on(self.hear(features), slice(0, features.shape[1]))[0]

    def hear(
        self, features: torch.Tensor, progress: Callable[[float], None] = lambda _share: None
    ) -> torch.Tensor:
        """Hear a whole sound in blocks; (B, F, n * width + styles), as `heard` and the speaker's columns."""
        sound, style = torch.split(features, [self.inputs - self.styles, self.styles], dim=2)
        frames = sound.shape[1]
        if frames <= LONGEST:
            return torch.cat([self.heard(sound).flatten(2), style], dim=2)
        memory = sound.new_zeros(len(sound), frames, self.sounds * self.audio_feature_map.out_features)
        for read, _ in windows(frames, LONGEST, 0, SHARED):
            lay(self.heard(sound[:, read]).flatten(2), memory, read.start, SHARED)
            progress(read.stop / frames)
        return torch.cat([memory, style], dim=2)

    def go_on(
        self,
        heard: torch.Tensor,
        kept: slice,
        past: OwnPast | None = None,
        progress: Callable[[float], None] = lambda _share: None,
    ) -> tuple[torch.Tensor, OwnPast]:
        """Predict some frames after those that were predicted before."""
        del progress
        memory, style = heard[:, kept, : -self.styles], self.obj_vector(heard[:, 0, -self.styles :])
        memory = memory.reshape(*memory.shape[:2], self.sounds, -1)
        states, past = self.decoded(memory, style, past)
        return self.vertice_map_r(states), past

    def heard(self, sound: torch.Tensor) -> torch.Tensor:
        """Hear what the decoder attends to: (B, F, n, width), n frames of the encoder for one of motion."""
        frames = sound.shape[1]
        # Some samples more, that the last frame of the encoder is whole.
        wave = nn.functional.pad(sound.flatten(1), (0, REACH - HOP))
        memory = encoded(self.audio_encoder, wave, frames * self.sounds, stretched=self.sounds == 1)
        mapped: torch.Tensor = self.audio_feature_map(memory)
        return mapped.reshape(len(sound), frames, self.sounds, -1)

    def decoded(
        self, memory: torch.Tensor, style: torch.Tensor, past: OwnPast | None = None
    ) -> tuple[torch.Tensor, OwnPast]:
        """Decode frame after frame, each from `LONGEST` before it.

        Parameters
        ----------
        memory : tensor of shape (B, F, n, width)
        style : tensor of shape (B, width)
        past : OwnPast, optional

        Returns
        -------
        tensor of shape (B, F, width)
        OwnPast
        """
        past = past or OwnPast.none(style, HEADS)
        frames, sounds = memory.shape[1:3]
        places = self.PPE.pe[0, (past.frame + torch.arange(frames)) % self.period]
        near = [slice(frame * sounds, (frame + 1) * sounds) for frame in range(frames)]
        layer = self.transformer_decoder.layers[0]
        assert isinstance(layer, nn.TransformerDecoderLayer)
        bias = faded(LONGEST, HEADS, self.period).to(memory)
        stepping = Stepping(layer, bias, self.vertice_map, self.vertice_map_r, style)
        return stepping.decoded(memory.flatten(1, 2), near, places, past)
