"""The encoder of wav2vec 2.0 (Baevski et al. 2020) inside a network, heard at the rate of the motion."""

from __future__ import annotations

import json
from collections.abc import Mapping

import torch
from torch import nn

from models.toolbox.transformers_library import library

HEAD = 64
"""Width of an attention head in every published size."""


def encoder_config(shapes: Mapping[str, tuple[int, ...]]) -> str:
    """Describe an encoder by the shapes of its tensors.

    Parameters
    ----------
    shapes : mapping of str to tuple of int
        By the names of `transformers.Wav2Vec2Model`.

    Returns
    -------
    str
        JSON of what its configuration has other than ``wav2vec2-base``.

    Raises
    ------
    KeyError
        A tensor that says a size is missing.
    """
    convolutions = [
        shapes[name] for name in _numbered(shapes, "feature_extractor.conv_layers.{}.conv.weight")
    ]
    hidden, _ = shapes["feature_projection.projection.weight"]
    position = shapes["encoder.pos_conv_embed.conv.parametrizations.weight.original1"]
    layers = _numbered(shapes, "encoder.layers.{}.feed_forward.intermediate_dense.weight")
    grouped = "feature_extractor.conv_layers.1.layer_norm.weight" not in shapes
    return json.dumps(
        {
            "hidden_size": hidden,
            "conv_dim": [shape[0] for shape in convolutions],
            "conv_kernel": [shape[2] for shape in convolutions],
            "conv_stride": [5] + [2] * (len(convolutions) - 1),
            "conv_bias": "feature_extractor.conv_layers.0.conv.bias" in shapes,
            "feat_extract_norm": "group" if grouped else "layer",
            "do_stable_layer_norm": not grouped,
            "num_feat_extract_layers": len(convolutions),
            "num_hidden_layers": len(layers),
            "num_attention_heads": max(hidden // HEAD, 1),
            "intermediate_size": shapes[layers[0]][0],
            "num_conv_pos_embeddings": position[2],
            "num_conv_pos_embedding_groups": hidden // position[1],
        }
    )


def built_encoder(config: str) -> nn.Module:
    """Make an untrained encoder.

    Raises
    ------
    EncoderError
        transformers is not installed.
    """
    transformers = library()
    # Its mask hides parts of the sound in training, and is a weight that use does without.
    unmasked = {"mask_time_prob": 0.0, "mask_feature_prob": 0.0}
    encoder: nn.Module = transformers.Wav2Vec2Model(
        transformers.Wav2Vec2Config(**json.loads(config), **unmasked)
    )
    return encoder


def encoded(encoder: nn.Module, sound: torch.Tensor, frames: int, *, stretched: bool) -> torch.Tensor:
    """Hear a sound in so many frames.

    FaceFormer changes the rate between the convolutions and the attention, so that the latter hears frames of
    motion.

    Parameters
    ----------
    sound : tensor of shape (B, N)
        Standardised as a whole.
    frames : int
        Wanted.
    stretched : bool
        Spread the frames of the convolutions evenly over those wanted; else take the first ones.

    Returns
    -------
    tensor of shape (B, frames, hidden)
    """
    heard = encoder.get_submodule("feature_extractor")(sound)
    if stretched:
        heard = nn.functional.interpolate(heard, size=frames, align_corners=True, mode="linear")
    hidden, _ = encoder.get_submodule("feature_projection")(heard[:, :, :frames].transpose(1, 2))
    context: torch.Tensor = encoder.get_submodule("encoder")(hidden).last_hidden_state
    return context


def _numbered(shapes: Mapping[str, tuple[int, ...]], pattern: str) -> list[str]:
    names = [pattern.format(0)]
    if names[0] not in shapes:
        raise KeyError(names[0])
    while (name := pattern.format(len(names))) in shapes:
        names.append(name)
    return names
