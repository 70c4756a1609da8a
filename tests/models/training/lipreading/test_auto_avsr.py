"""Checkpoints of Auto-AVSR: every published name, and nothing that a pickle could do."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
import torch

from models.checkpoint import CheckpointError
from models.toolbox.attention import positions
from models.training.lipreading.auto_avsr import load_auto_avsr
from models.training.lipreading.auto_avsr_layers import RelativeAttention
from models.training.lipreading.films import default_mouth
from models.training.lipreading.guidance import Expert
from models.training.lipreading.transcripts import padded

WIDTH, HEADS, UNITS, KERNEL, TOKENS = 24, 3, 32, 5, 11
"""Small where the published are 768, 12, 3072, 31 and 5049; the pictures' part is as published."""


def linear(name: str, outputs: int, inputs: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def normed(name: str, width: int, *, batch: bool = False) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {f"{name}.weight": (width,), f"{name}.bias": (width,)}
    if batch:
        shapes |= {f"{name}.running_mean": (width,), f"{name}.running_var": (width,)}
        shapes[f"{name}.num_batches_tracked"] = ()
    return shapes


def frontend() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {"frontend.frontend3D.0.weight": (64, 1, 5, 7, 7)}
    shapes |= normed("frontend.frontend3D.1", 64, batch=True)
    for layer, (before, width) in enumerate([(64, 64), (64, 128), (128, 256), (256, 512)], 1):
        for block in range(2):
            name = f"frontend.trunk.layer{layer}.{block}"
            inputs = before if block == 0 else width
            shapes |= {
                f"{name}.conv1.weight": (width, inputs, 3, 3),
                f"{name}.conv2.weight": (width, width, 3, 3),
            }
            shapes |= normed(f"{name}.bn1", width, batch=True) | normed(f"{name}.bn2", width, batch=True)
            if layer > 1 and block == 0:
                shapes[f"{name}.downsample.0.weight"] = (width, before, 1, 1)
                shapes |= normed(f"{name}.downsample.1", width, batch=True)
    return shapes


def attention(name: str) -> dict[str, tuple[int, ...]]:
    parts = (linear(f"{name}.linear_{part}", WIDTH, WIDTH) for part in ("q", "k", "v", "out"))
    return {key: shape for part in parts for key, shape in part.items()}


def units(name: str) -> dict[str, tuple[int, ...]]:
    return linear(f"{name}.w_1", UNITS, WIDTH) | linear(f"{name}.w_2", WIDTH, UNITS)


def published(layers: int = 2) -> dict[str, torch.Tensor]:
    shapes = frontend() | linear("proj_encoder", WIDTH, 512)
    for number in range(layers):
        name = f"encoder.encoders.{number}"
        shapes |= attention(f"{name}.self_attn")
        shapes[f"{name}.self_attn.linear_pos.weight"] = (WIDTH, WIDTH)
        shapes |= dict.fromkeys((f"{name}.self_attn.pos_bias_{x}" for x in "uv"), (HEADS, WIDTH // HEADS))
        shapes |= units(f"{name}.feed_forward") | units(f"{name}.feed_forward_macaron")
        for place, outputs in (("pointwise_cov1", 2 * WIDTH), ("pointwise_cov2", WIDTH)):
            shapes |= {f"{name}.conv_module.{place}.weight": (outputs, WIDTH, 1)}
            shapes |= {f"{name}.conv_module.{place}.bias": (outputs,)}
        shapes[f"{name}.conv_module.depthwise_conv.weight"] = (WIDTH, 1, KERNEL)
        shapes[f"{name}.conv_module.depthwise_conv.bias"] = (WIDTH,)
        shapes |= normed(f"{name}.conv_module.norm", WIDTH, batch=True)
        for norm in ("ff", "mha", "ff_macaron", "conv", "final"):
            shapes |= normed(f"{name}.norm_{norm}", WIDTH)
        name = f"decoder.decoders.{number}"
        shapes |= (
            attention(f"{name}.self_attn") | attention(f"{name}.src_attn") | units(f"{name}.feed_forward")
        )
        for place in ("1", "2", "3"):
            shapes |= normed(f"{name}.norm{place}", WIDTH)
    shapes |= normed("encoder.after_norm", WIDTH) | normed("decoder.after_norm", WIDTH)
    shapes |= {"decoder.embed.0.weight": (TOKENS, WIDTH)} | linear("decoder.output_layer", TOKENS, WIDTH)
    shapes |= linear("ctc.ctc_lo", TOKENS, WIDTH)
    generator = torch.Generator().manual_seed(0)
    tensors = {name: 0.03 * torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    tensors |= {name: torch.ones(shape) for name, shape in shapes.items() if name.endswith("running_var")}
    return tensors | {name: torch.tensor(0) for name, shape in shapes.items() if not shape}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("avsr") / "vsr.pth"
    torch.save(published(), path)
    return path


def test_a_checkpoint_of_the_published_names_watches_our_mouths(checkpoint: Path) -> None:
    expert = Expert(load_auto_avsr(checkpoint), default_mouth())
    weights = (0.2 * torch.rand(1, 6, 52)).requires_grad_()
    reading = expert.watch(weights)
    assert reading.hidden.shape == (1, 6, WIDTH)
    assert torch.allclose(reading.ctc.exp().sum(-1), torch.ones(1, 6), atol=1e-5)
    loss = expert.reader.unread(reading, padded([[1, 2]]))
    (slopes,) = torch.autograd.grad(loss, weights)
    assert slopes.abs().max() > 0
    assert not any(weight.requires_grad for weight in expert.reader.parameters())


def test_the_decoder_does_not_look_ahead(checkpoint: Path) -> None:
    reader, memory = load_auto_avsr(checkpoint), torch.rand(1, 6, WIDTH)
    said = [reader.decoder(torch.tensor([[10, 1, last]]), memory) for last in (2, 3)]
    assert torch.allclose(said[0][:, :2], said[1][:, :2])
    assert not torch.allclose(said[0][:, 2], said[1][:, 2])


def test_relative_attention_is_its_formula() -> None:
    torch.manual_seed(0)
    layer, hidden, frames = RelativeAttention(WIDTH, HEADS), torch.randn(1, 5, WIDTH), 5
    torch.nn.init.normal_(layer.pos_bias_u)
    torch.nn.init.normal_(layer.pos_bias_v)
    angles = torch.asin(positions(2, WIDTH)[1, 0::2])  # of one frame, below a quarter turn
    split = (HEADS, WIDTH // HEADS)
    outputs = torch.zeros(frames, *split)
    for head in range(HEADS):
        for i in range(frames):
            scores = torch.zeros(frames)
            for j in range(frames):
                turned = angles * (i - j)
                place = layer.linear_pos(torch.stack([turned.sin(), turned.cos()], 1).flatten()).view(split)[
                    head
                ]
                q = layer.linear_q(hidden[0, i]).view(split)[head]
                k = layer.linear_k(hidden[0, j]).view(split)[head]
                scores[j] = (q + layer.pos_bias_u[head]) @ k + (q + layer.pos_bias_v[head]) @ place
            shares = (scores / split[1] ** 0.5).softmax(0)
            values = layer.linear_v(hidden[0]).view(frames, *split)[:, head]
            outputs[i, head] = shares @ values
    assert torch.allclose(layer.attend(hidden)[0], layer.linear_out(outputs.flatten(1)), atol=1e-4)


class Harmful:
    def __reduce__(self):
        return os.mkdir, ("harm",)


@pytest.mark.parametrize("fault", ["lacking", "more", "shape", "other", "harmful", "text", "script"])
def test_anything_else_is_one_sentence(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path, tensors = tmp_path / "wrong.pth", published(1)
    if fault == "lacking":
        del tensors["ctc.ctc_lo.bias"]
    elif fault == "more":
        tensors["aux.weight"] = torch.zeros(1)
    elif fault == "shape":
        tensors["frontend.frontend3D.0.weight"] = torch.zeros(32, 1, 5, 7, 7)
    torch.save(tensors if fault not in ("other",) else [1, 2], path)
    if fault == "harmful":
        path.write_bytes(pickle.dumps(Harmful(), 2))
    elif fault == "text":
        path.write_text("hello")
    elif fault == "script":
        path.write_text(". /etc/profile\n")
    with pytest.raises(CheckpointError, match=r"wrong\.pth: no (video )?checkpoint"):
        load_auto_avsr(path)
    assert not (tmp_path / "harm").exists()
