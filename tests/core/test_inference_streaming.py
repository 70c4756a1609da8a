"""A stream gives the lipsync of the whole recording, within a tolerance, a fifth of a second later."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from core.audio import load_audio
from core.channels import CHANNELS
from core.errors import InputError
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.inference.scoring import lip_gap
from core.inference.streaming import LOOK_AHEAD, MEMORY, LipsyncStream
from core.library import default_rig
from core.mesh import Floats
from core.neutral import Neutral
from core.paths import DEMO_CLIP
from models.toolbox.faceformer import FaceFormerNet
from models.toolbox.motion_card import MotionCard
from models.toolbox.motion_file import save_motion_model
from models.toolbox.motion_model import MotionModel
from models.training.datasets.arkit import CHANNELS as COLUMNS

RATE = 16_000


@pytest.fixture(scope="module")
def sound() -> Floats:
    return load_audio(DEMO_CLIP).mono(RATE)


def streamed(sound: Floats, chunk: int, model: str = "default") -> Floats:
    stream = LipsyncStream(model)
    parts = [stream.feed(sound[start : start + chunk]) for start in range(0, len(sound), chunk)]
    parts.append(stream.finish())
    return np.concatenate([part for part in parts if len(part)])


@pytest.mark.parametrize("chunk", [1600, 7001])
def test_a_stream_is_the_whole_within_a_tolerance_once_it_knows_the_voice(sound: Floats, chunk: int) -> None:
    whole = infer(InferenceRequest(load_audio(DEMO_CLIP)))
    weights = streamed(sound, chunk)
    assert weights.shape == whole.weights.shape
    rig = default_rig()
    one, other = lip_gap(rig, whole)[60:], lip_gap(rig, Neutral(whole.fps, CHANNELS, weights))[60:]
    assert np.corrcoef(one, other)[0, 1] > 0.98
    assert np.percentile(np.abs(one - other), 95) < 2.0
    assert np.median(np.abs(one - other)) < 0.4


def test_each_frame_is_given_once_its_look_ahead_is_heard(sound: Floats) -> None:
    stream, given = LipsyncStream(), 0
    for start in range(0, 5 * RATE, 1600):
        given += len(stream.feed(sound[start : start + 1600]))
        heard = start + 1600 - round(LOOK_AHEAD * RATE)
        assert given == max(heard * round(stream.fps) // RATE, 0)


def test_a_long_stream_holds_only_what_it_needs(sound: Floats) -> None:
    stream = LipsyncStream()
    for _ in range(3):
        stream.feed(sound)
    assert len(stream._heard) < (MEMORY + 0.25) * RATE


def test_sound_that_is_none_is_refused_and_forgotten() -> None:
    stream = LipsyncStream()
    with pytest.raises(InputError, match="not numbers"):
        stream.feed(np.array([0.0, np.nan], np.float32))
    assert len(stream.finish()) == 0


@pytest.mark.parametrize("network", ["conv-windows", "faceformer"])
@pytest.mark.parametrize("fps", [25.0, 30.0])
def test_a_network_of_the_toolbox_streams_in_tenths_of_a_second(
    network: str, fps: float, sound: Floats, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    card = MotionCard("windows", network, {}, "arkit", COLUMNS, fps, "own", "none", "phones")
    count = len(COLUMNS)
    net = card.built(count).eval()
    if isinstance(net, FaceFormerNet):
        torch.nn.init.normal_(net.out.weight, std=0.1)
        assert net.remembers
    plain = MotionModel(card, net, np.zeros(count, np.float32), np.ones(count, np.float32)).speak(sound)
    scale = 0.6 / np.ptp(plain, axis=0)  # weights that move between 0.2 and 0.8
    mean = 0.5 - scale * (plain.max(axis=0) + plain.min(axis=0)) / 2
    save_motion_model(tmp_path / "windows.safetensors", MotionModel(card, net, mean, scale))
    name = str(tmp_path / "windows.safetensors")
    whole = infer(InferenceRequest(load_audio(DEMO_CLIP), name)).weights[round(fps) :]
    live = streamed(sound, 1600, name)[round(fps) :]
    assert live.shape == whole.shape
    off = np.abs(live - whole)
    assert np.median(off) < 0.02
    assert np.percentile(off, 95) < 0.09
