import numpy as np
import pytest
import torch

from models.residual import ResidualConfig, ResidualNet, load_residual
from models.training.corpus.stored import gather
from models.training.corpus.utterances import Utterance
from models.training.residual.pairing import Pair
from models.training.residual.performances import CHANNELS, Lines
from models.training.residual.spoken_lines import Stretches, loudness
from models.training.residual.train import fitted, mixed, residual, score


def babble(frames: int = 3000) -> Lines:
    draw = np.random.default_rng(0)
    times = np.arange(frames) / 60
    weights = np.zeros((1, frames, len(CHANNELS)), np.float32)
    weights[0, :, CHANNELS.index("jawOpen")] = 0.2 + 0.2 * np.sin(2 * np.pi * 3 * times)
    weights[0, :, CHANNELS.index("mouthPucker")] = 0.4 + 0.4 * np.sin(2 * np.pi * 1.1 * times)
    stress = (draw.random((1, frames)) < 0.02).astype(np.float32)
    return Lines(weights, np.zeros((1, frames), np.float32), stress)


def test_a_short_training_is_nearer_to_poses_never_seen_than_the_constant_is():
    torch.manual_seed(0)
    lines, draw = Stretches(babble(), 120), np.random.default_rng(1)
    net = ResidualNet(ResidualConfig(CHANNELS, width=24, dilations=(1, 4, 16)))
    average = fitted(net, lambda: lines.batch(8, draw), 200, 5e-3)
    words = score(average, lines.batch(16, np.random.default_rng(99))).split()
    learned, constant = float(words[words.index("learned,") - 1]), float(words[words.index("constant") - 1])
    assert learned < 0.7 * constant


def test_captures_take_the_place_of_half_a_batch():
    made = Stretches(babble(), 60).batch(4, np.random.default_rng(1))
    ones = np.ones((90, len(CHANNELS)), np.float32)
    pair = Pair(ones, 0.5 * ones, ones[0], np.zeros(90, np.bool_))
    both = mixed(made, (pair,), np.random.default_rng(2))
    assert (both.target[:2] == 0.5).all()
    assert (both.lines.loudness[:2] == -60).all()
    assert np.array_equal(both.target[2:], made.target[2:])


def test_loudness_is_relative_to_that_of_speech():
    tone = np.sin(2 * np.pi * 200 * np.arange(32000) / 16000).astype(np.float32)
    tone[16000:] *= 1e-4
    heard = loudness(0.1 * tone, 120)
    assert heard[30] == pytest.approx(0, abs=0.5)
    assert heard[100] == -60


def test_the_recipe_writes_a_network(tmp_path):
    draw = np.random.default_rng(0)
    from models.phones import Segment

    spoken = gather(
        Utterance(0.1 * draw.normal(size=32000).astype(np.float32), (Segment("AA", 0, 2),), "noise")
        for _ in range(4)
    )
    spoken.save(tmp_path / "corpus.npz")
    out = residual(
        out=tmp_path / "net.safetensors", corpus=tmp_path / "corpus.npz", steps=2, batch=2, frames=30, width=8
    )
    assert load_residual(out).config.channels == CHANNELS
