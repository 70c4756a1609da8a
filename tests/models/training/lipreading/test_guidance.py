"""Guided training: the expert stays as it is and out of every file, and what it says has an effect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from models.toolbox.faceformer import FaceFormerNet
from models.toolbox.listening import listen
from models.toolbox.motion_file import load_motion_model
from models.training.datasets.arkit import CHANNELS
from models.training.lab import train
from models.training.lab.fitting import Fit
from models.training.lab.material import Material, material
from models.training.lab.recipes import RECIPES, overridden
from models.training.lipreading.films import EAR, default_mouth
from models.training.lipreading.guidance import Expert, GuidanceConfig, GuidedNet, at
from models.training.lipreading.reader import FPS, LipReader, ReaderConfig, load_reader, save_reader
from models.training.lipreading.teaching import DEFAULT_READER, guided, heard
from models.training.synthetic import synthesis
from models.training.synthetic.lines import synthetic_lines

pytest.importorskip("espeakng_loader")
NAME = "faceformer-parallel-guided"
QUICK = ("steps=4", "batch=2", "seconds=1", "judge_every=2", "width=16")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "takes"
    assert synthesis.run([str(folder), "--lines", "8", "--layout", "livelink"]) == 0
    return folder


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reader") / "small.safetensors"
    torch.manual_seed(5)
    save_reader(path, LipReader(ReaderConfig(size=16, width=32, layers=1, heads=2, kernel=5)))
    return path


def fitting(given: Material, reader: Path, every: int) -> Fit:
    recipe = overridden(RECIPES[NAME], list(QUICK))
    torch.manual_seed(0)
    net = FaceFormerNet(given.learnt[0].features.shape[1], len(CHANNELS), width=16, autoregressive=False)
    config = GuidanceConfig(every=every, seconds=0.5, clips=1)
    watched = guided(net, reader, given, recipe.ear, config)
    return Fit(watched, given.learnt, given.standard, given.fps, recipe.config)


def test_the_expert_stays_as_it_is_and_out_of_every_file(corpus: Path, reader: Path, tmp_path: Path) -> None:
    given = material(corpus, RECIPES[NAME])
    task = fitting(given, reader, every=1)
    assert isinstance(task.net, GuidedNet)
    expert = task.net.guide.expert.reader
    before = {name: value.clone() for name, value in expert.state_dict().items()}
    for _ in range(3):
        task.step()
    assert all(torch.equal(value, before[name]) for name, value in expert.state_dict().items())
    assert all(weight.grad is None for weight in expert.parameters())
    assert sum(w.numel() for w in task.net.parameters()) == sum(
        w.numel() for w in task.net.inner.parameters()
    )
    silent = fitting(given, reader, every=10**9)
    for _ in range(3):
        silent.step()
    pairs = zip(task.net.parameters(), silent.net.parameters(), strict=True)
    assert not all(torch.equal(*pair) for pair in pairs)
    out = tmp_path / "guided.safetensors"
    assert train.run([NAME, str(corpus), "-o", str(out), f"expert={reader}", *QUICK]) == 0
    assert set(load_motion_model(out).net.state_dict()) == set(task.net.inner.state_dict())
    sound = next(synthetic_lines(1, 60.0)).samples
    assert load_motion_model(out).speak(sound).shape[1] == len(CHANNELS)


def test_a_guided_run_goes_on_bit_for_bit(corpus: Path, reader: Path, tmp_path: Path) -> None:
    given = material(corpus, RECIPES[NAME])
    whole, first, second = (fitting(given, reader, every=2) for _ in range(3))
    for _ in range(4):
        whole.step()
    for _ in range(2):
        first.step()
    first.save(tmp_path / "half.state")
    second.load(tmp_path / "half.state")
    for _ in range(2):
        second.step()
    for name, value in whole.net.state_dict().items():
        assert torch.equal(value, second.net.state_dict()[name]), name


def test_the_expert_would_rather_see_speech_than_mumbling() -> None:
    expert = Expert(load_reader(DEFAULT_READER), default_mouth())
    truth = torch.from_numpy(next(synthetic_lines(1, FPS)).motion[None, 10:50])
    mumbled = truth.mean(1, keepdim=True)
    losses, slopes = [], []
    for strength in (0.2, 0.6, 1.0):
        asked = torch.tensor(strength, requires_grad=True)
        loss = expert.disagreement(torch.lerp(mumbled, truth, asked), truth, None)
        slopes.append(torch.autograd.grad(loss, asked)[0].item())
        losses.append(loss.item())
    assert losses[0] > losses[1] > losses[2]
    assert slopes[0] < 0
    assert slopes[1] < 0


def test_the_reader_pulls_as_hard_as_it_may(corpus: Path, reader: Path) -> None:
    task = fitting(material(corpus, RECIPES[NAME]), reader, every=1)
    assert isinstance(task.net, GuidedNet)
    crop = task.crops(0)
    pulls = []
    for share in (0.0, 0.5):
        guide = replace(task.net.guide, config=GuidanceConfig(reading=share, every=1, seconds=0.5, clips=1))
        predicted = torch.zeros_like(crop.motion).requires_grad_()
        torch.manual_seed(3)
        loss = guide.loss(crop.features, predicted, crop.motion, crop.known)
        pulls.append(torch.autograd.grad(loss, predicted)[0])
    added, alone = (pulls[1] - pulls[0]).norm().item(), pulls[0].norm().item()
    assert added == pytest.approx(0.5 * alone, rel=1e-3)


def test_the_reader_is_silent_before_its_time_and_where_nothing_is_asked(corpus: Path, reader: Path) -> None:
    given = material(corpus, RECIPES[NAME])
    asked, early, mute = (fitting(given, reader, every=every) for every in (1, 1, 10**9))
    assert isinstance(early.net, GuidedNet)
    early.net.guide = replace(early.net.guide, config=replace(early.net.guide.config, after=1))

    def step() -> list[torch.Tensor]:
        for task in (asked, early, mute):
            task.step()
        return [
            nn.utils.parameters_to_vector(task.net.parameters()).detach() for task in (asked, early, mute)
        ]

    first, second = step(), step()
    assert torch.equal(first[1], first[2])
    assert not torch.equal(first[0], first[2])
    assert not torch.equal(second[1], second[2])


def test_what_the_reader_is_asked_is_weighed() -> None:
    expert = Expert(load_reader(DEFAULT_READER), default_mouth())
    truth = torch.from_numpy(next(synthetic_lines(1, FPS)).motion[None, 10:40])
    asked = [
        GuidanceConfig(features=1, frames=0, words=0),
        GuidanceConfig(features=0, frames=1, words=0),
        GuidanceConfig(features=0, frames=0, words=1),
    ]
    with torch.inference_mode():
        parts = [expert.disagreement(0.5 * truth, truth, None, each) for each in asked]
        whole = expert.disagreement(0.5 * truth, truth, None)
    assert all(part > 0 for part in parts)
    torch.testing.assert_close(sum(parts), whole)


def test_motion_between_frames_is_interpolated() -> None:
    ramp = torch.arange(6.0)[None, :, None]
    assert at(ramp, torch.tensor([0.0, 1.25, 4.5, 5.0])).flatten().tolist() == [0.0, 1.25, 4.5, 5.0]


def test_the_reader_hears_what_a_network_of_mels_does() -> None:
    samples = next(synthetic_lines(1, 60.0)).samples
    features = torch.from_numpy(listen(samples, 60.0, EAR))[None]
    wanted = torch.from_numpy(listen(samples, FPS, EAR))
    frames = len(wanted) - 2
    found = heard(60.0, features, torch.arange(frames) * (60.0 / FPS))[0]
    assert (found - wanted[:frames]).abs().mean() < 0.1 * wanted.abs().mean()


def test_vertices_are_guided_as_they_are_and_as_components(reader: Path, tmp_path: Path) -> None:
    assert synthesis.run([str(tmp_path / "faces"), "--lines", "8", "--layout", "faceformer"]) == 0
    for pca in ("pca=0", "pca=4"):
        out = tmp_path / f"{pca}.safetensors"
        words = [NAME, str(tmp_path / "faces"), "-o", str(out), f"expert={reader}", pca, *QUICK]
        assert train.run([*words, "steps=2"]) == 0
        assert load_motion_model(out).rest is not None


def test_words_that_make_no_sense_are_one_sentence(corpus: Path, tmp_path: Path, capsys) -> None:
    out, none = str(tmp_path / "x.safetensors"), tmp_path / "none.safetensors"
    none.write_bytes(b"nothing")
    for words in (
        ["voca-rnn", str(corpus), "-o", out, "expert=reader.safetensors"],
        [NAME, str(corpus), "-o", out, f"expert={tmp_path / 'missing.safetensors'}"],
        [NAME, str(corpus), "-o", out, f"expert={none}"],
        [NAME, str(corpus), "-o", out, "reader.colour=1"],
        [NAME, str(corpus), "-o", out, "reader.words=many"],
    ):
        assert train.run(words) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
