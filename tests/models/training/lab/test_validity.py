"""Frames that were not measured: neither learnt nor judged, whatever stands in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.toolbox.motion_card import NETWORKS
from models.training.datasets.mediapipe import read_mediapipe
from models.training.datasets.writers import write_mediapipe
from models.training.lab.examples import Example, Standard, Wanted, example
from models.training.lab.judging import error_of, judge
from tests.models.training.datasets.dataset_lines import line
from tests.models.training.lab.lab_factories import INPUTS, OUTPUTS, examples, still

LOST = slice(4, 9)
READS_MOTION = {"diffusion", "variational"}
"""Networks that also hear the motion they learn; what was not measured is the face at rest to them."""


def stored(folder: Path, nonsense: float) -> Example:
    """A line with frames without a face, from a file that holds nonsense there."""
    spoken = line("a", 3 * 468, 25, "landmarks:mediapipe468", seconds=1.0)
    valid = np.ones(25, bool)
    valid[LOST] = False
    motion = spoken.motion.copy()
    motion[LOST] = nonsense
    write_mediapipe(folder, [replace(spoken, motion=motion, valid=valid)])
    return example(read_mediapipe(folder)[0].load(), Wanted("mel"))


@pytest.mark.parametrize("nonsense", [1e9, np.nan, -np.inf])
def test_what_stands_where_no_face_was_seen_is_not_read(tmp_path: Path, nonsense: float) -> None:
    plain, odd = stored(tmp_path / "plain", 0.0), stored(tmp_path / "odd", nonsense)
    np.testing.assert_array_equal(plain.moved(), odd.moved())
    np.testing.assert_array_equal(odd.known[:, 0], [not 4 <= frame < 9 for frame in range(25)])
    assert np.abs(odd.moved()[LOST]).max() == 0  # the face at rest


def test_it_bears_on_no_mean_and_no_scale(tmp_path: Path) -> None:
    whole = stored(tmp_path, 0.0)
    spread = Standard.of([whole])
    measured = whole.moved()[whole.known[:, 0]]
    np.testing.assert_allclose(spread.mean, measured.mean(0), atol=1e-5)
    np.testing.assert_allclose(spread.scale, measured.std(0), atol=1e-4)


def test_it_is_not_judged(tmp_path: Path) -> None:
    whole = stored(tmp_path, 0.0)
    standard = Standard.of([whole])
    truth = (whole.moved() - standard.mean) / standard.scale
    wrong = truth.copy()
    wrong[LOST] += 100
    assert error_of([whole], standard, lambda _: wrong) == pytest.approx(0.0, abs=1e-6)
    wrong[0] += 1
    assert error_of([whole], standard, lambda _: wrong) == pytest.approx(np.sqrt(1 / 20), rel=1e-3)


@pytest.mark.parametrize("name", [name for name in NETWORKS if name not in READS_MOTION])
def test_no_network_learns_from_it(name: str) -> None:
    draw = torch.Generator().manual_seed(3)
    heard = torch.randn(2, 20, INPUTS, generator=draw)
    motion = torch.randn(2, 20, OUTPUTS, generator=draw)
    known = torch.ones(2, 20, OUTPUTS, dtype=torch.bool)
    known[0, LOST] = False
    nonsense = motion.clone()
    nonsense[0, LOST] += 50
    elsewhere = motion.clone()
    elsewhere[0, 12] += 50
    net = still(name)
    net.eval()
    losses = [net.loss(heard, each, known).item() for each in (motion, nonsense, elsewhere)]
    assert losses[0] == losses[1] < losses[2]


def test_a_coordinate_that_hardly_moves_does_not_outweigh_speech() -> None:
    draw = np.random.default_rng(0)
    motion = draw.normal(size=(200, 3)).astype(np.float32) * np.array([1.0, 0.3, 0.002], np.float32)
    heard = np.zeros((200, 2), np.float32)
    standard = Standard.of([Example("a", "m", heard, motion, np.ones_like(motion, bool))])
    spread = motion.std(0)
    np.testing.assert_allclose(standard.scale, [spread[0], spread[1], 0.05 * spread[0]], rtol=1e-4)
    assert standard.moves.all()


def test_the_other_sound_of_a_lone_line_is_another() -> None:
    (lone,) = examples(1)
    net, standard = still("recurrent"), Standard.of([lone])
    found = judge(net, [lone], standard)
    assert found.shuffled != pytest.approx(found.error, rel=1e-3)
