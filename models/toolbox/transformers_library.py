"""The library ``transformers``, loaded when an encoder is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from models.toolbox.encoder_folders import EncoderError

MODELS = {"wav2vec2": "Wav2Vec2", "hubert": "Hubert", "wavlm": "WavLM", "whisper": "Whisper"}
"""Names of the library's classes begin so."""
Record = Mapping[str, Any]


def library() -> Any:
    """Return the library's module.

    Raises
    ------
    EncoderError
        It is not installed.
    """
    try:
        # By name, as its types take the checker minutes.
        found = importlib.import_module("transformers")
    except ImportError as error:
        raise EncoderError(
            "pretrained encoders need transformers: pip install $(python .ci/requirements.py hear)"
        ) from error
    found.utils.logging.disable_progress_bar()
    return found


def configuration(kind: str, record: Record) -> Any:
    """Make an encoder's configuration of what its ``config.json`` says."""
    # Nothing random that torch's seed does not rule, and no adapter, which would change the rate.
    still = {"apply_spec_augment": False, "layerdrop": 0.0, "encoder_layerdrop": 0.0, "add_adapter": False}
    return getattr(library(), f"{MODELS[kind]}Config").from_dict({**record, **still})


def untrained(kind: str, config: Any) -> Any:
    """Make an encoder with weights at random."""
    if kind == "whisper":
        return importlib.import_module("transformers.models.whisper.modeling_whisper").WhisperEncoder(config)
    return getattr(library(), f"{MODELS[kind]}Model")(config)
