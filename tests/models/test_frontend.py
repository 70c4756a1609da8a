"""Features: on the clock, indifferent to level and microphone gain, quiet in silence."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models import frontend
from models.frontend import FrontendConfig, frame_count, level, levelled, log_mel

CONFIG = FrontendConfig()
PRIOR = torch.zeros(64)


def vowel(seconds: float = 1.0, seed: int = 0) -> torch.Tensor:
    """Harmonics of a gliding voice that comes and goes."""
    t = np.arange(int(seconds * 16_000)) / 16_000
    phase = 2 * np.pi * (120 * t + 10 * np.sin(2 * t))
    voice = sum(np.sin(k * phase) / k for k in range(1, 30)) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t))
    noise = np.random.default_rng(seed).normal(0, 1e-3, len(t))
    return torch.from_numpy((0.1 * voice + noise).astype(np.float32))[None]


def features(sound: torch.Tensor) -> torch.Tensor:
    mel = log_mel(sound, CONFIG)
    return levelled(mel, level(mel, PRIOR, CONFIG), CONFIG)


@given(st.integers(0, 70_000))
@settings(max_examples=30)
def test_one_animation_frame_for_each_sixtieth(samples: int) -> None:
    count = frame_count(samples)
    assert (count + 1) // 2 == samples * 60 // 16_000 + 1
    assert log_mel(torch.zeros(1, samples), CONFIG).shape == (1, count, 64)


@given(st.floats(-40, 20))
@settings(max_examples=10)
def test_level_does_not_matter(gain_db: float) -> None:
    loud, quiet = features(vowel()), features(vowel() * 10 ** (gain_db / 20))
    assert (loud - quiet).abs().max() < 0.05


def test_silence_stays_far_below_speech() -> None:
    assert features(torch.zeros(1, 16_000)).max() < -3


def test_a_click_is_seen_when_it_happens() -> None:
    sound = torch.zeros(1, 16_000)
    sound[0, 8000] = 0.5
    energy = log_mel(sound, CONFIG).mean(2)[0]
    assert abs(energy.argmax().item() / 120 - 0.5) < 0.5 / 120


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = log_mel(vowel(2.0), CONFIG)
    monkeypatch.setattr(frontend, "BLOCK", 7)
    assert torch.allclose(log_mel(vowel(2.0), CONFIG), whole, atol=1e-5)


def test_every_band_hears_its_tone() -> None:
    bank = frontend.mel_bank(CONFIG)
    assert (bank.sum(0) - 1).abs().max() < 1e-5
    peaks = bank.argmax(0)
    assert (peaks.diff() >= 0).all()
