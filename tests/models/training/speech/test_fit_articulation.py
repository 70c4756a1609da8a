"""Fitting the readout: weights that made the lips are found again, from other speakers' lips too."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from models.checkpoint import ModelCard, load_checkpoint, save_checkpoint
from models.frontend import SAMPLE_RATE, FrontendConfig
from models.hearing import Heard, Listener
from models.phones import PHONES
from models.readout import TERMS, Readout
from models.speech2face import Speech2Face, Speech2FaceConfig
from models.training.speech.fit_articulation import Capture, correlation, fit, main, without_speaker

PUSH = tuple(np.roll(np.linspace(-0.5, 0.5, len(TERMS)), TERMS.index("P B M")).tolist())
TRUE = replace(Readout(), own=0.8, push=PUSH, offset=0.3)


def spoken(number: int, noise: float = 0.0) -> Capture:
    draw = np.random.default_rng(number)
    phones = np.zeros((600, len(PHONES)), np.float32)
    phones[np.arange(600), np.repeat(draw.integers(0, len(PHONES), 100), 6)] = 1
    articulation = draw.uniform(0, 1, (600, 9)).astype(np.float32).cumsum(0) % 1
    heard = Heard(phones, articulation)
    times = np.arange(5, 590, 2) / 60
    capture = Capture(f"c{number}", f"s{number // 2}", heard, times, times, 30.0)
    gap = 7 * capture.at_frames(TRUE.opening(phones, articulation)) + 3
    return replace(capture, gap=gap + noise * gap.std() * draw.normal(size=len(gap)))


def test_the_weights_behind_the_lips_are_found_whatever_their_unit() -> None:
    captures = [spoken(number) for number in range(8)]
    found = fit(captures, Readout())
    ratio = np.array([found.own, *found.push]) / found.own * TRUE.own
    spread = ratio - np.array([TRUE.own, *TRUE.push])
    assert np.ptp(spread[1:]) < 0.05  # probabilities sum to 1: a common part of the pushes is the offset's


def test_a_speaker_has_no_say_in_the_constants_he_is_judged_by() -> None:
    captures = [spoken(number, 0.5) for number in range(6)]
    before = without_speaker(captures, Readout())
    changed = [replace(captures[0], gap=-captures[0].gap), *captures[1:]]
    after = without_speaker(changed, Readout())
    assert before[:2] == after[:2]
    assert before[2] != after[2]
    assert correlation(captures, before, "natural") > 0.3


@pytest.fixture
def model(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    net = Speech2Face(Speech2FaceConfig(width=8, dilations=(1,)))
    card = ModelCard("tiny", "arkit", 60, SAMPLE_RATE, "Apache-2.0", "none", network=net.config)
    save_checkpoint(tmp_path / "tiny.safetensors", card, net, torch.zeros(FrontendConfig().bands))
    return tmp_path / "tiny.safetensors"


def test_the_command_writes_the_constants_and_leaves_the_network(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw, entries = np.random.default_rng(3), []
    for number in range(3):
        sound = draw.normal(size=3 * SAMPLE_RATE) * np.repeat(draw.uniform(0, 0.2, 30), SAMPLE_RATE // 10)
        soundfile.write(tmp_path / f"c{number}.wav", sound.astype(np.float32), SAMPLE_RATE, "FLOAT")
        heard = Listener(load_checkpoint(model), sound.astype(np.float32)).hear(0, 180)
        times = np.arange(0, 2.9, 1 / 25)
        gap = np.interp(times, np.arange(180) / 60, heard.articulation[:, 0])
        np.savez(tmp_path / f"c{number}.npz", t=times, lip_gap=gap, valid=gap > -9, fps=25.0)
        entries.append({"name": f"c{number}", "speaker": f"s{number}"})
    (tmp_path / "index.json").write_text(json.dumps(entries))
    out = tmp_path / "fitted.safetensors"
    assert main([str(tmp_path), "--model", str(model), "--out", str(out)]) == 0
    before, after = load_checkpoint(model), load_checkpoint(out)
    assert after.card.readout.own != before.card.readout.own
    assert all(
        torch.equal(a, b) for a, b in zip(after.net.parameters(), before.net.parameters(), strict=True)
    )
    assert "rest natural" in capsys.readouterr().out
