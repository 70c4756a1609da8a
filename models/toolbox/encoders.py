"""Pretrained encoders of sound, through ``transformers``: wav2vec 2.0, HuBERT, WavLM, Whisper's encoder.

Always from a folder on this machine. Letters: B clips, N samples at 16 kHz, T hidden states, W their width.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import nn

from models.frontend import SAMPLE_RATE
from models.toolbox.encoder_folders import LAST, MEAN, EncoderError, EncoderName, located

MODELS = {"wav2vec2": "Wav2Vec2", "hubert": "Hubert", "wavlm": "WavLM", "whisper": "Whisper"}
BLOCK_S = 30
"""Seconds that are heard at once; longer sounds in blocks that share a third."""
SPEECH_LEVEL = 0.05
"""Root mean square of speech as recorded, for encoders that were not trained on standardised sound."""
WHISPER_HOP = 320
PASSING = ("_name_or_path", "architectures", "dtype", "torch_dtype", "transformers_version")
"""Of a configuration, what says nothing about the network."""
Record = Mapping[str, Any]


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
        self.config = _config(self.kind, record["config"])
        self.network: Any = network or _untrained(self.kind, self.config)
        if self.layer.isdigit() and int(self.layer) > len(self.layers):
            raise EncoderError(f"layer {self.layer} is wanted of an encoder with {len(self.layers)}")
        self.width = int(self.config.hidden_size)
        if self.kind == "whisper":
            self.hop, self.reach = WHISPER_HOP, 1
            self.block = int(self.config.max_source_positions) * self.hop
            self._mel = _transformers().WhisperFeatureExtractor(
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


def load_encoder(name: EncoderName) -> SoundEncoder:
    """Load an encoder from its folder, in evaluation mode.

    Raises
    ------
    EncoderError
        It is not found, damaged, of another kind, or transformers is not installed.
    """
    folder, record = located(name), record_of(name)
    whole = getattr(_transformers(), f"{MODELS[name.kind]}Model")
    try:
        network, report = whole.from_pretrained(
            folder,
            config=_config(name.kind, record["config"]),
            dtype=torch.float32,
            local_files_only=True,
            use_safetensors=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise EncoderError(f"{folder}: no {name.kind} encoder, or a damaged one") from error
    lost = [key for key in report["missing_keys"] if not key.startswith(("decoder.", "masked_spec_embed"))]
    if lost:  # else they would be random numbers
        raise EncoderError(f"{folder}: lacks weights: {', '.join(sorted(lost)[:3])}")
    return SoundEncoder(record, network.encoder if name.kind == "whisper" else network).eval()


def record_of(name: EncoderName) -> Record:
    """Describe an encoder so that it can be made again without its folder.

    Raises
    ------
    EncoderError
        It is not found, of another kind, or its configuration is damaged.
    """
    folder = located(name)
    config, sound = _json(folder / "config.json"), _json(folder / "preprocessor_config.json")
    if config.get("model_type") != name.kind:
        raise EncoderError(f"{folder}: is of kind {config.get('model_type')}, not {name.kind}")
    wanted = bool(sound.get("do_normalize", name.kind != "whisper"))
    kept = {key: value for key, value in config.items() if key not in PASSING}
    return {"kind": name.kind, "layer": name.layer, "standardised": wanted, "config": kept}


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


def _transformers() -> Any:
    try:
        # By name, as its types take the checker minutes.
        found = importlib.import_module("transformers")
    except ImportError as error:
        raise EncoderError(
            "pretrained encoders need transformers: pip install 'editable-lipsync[hear]'"
        ) from error
    found.utils.logging.disable_progress_bar()
    return found


def _config(kind: str, record: Record) -> Any:
    # Nothing random that torch's seed does not rule, and no adapter, which would change the rate.
    still = {"apply_spec_augment": False, "layerdrop": 0.0, "encoder_layerdrop": 0.0, "add_adapter": False}
    return getattr(_transformers(), f"{MODELS[kind]}Config").from_dict({**record, **still})


def _untrained(kind: str, config: Any) -> Any:
    if kind == "whisper":
        return importlib.import_module("transformers.models.whisper.modeling_whisper").WhisperEncoder(config)
    return getattr(_transformers(), f"{MODELS[kind]}Model")(config)


def _strides(kernels: list[int], strides: list[int]) -> tuple[int, int]:
    """Hop and reach of a stack of convolutions, in samples."""
    hop, reach = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        reach += (kernel - 1) * hop
        hop *= stride
    return hop, reach


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise EncoderError(f"{path}: no JSON") from error
