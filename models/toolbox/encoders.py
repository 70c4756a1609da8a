"""Pretrained encoders of sound, through ``transformers``: wav2vec 2.0, HuBERT, WavLM, Whisper's encoder.

Always from a folder on this machine. Letters: B clips, N samples at 16 kHz, T hidden states, W their width.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from models.frontend import SAMPLE_RATE
from models.toolbox.encoder_folders import LAST, MEAN, EncoderError
from models.toolbox.transformers_library import Record, configuration, library, untrained

BLOCK_S = 30
"""Seconds that are heard at once; longer sounds in blocks that share a third."""
SPEECH_LEVEL = 0.05
"""Root mean square of speech as recorded, for encoders that were not trained on standardised sound."""
WHISPER_HOP = 320


class SoundEncoder(nn.Module):
    """Hidden states, 50 a second, of a standardised sound.

    Parameters
    ----------
    record : mapping
        ``kind`` and ``layer`` as in `EncoderName`, ``standardised`` (whether the encoder wants its sound so),
        and ``config`` as transformers writes it. Plain JSON.
    network : nn.Module or None
        Of transformers, trained; an untrained one is made where it is not given.

    Attributes
    ----------
    width : int
        W.
    hop : int
        Samples from one hidden state to the next.
    centre : float
        Samples before the middle of the first one.

    Raises
    ------
    EncoderError
        transformers is not installed, or the record makes no encoder.
    """

    def __init__(self, record: Record, network: nn.Module | None = None) -> None:
        super().__init__()
        self.record, self.kind, self.layer = record, str(record["kind"]), str(record["layer"])
        self.config = configuration(self.kind, record["config"])
        self.network: Any = network or untrained(self.kind, self.config)
        if self.layer.isdigit() and int(self.layer) > len(self.layers):
            raise EncoderError(f"layer {self.layer} is wanted of an encoder with {len(self.layers)}")
        self.width = int(self.config.hidden_size)
        if self.kind == "whisper":
            self.hop, self.reach = WHISPER_HOP, 1
            self.block = int(self.config.max_source_positions) * self.hop
            self._mel = library().WhisperFeatureExtractor(
                feature_size=self.config.num_mel_bins, chunk_length=self.block // SAMPLE_RATE
            )
        else:
            self.hop, self.reach = _strides(self.config.conv_kernel, self.config.conv_stride)
            self.block = BLOCK_S * SAMPLE_RATE // self.hop * self.hop
        self.centre = (self.reach - 1) / 2

    @property
    def layers(self) -> nn.ModuleList:
        """Its Transformer layers."""
        layers = self.network.layers if self.kind == "whisper" else self.network.encoder.layers
        assert isinstance(layers, nn.ModuleList)
        return layers

    def forward(
        self, sound: torch.Tensor, progress: Callable[[float], None] = lambda _share: None
    ) -> torch.Tensor:
        """Hear (B, N), standardised, as (B, T, W); a long sound in blocks that are faded into each other."""
        samples = sound.shape[1]
        if samples <= self.block:
            return self._heard(sound)
        context = self.block // self.hop // 6
        step = self.block // self.hop - 2 * context
        states = sound.new_zeros(len(sound), self.states(samples), self.width)
        for first in range(0, -(-samples // self.hop) - 2 * context, step):
            part = self._heard(sound[:, first * self.hop : first * self.hop + self.block])
            last = first * self.hop + self.block >= samples
            place = torch.arange(part.shape[1], device=part.device) / context - 0.5
            share = place.clamp(0, 1) if first else torch.ones_like(place)
            if not last:
                share = share * (1 - (place - step / context).clamp(0, 1))
            states[:, first : first + part.shape[1]] += part * share[:, None]
            progress(min((first + part.shape[1]) / states.shape[1], 1.0))
        return states

    def states(self, samples: int) -> int:
        """T of so many samples."""
        if self.kind == "whisper":
            return -(-samples // self.hop)
        return (max(samples, self.reach) - self.reach) // self.hop + 1

    def freeze(self) -> None:
        """Let nothing of it learn."""
        self.requires_grad_(False)
        if self.kind != "whisper":
            # The convolutions would ask for the gradient of the sound otherwise.
            self.network.feature_extractor._freeze_parameters()

    def idle(self) -> tuple[torch.Tensor, ...]:
        """Weights that play no part in hearing."""
        mask = getattr(self.network, "masked_spec_embed", None)
        return () if mask is None else (mask,)

    def _heard(self, sound: torch.Tensor) -> torch.Tensor:
        level = 1.0 if self.record["standardised"] else SPEECH_LEVEL
        if self.kind == "whisper":
            clips = list((sound.detach() * level).float().cpu().numpy())
            inputs = self._mel(clips, sampling_rate=SAMPLE_RATE, return_tensors="pt").input_features
            inputs = inputs.to(sound)
        else:
            inputs = nn.functional.pad(sound * level, (0, max(0, self.reach - sound.shape[1])))
        found = self.network(inputs, output_hidden_states=self.layer != LAST)
        return self._chosen(found)[:, : self.states(sound.shape[1])]

    def _chosen(self, found: Any) -> torch.Tensor:
        if self.layer == LAST:
            chosen: torch.Tensor = found.last_hidden_state
        elif self.layer == MEAN:
            chosen = torch.stack(found.hidden_states).mean(0)
        else:
            chosen = found.hidden_states[int(self.layer)]
        return chosen


def standardised(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring a whole sound to mean 0 and variance 1, as most encoders were trained on."""
    centred = samples - samples.mean(dtype=np.float64)
    return np.asarray(centred / np.sqrt(centred.var(dtype=np.float64) + 1e-7), np.float32)


def between(states: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """States (..., T, W) at fractional places (F,), linearly between neighbours; returns (..., F, W)."""
    places = places.clamp(0, states.shape[-2] - 1)
    before = places.long()
    share = (places - before).to(states.dtype)[:, None]
    after = (before + 1).clamp(max=states.shape[-2] - 1)
    return states[..., before, :] * (1 - share) + states[..., after, :] * share


def _strides(kernels: list[int], strides: list[int]) -> tuple[int, int]:
    """Hop and reach of a stack of convolutions, in samples."""
    hop, reach = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        reach += (kernel - 1) * hop
        hop *= stride
    return hop, reach
