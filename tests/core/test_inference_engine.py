"""The engine: windows do not show, order and hooks are kept, bad input is named."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from core.audio import AudioClip
from core.channels import CHANNELS, PARTS
from core.errors import Cancelled, InputError
from core.inference import engine
from core.inference.engine import Hooks, infer
from core.inference.request import InferenceRequest
from core.neutral import Neutral
from models.checkpoint import ModelCard, save_checkpoint
from models.speech2face import Speech2Face, Speech2FaceConfig


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Path of a small network with random weights: any weights must be windowed alike."""
    torch.manual_seed(5)
    card = ModelCard("small", "arkit", 60, 16_000, "none", "none", Speech2FaceConfig(width=16))
    path = tmp_path_factory.mktemp("models") / "small.safetensors"
    save_checkpoint(path, card, Speech2Face(card.network), torch.zeros(64))
    return str(path)


def babble(seconds: float, rate: int = 16_000, channels: int = 1) -> AudioClip:
    """Noise whose colour and loudness wander."""
    draw = np.random.default_rng(1)
    samples = draw.normal(0, 0.1, (channels, int(seconds * rate))).astype(np.float32)
    samples *= np.abs(np.sin(np.arange(samples.shape[1]) / rate * 9)).astype(np.float32)
    return AudioClip(samples, rate)


@pytest.mark.parametrize("window", [7, 60, 250])
def test_windows_do_not_show(model: str, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    request = InferenceRequest(babble(10.3), model)
    whole = infer(request)
    monkeypatch.setattr(engine, "WINDOW", window)
    assert np.abs(infer(request).weights - whole.weights).max() < 1e-4


@pytest.mark.parametrize(
    ("seconds", "rate", "channels"),
    [(0.001, 16_000, 1), (0.1, 8_000, 1), (0.1, 48_000, 2), (3.2, 44_100, 2), (1.0, 11_025, 6)],
)
def test_any_length_rate_and_channel_count(model: str, seconds: float, rate: int, channels: int) -> None:
    neutral = infer(InferenceRequest(babble(seconds, rate, channels), model))
    assert neutral.channels == CHANNELS
    assert neutral.fps == 60
    assert abs(neutral.duration - seconds) <= 1 / 60
    assert np.isfinite(neutral.weights).all()
    assert neutral.weights.min() >= 0
    assert neutral.weights.max() <= 1


def test_speech_leaves_the_upper_face_alone(model: str) -> None:
    weights = infer(InferenceRequest(babble(2), model)).weights
    assert not weights[:, [CHANNELS.index(name) for name in PARTS["upper face"]]].any()


def test_the_same_sound_gives_the_same_bits(model: str) -> None:
    first, second = (infer(InferenceRequest(babble(2), model)).weights for _ in range(2))
    assert np.array_equal(first, second)


def test_the_playhead_is_served_first(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WINDOW", 60)
    previews: list[tuple[float, Neutral]] = []
    shares: list[float] = []
    hooks = Hooks(shares.append, preview=lambda start, neutral: previews.append((start, neutral)))
    whole = infer(InferenceRequest(babble(8), model, first_at=4.3), hooks)
    ((start, preview),) = previews
    assert start == 4.0
    assert preview.weights.shape == (60, len(CHANNELS))
    inner = slice(20, 40)  # a pause that crosses the window's edge may look different there
    assert np.abs(preview.weights[inner] - whole.weights[240:300][inner]).max() < 0.05
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_cancelling_stops_before_the_next_window(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WINDOW", 60)
    shares: list[float] = []
    with pytest.raises(Cancelled):
        infer(InferenceRequest(babble(8), model), Hooks(shares.append, lambda: len(shares) == 2))
    assert len(shares) == 2


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_refused(model: str, bad: float) -> None:
    clip = babble(1)
    clip.samples[0, 50] = bad
    with pytest.raises(InputError, match="not numbers"):
        infer(InferenceRequest(clip, model))


def test_unknown_models_and_settings_are_named(model: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such model"):
        infer(InferenceRequest(babble(1), "nobody"))
    text = tmp_path / "text.safetensors"
    text.write_text("not a model")
    with pytest.raises(InputError, match="not a safetensors file"):
        infer(InferenceRequest(babble(1), str(text)))
    with pytest.raises(InputError, match="ajar"):
        infer(InferenceRequest(babble(1), model, {"speech.rest": "ajar"}))


def test_importing_the_engine_leaves_torch_alone() -> None:
    code = "import sys, core.inference.engine; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
