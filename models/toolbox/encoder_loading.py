"""Pretrained encoders of sound from their folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from models.toolbox.encoder_folders import EncoderError, EncoderName, located
from models.toolbox.encoders import SoundEncoder
from models.toolbox.transformers_library import MODELS, Record, configuration, library

PASSING = ("_name_or_path", "architectures", "dtype", "torch_dtype", "transformers_version")
"""Of a configuration, what says nothing about the network."""


def load_encoder(name: EncoderName) -> SoundEncoder:
    """Load an encoder from its folder, in evaluation mode.

    Raises
    ------
    EncoderError
        It is not found, damaged, of another kind, or transformers is not installed.
    """
    folder, record = located(name), record_of(name)
    whole = getattr(library(), f"{MODELS[name.kind]}Model")
    try:
        network, report = whole.from_pretrained(
            folder,
            config=configuration(name.kind, record["config"]),
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


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise EncoderError(f"{path}: no JSON") from error
