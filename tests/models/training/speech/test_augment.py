"""Augmented sound: as long as it was, never broken, and of many kinds."""

import pytest
import torch

from models.frontend import FrontendConfig
from models.training.corpus.utterances import RATE
from models.training.speech.augment import augment, warped
from models.training.speech.noises import NoiseBank


@pytest.fixture(scope="module")
def bank() -> NoiseBank:
    return NoiseBank(seconds=20)


@pytest.fixture(scope="module")
def voices() -> torch.Tensor:
    """Forty clips of a buzz of 1.5 s, with silence before and after it."""
    time = torch.arange(RATE * 3 // 2) / RATE
    buzz = torch.stack([torch.sin(6.283 * 120 * k * time) for k in range(1, 30)]).sum(0)
    return torch.nn.functional.pad(0.3 * buzz / buzz.abs().max(), (RATE // 2, RATE // 2)).repeat(40, 1)


def test_clips_stay_finite_in_place_and_differ(bank: NoiseBank, voices: torch.Tensor) -> None:
    heard = augment(voices, bank, torch.Generator().manual_seed(1))
    assert heard.shape == voices.shape
    assert bool(torch.isfinite(heard).all())
    power = heard.unfold(1, RATE // 2, RATE // 2).square().mean(2)
    louder = power[:, 1:4].mean(1) > power[:, [0, 4]].mean(1)
    assert louder.float().mean() > 0.9
    assert len(torch.unique((10 * power.mean(1).log10()).round())) > 10
    again = augment(voices, bank, torch.Generator().manual_seed(1))
    assert torch.equal(heard, again)


def test_silent_clips_get_something_to_ignore(bank: NoiseBank) -> None:
    heard = augment(torch.zeros(40, 2 * RATE), bank, torch.Generator().manual_seed(2))
    level = heard.square().mean(1).sqrt()
    assert (level > 1e-3).float().mean() > 0.5
    assert bool(torch.isfinite(heard).all())


def test_another_throat_moves_formants_and_not_time() -> None:
    bands = FrontendConfig().bands
    peak = torch.zeros(60, 5, bands)
    peak[:, 2, 30] = 1
    moved = warped(peak, torch.Generator().manual_seed(3))
    assert moved[:, [0, 1, 3, 4]].abs().max() == 0
    places = {int(row.argmax()) for row in moved[:, 2]}
    assert 30 in places
    assert 26 <= min(places) < 28
    assert 32 < max(places) <= 35


def test_the_bank_is_loud_somewhere_in_every_piece(bank: NoiseBank) -> None:
    pieces = bank.cut(20, 2 * RATE, torch.Generator().manual_seed(4))
    assert pieces.shape == (20, 2 * RATE)
    loudest = pieces.reshape(20, -1, 8000).square().mean(2).amax(1)
    assert bool((loudest - 1).abs().max() < 1e-3)
