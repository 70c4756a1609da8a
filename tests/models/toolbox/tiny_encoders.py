"""Encoders of the published kinds, as small as they can be, with weights that were never trained."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import torch

NAMES = {"wav2vec2": "Wav2Vec2", "hubert": "Hubert", "wavlm": "WavLM", "whisper": "Whisper"}
SMALL = {
    **{"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 32},
    **{"conv_dim": (16,) * 7, "num_conv_pos_embeddings": 16, "num_conv_pos_embedding_groups": 2},
}
WHISPER = {
    **{"d_model": 32, "encoder_layers": 3, "encoder_attention_heads": 2, "encoder_ffn_dim": 32},
    **{"decoder_layers": 1, "decoder_attention_heads": 2, "decoder_ffn_dim": 32, "vocab_size": 100},
    **{"num_mel_bins": 80, "max_source_positions": 200, "pad_token_id": 0, "bos_token_id": 1},
    **{"eos_token_id": 2, "decoder_start_token_id": 1},
}


def save_tiny(kind: str, folder: Path, seed: int = 0, **changes: Any) -> Any:
    """Save an encoder into a folder, and return transformers' network."""
    transformers = importlib.import_module("transformers")
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(seed)
    options = {**(WHISPER if kind == "whisper" else SMALL), **changes}
    config = getattr(transformers, f"{NAMES[kind]}Config")(**options)
    network = getattr(transformers, f"{NAMES[kind]}Model")(config).eval()
    network.save_pretrained(folder)
    return network
