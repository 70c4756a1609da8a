"""Random tensors by the names and shapes of published checkpoints, written out from what was published."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from models.toolbox.published.editable import chain

CORNERS = 5
Tensors = dict[str, torch.Tensor]
Shapes = dict[str, tuple[int, ...]]
BASE = {"hidden": 768, "inner": 3072, "layers": 12, "convolution": 512, "groups": 16, "reach": 128}
TINY = {"hidden": 64, "inner": 32, "layers": 2, "convolution": 16, "groups": 4, "reach": 8}
LISTENERS = {"base": BASE, "tiny": TINY}


def linear(name: str, into: int, out: int) -> Shapes:
    return {f"{name}.weight": (out, into), f"{name}.bias": (out,)}


def norm(name: str, size: int) -> Shapes:
    return {f"{name}.weight": (size,), f"{name}.bias": (size,)}


def attention(name: str, width: int) -> Shapes:
    stacked = {f"{name}.in_proj_weight": (3 * width, width), f"{name}.in_proj_bias": (3 * width,)}
    return {**stacked, **linear(f"{name}.out_proj", width, width)}


def wav2vec2(hidden: int, inner: int, layers: int, convolution: int, groups: int, reach: int) -> Shapes:
    shapes: Shapes = {"masked_spec_embed": (hidden,)}
    for layer, kernel in enumerate((10, 3, 3, 3, 3, 2, 2)):
        into = convolution if layer else 1
        shapes[f"feature_extractor.conv_layers.{layer}.conv.weight"] = (convolution, into, kernel)
    shapes |= norm("feature_extractor.conv_layers.0.layer_norm", convolution)
    shapes |= norm("feature_projection.layer_norm", convolution)
    shapes |= linear("feature_projection.projection", convolution, hidden)
    shapes |= {
        "encoder.pos_conv_embed.conv.bias": (hidden,),
        "encoder.pos_conv_embed.conv.weight_g": (1, 1, reach),
        "encoder.pos_conv_embed.conv.weight_v": (hidden, hidden // groups, reach),
    }
    shapes |= norm("encoder.layer_norm", hidden)
    for layer in range(layers):
        front = f"encoder.layers.{layer}"
        for part in ("k_proj", "v_proj", "q_proj", "out_proj"):
            shapes |= linear(f"{front}.attention.{part}", hidden, hidden)
        shapes |= norm(f"{front}.layer_norm", hidden)
        shapes |= linear(f"{front}.feed_forward.intermediate_dense", hidden, inner)
        shapes |= linear(f"{front}.feed_forward.output_dense", inner, hidden)
        shapes |= norm(f"{front}.final_layer_norm", hidden)
    return shapes


def faceformer(listener: str, width: int, outputs: int, styles: int, period: int) -> Shapes:
    sizes = LISTENERS[listener]
    layer = "transformer_decoder.layers.0"
    shapes = {f"audio_encoder.{name}": shape for name, shape in wav2vec2(**sizes).items()}
    shapes |= linear("audio_feature_map", sizes["hidden"], width) | linear("vertice_map", outputs, width)
    shapes |= {"PPE.pe": (1, (600 // period + 1) * period, width)}
    shapes |= attention(f"{layer}.self_attn", width) | attention(f"{layer}.multihead_attn", width)
    shapes |= linear(f"{layer}.linear1", width, 2 * width) | linear(f"{layer}.linear2", 2 * width, width)
    for number in (1, 2, 3):
        shapes |= norm(f"{layer}.norm{number}", width)
    return shapes | linear("vertice_map_r", width, outputs) | {"obj_vector.weight": (width, styles)}


def encoder_stack(front: str, layers: int, width: int) -> Shapes:
    shapes: Shapes = {}
    for number in range(layers):
        layer = f"{front}.layers.{number}"
        shapes |= attention(f"{layer}.self_attn", width)
        shapes |= linear(f"{layer}.linear1", width, width) | linear(f"{layer}.linear2", width, width)
        shapes |= norm(f"{layer}.norm1", width) | norm(f"{layer}.norm2", width)
    return shapes


def editable_transformer(width: int = 512, outputs: int = 284) -> Shapes:
    shapes: Shapes = {"pos_embed": (1, 30, width)}
    shapes |= linear("input_proj", 464, width) | linear("output_proj", width, outputs)
    return shapes | encoder_stack("transformer", 2, width)


def editable_ddpm(width: int = 512, outputs: int = 10) -> Shapes:
    shapes: Shapes = {"pos_embed": (1, 30, width)}
    shapes |= linear("pose_input_proj", outputs, width) | linear("audio_proj", 464, width)
    shapes |= linear("time_embed.0", 1, width) | linear("time_embed.2", width, width)
    shapes |= encoder_stack("transformer", 4, width) | linear("output_proj", width, outputs)
    course = (
        "sqrt_beta_t",
        "alpha_t",
        "oneover_sqrta",
        "alphabar_t",
        "sqrtab",
        "sqrtmab",
        "mab_over_sqrtmab",
    )
    return dict.fromkeys(course, (1001,)) | {f"nn_model.{name}": shape for name, shape in shapes.items()}


def random_tensors(shapes: Shapes, seed: int = 0) -> dict[str, torch.Tensor]:
    """Tensors as large as those of fresh networks, so that activations stay in bounds."""
    draw = torch.Generator().manual_seed(seed)
    return {name: _drawn(name, shape, draw) for name, shape in shapes.items()}


def _drawn(name: str, shape: tuple[int, ...], draw: torch.Generator) -> torch.Tensor:
    values = torch.randn(shape, generator=draw)
    if "norm" in name:
        return 1 + 0.1 * values if name.endswith("weight") else 0.1 * values
    return (
        values / max(nn.init._calculate_correct_fan(values, "fan_in"), 1) ** 0.5
        if len(shape) > 1
        else values / 9
    )


def pyramid(path: Path, vertices: int = CORNERS) -> Path:
    places = [f"v {np.cos(n):.6f} {np.sin(n):.6f} {n / vertices:.6f}" for n in range(vertices)]
    polygons = [f"f {n} {n + 1} {n + 2}" for n in range(1, vertices - 1)]
    path.write_text("\n".join([*places, *polygons, ""]))
    return path


def saved(path: Path, tensors: Any) -> Path:
    torch.save(tensors, path)
    return path


def small_faceformer(period: int = 30, styles: int = 3) -> Tensors:
    return random_tensors(faceformer("tiny", 16, 3 * CORNERS, styles, period))


def small_ddpm() -> Tensors:
    tensors = random_tensors(editable_ddpm(16))
    return {**tensors, **chain(1000)}


def components(path: Path, count: int, vertices: int = CORNERS) -> Path:
    draw = np.random.default_rng(0)
    stored: dict[str, Any] = {
        **{"audio_mean": draw.normal(size=464), "audio_std": draw.uniform(0.5, 2, 464)},
        **{"pca_mean": draw.normal(size=count), "pca_std": draw.uniform(0.5, 2, count)},
        "pca_components": draw.normal(size=(count, 3 * vertices)),
        **{
            "pca_internal_mean": draw.normal(size=3 * vertices),
            "offset_mean": draw.normal(size=3 * vertices),
        },
        "offset_std": draw.uniform(0.5, 2, 3 * vertices),
    }
    np.savez(path, **stored)
    return path
