"""Published networks beside plain, slow readings of the papers, and their tensors' names and shapes."""

import json
import math
from typing import Any

import pytest
import torch
from torch import nn

from models.toolbox.published.editable import (
    PublishedEditableDiffusion,
    PublishedEditableTransformer,
    chain,
)
from models.toolbox.published.faceformer import PublishedFaceFormer
from models.toolbox.published.wav2vec2 import encoder_config

pytest.importorskip("transformers")
TINY = json.dumps(
    {
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 1,
        "intermediate_size": 48,
        "conv_dim": [16] * 7,
        "num_conv_pos_embeddings": 8,
        "num_conv_pos_embedding_groups": 4,
    }
)


def randomised(net: Any, seed: int = 0) -> Any:
    draw = torch.Generator().manual_seed(seed)
    for weight in net.parameters():
        nn.init.normal_(weight.data, 0, 0.15, generator=draw)
    return net.eval()


def tiny_faceformer(samples: int = 534, period: int = 30) -> PublishedFaceFormer:
    torch.manual_seed(0)
    net = PublishedFaceFormer(samples + 3, 12, styles=3, width=16, period=period, wav2vec2=TINY)
    # Random weights of that size would make the encoder deaf.
    for name, part in net.named_children():
        if name != "audio_encoder":
            randomised(part)
    return net.eval()


def plain_decoding(net: PublishedFaceFormer, memory: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
    """The paper's procedure: the whole decoder again for every frame, with masks, vertices out and in."""
    frames, sounds = memory.shape[1:3]
    flat = memory.flatten(1, 2)
    bias = torch.full((4, frames, frames), -math.inf)
    elsewhere = torch.ones(frames, flat.shape[1], dtype=torch.bool)
    for now in range(frames):
        elsewhere[now, now * sounds : (now + 1) * sounds] = False
        for past in range(now + 1):
            for head in range(4):
                bias[head, now, past] = -((now - past) // net.period) * 4.0 ** -(head + 1)
    inputs = style[:, None]
    for frame in range(1, frames + 1):
        hidden = net.transformer_decoder(
            inputs + net.PPE.pe[:, :frame],
            flat,
            tgt_mask=bias[:, :frame, :frame],
            memory_mask=elsewhere[:frame],
        )
        motion = net.vertice_map_r(hidden)
        inputs = torch.cat([inputs, net.vertice_map(motion[:, -1:]) + style[:, None]], dim=1)
    return motion


@pytest.mark.parametrize(("samples", "period", "sounds"), [(534, 30, 1), (640, 25, 2)])
def test_remembered_keys_decode_as_the_whole_decoder_again_for_every_frame(
    samples: int, period: int, sounds: int
) -> None:
    net = tiny_faceformer(samples, period)
    assert net.sounds == sounds
    memory, style = torch.randn(1, 64, sounds, 16), torch.randn(1, 16)
    with torch.inference_mode():
        expected = plain_decoding(net, memory, style)
        motion = net.vertice_map_r(net.decoded(memory, style)[0])
    assert expected.std() > 0.1
    torch.testing.assert_close(motion, expected, rtol=1e-4, atol=1e-5)


def test_a_clip_decodes_alone_as_among_others() -> None:
    net = tiny_faceformer()
    features = torch.randn(3, 20, 537)
    with torch.inference_mode():
        together = net.predict(features)
        alone = torch.cat([net.predict(each[None]) for each in features])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


def test_sound_and_speaker_both_move_the_face() -> None:
    net = tiny_faceformer()
    features = torch.randn(1, 30, 537)
    other, stranger = features.clone(), features.clone()
    other[..., :534] = torch.randn(1, 30, 534)
    stranger[..., 534:] += 1
    with torch.inference_mode():
        motion, moved, styled = (net.predict(each) for each in (features, other, stranger))
    assert (moved - motion).abs().max() > 0.05
    assert (styled - motion).abs().max() > 0.005


@pytest.mark.parametrize("samples", [534, 640])
def test_sound_of_a_frame_is_heard_in_that_frame(samples: int) -> None:
    net = tiny_faceformer(samples)
    # Of the encoder only its convolutions look at a few samples; attention may look anywhere.
    net.audio_encoder.encoder = _Passing()
    features = torch.randn(1, 60, samples)
    changed = features.clone()
    changed[:, 30] = torch.randn(samples)
    with torch.inference_mode():
        change = (net.heard(changed) - net.heard(features)).abs().amax((0, 2, 3))
    assert int(change.argmax()) in (29, 30)


class _Passing(nn.Module):
    def forward(self, hidden: torch.Tensor):
        return type("Output", (), {"last_hidden_state": hidden})


def test_faceformer_goes_on_from_its_own_motion_however_long_the_sound() -> None:
    net = tiny_faceformer(320 + 8)  # shorter frames, that there are many
    heard = torch.cat([torch.randn(1, 700, 16), torch.ones(1, 700, 3)], dim=2)
    with torch.inference_mode():
        whole, _ = net.go_on(heard, slice(0, 700))
        parts, past = [], None
        for start in range(0, 700, 6):
            part, past = net.go_on(heard[:, start - start % 100 :], slice(start % 100, start % 100 + 6), past)
            parts.append(part)
            assert past.keys.shape[2] < net.window
    assert whole.std() > 0.1
    torch.testing.assert_close(torch.cat(parts, dim=1)[:, :700], whole, rtol=0, atol=1e-4)


def test_a_sound_longer_than_faceformer_was_made_for_is_heard_without_a_jump() -> None:
    net = tiny_faceformer(320 + 8)
    features = torch.randn(1, 900, 328 + 3)
    shares: list[float] = []
    with torch.inference_mode():
        heard = net.hear(features, shares.append)
    assert heard.shape == (1, 900, 16 + 3)
    assert shares == [600 / 900, 1.0]
    torch.testing.assert_close(heard[:, :300, :16], net.heard(features[:, :600, :-3]).flatten(2)[:, :300])
    assert torch.equal(heard[..., 16:], features[..., -3:])


def test_faceformer_can_go_on_learning() -> None:
    net = tiny_faceformer()
    motion = torch.zeros(1, 6, 12)
    net.loss(torch.randn(1, 6, 537), motion, torch.ones_like(motion, dtype=torch.bool)).backward()
    assert all(weight.grad is not None for weight in net.transformer_decoder.parameters())
    assert net.vertice_map.weight.grad.abs().max() > 0


def test_an_encoders_shapes_tell_its_configuration() -> None:
    net = tiny_faceformer().audio_encoder
    found = json.loads(encoder_config({name: tuple(value.shape) for name, value in net.state_dict().items()}))
    assert found.items() >= json.loads(TINY).items()
    assert found["feat_extract_norm"] == "group" and not found["do_stable_layer_norm"]


def test_editable_networks_have_the_published_number_of_weights() -> None:
    assert sum(weight.numel() for weight in PublishedEditableTransformer(464, 284).parameters()) == 3_555_100
    names = set(PublishedEditableDiffusion(464, 10).state_dict())
    assert {"nn_model.time_embed.2.bias", "nn_model.transformer.layers.3.norm2.weight"} < names


def test_chain_ends_in_noise_and_adds_up() -> None:
    course = chain(1000)
    torch.testing.assert_close(course["sqrtab"] ** 2 + course["sqrtmab"] ** 2, torch.ones(1001))
    product, beta = 1.0, [1e-4 + (0.02 - 1e-4) * step / 1000 for step in range(1001)]
    for step in beta:
        product *= 1 - step
    assert course["alphabar_t"][-1].item() == pytest.approx(product, rel=1e-3)
    assert product < 1e-4


class _Knowing(nn.Module):
    """A denoiser that knows the clean motion: the sound's first columns; perhaps with a drift."""

    def __init__(self, net: PublishedEditableDiffusion, drift: float = 0.0) -> None:
        super().__init__()
        self.net, self.drift = net, drift

    def forward(self, noisy: torch.Tensor, heard: torch.Tensor, time: float) -> torch.Tensor:
        now = round(time * self.net.steps)
        clean = heard[..., : noisy.shape[2]] + self.drift * torch.linspace(-1, 1, heard.shape[1])[:, None]
        return (noisy - self.net.sqrtab[now] * clean) / self.net.sqrtmab[now]


@pytest.mark.parametrize("frames", [1, 7, 30, 31, 100])
@pytest.mark.parametrize("guidance", [1.0, 2.0])
def test_diffusion_draws_what_a_perfect_denoiser_knows(frames: int, guidance: float) -> None:
    net: Any = PublishedEditableDiffusion(5, 3, width=16, layers=1, guidance=guidance)
    net.nn_model = _Knowing(net)
    net.audio_mean += 2
    net.audio_std *= 0.5
    features = torch.randn(2, frames, 5)
    clean = (features - 2) / 0.5
    with torch.inference_mode():
        torch.testing.assert_close(net.predict(features), clean[..., :3] * guidance, rtol=1e-3, atol=1e-3)


def test_windows_of_the_diffusion_join_without_seams() -> None:
    net: Any = PublishedEditableDiffusion(5, 3, width=16, layers=1)
    net.nn_model = _Knowing(net, drift=1.0)
    still = torch.zeros(1, 120, 5)
    with torch.inference_mode():
        motion = net.predict(still)
        cut = torch.cat([net.predict(part) for part in still.split(30, dim=1)], dim=1)
    assert cut.diff(dim=1).abs().max() > 1.9
    assert motion.diff(dim=1).abs().max() < 0.1


def test_diffusion_answers_the_same_always() -> None:
    net = randomised(PublishedEditableDiffusion(5, 3, width=16, layers=1, draws=4))
    features = torch.randn(1, 50, 5)
    with torch.inference_mode():
        assert torch.equal(net.predict(features), net.predict(features))


def test_transformer_standardises_and_counts_its_windows() -> None:
    net = randomised(PublishedEditableTransformer(5, 3, width=16, layers=1))
    features = torch.randn(1, 30, 5)
    with torch.inference_mode():
        plain = net.predict(features)
        net.audio_mean += 3
        net.audio_std *= 2
        torch.testing.assert_close(net.predict(features * (2 + 1e-9) + 3), plain, rtol=1e-4, atol=1e-5)
    assert (net.window, net.overlap) == (30, 15)
