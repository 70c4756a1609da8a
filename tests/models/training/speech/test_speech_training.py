"""Training learns, repeats with its seed, and resumes without a trace."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.frontend import FrontendConfig
from models.phones import Segment
from models.speech2face import Speech2Face, Speech2FaceConfig
from models.training.command_line import overrides
from models.training.corpus.stored import gather
from models.training.corpus.utterances import RATE, Utterance
from models.training.speech.clips import ClipMaker
from models.training.speech.train import default
from models.training.speech.trainer import Trainer, TrainingConfig, train

CONFIG = TrainingConfig(steps=40, batch=3, rate=3e-3, warmup=5, half_precision=False)


def sung(pattern: list[str]) -> Utterance:
    """Phones as tones: each has its own frequency, so that a small network can tell them apart."""
    tones = {"AA": 300.0, "IY": 2400.0, "M": 130.0, "S": 6000.0}
    length = int(0.15 * RATE)
    time = np.arange(length) / RATE
    sound = [np.sin(2 * np.pi * tones[p] * time) if p in tones else np.zeros(length) for p in pattern]
    segments = tuple(Segment(p, 0.15 * n, 0.15 * (n + 1)) for n, p in enumerate(pattern))
    return Utterance(np.concatenate(sound).astype(np.float32), segments, "tones")


@pytest.fixture(scope="module")
def clips() -> ClipMaker:
    patterns = [["SIL", "M", "AA", "S", "IY", "M", "SIL"], ["SIL", "IY", "M", "AA", "M", "S", "AA", "SIL"]]
    return ClipMaker(gather(sung(pattern) for pattern in patterns), seconds=2.0)


def trainer(clips: ClipMaker, config: TrainingConfig = CONFIG) -> Trainer:
    torch.manual_seed(0)
    net = Speech2Face(Speech2FaceConfig(width=24, dilations=(1, 2, 4)))
    return Trainer(net, clips, torch.zeros(64), config, FrontendConfig())


def test_steps_reduce_the_loss(clips: ClipMaker) -> None:
    learner = trainer(clips)
    losses = [learner.step()["loss"] for _ in range(CONFIG.steps)]
    assert np.mean(losses[-5:]) < 0.6 * np.mean(losses[:5])


def test_a_stopped_run_ends_in_the_same_weights(clips: ClipMaker, tmp_path: Path) -> None:
    config = TrainingConfig(steps=8, batch=2, warmup=2, half_precision=False)
    whole = trainer(clips, config)
    train(whole, tmp_path / "whole.training", lambda _line: None)
    stopped = trainer(clips, config)
    for _ in range(3):
        stopped.step()
    stopped.save(tmp_path / "stopped.training")
    resumed = trainer(clips, config)
    train(resumed, tmp_path / "stopped.training", lambda _line: None)
    for name, value in whole.net.state_dict().items():
        assert torch.equal(resumed.net.state_dict()[name], value), name


def test_clips_keep_labels_on_the_sound(clips: ClipMaker) -> None:
    import random

    batch = clips.batch(6, random.Random(4))
    loud = batch.samples.abs()[:, : batch.phones.shape[1] // 3 * 800].unfold(1, 266, 266).amax(2)
    frames = min(loud.shape[1], batch.phones.shape[1])
    speaking = batch.phones[:, :frames] != batch.phones.max()  # silence is the last phone
    agree = (speaking == (loud[:, :frames] > 0.05)).float().mean()
    assert agree > 0.95


@pytest.mark.parametrize("words", [["steps"], ["stepps=3"], ["steps=many"], ["half_precision=maybe"]])
def test_wrong_overrides_are_refused(words: list[str]) -> None:
    with pytest.raises(ValueError, match=words[0].split("=")[0]):
        overrides(default, words)


def test_overrides_take_the_type_of_the_parameter() -> None:
    chosen = overrides(default, ["steps=12", "rate=1e-3", "out=a/b.safetensors", "half_precision=false"])
    assert chosen == {
        "steps": 12,
        "rate": 1e-3,
        "out": Path("a/b.safetensors"),
        "half_precision": False,
    }
