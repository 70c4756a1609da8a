"""The table of recipes: errors on held-out lines in mm, and seconds of work for a second of sound."""

from pathlib import Path

import pytest
import torch

from models.training.datasets.blendshape_writers import write_live_link
from models.training.experiments.table import lip_figures, real_time_factor
from tests.models.training.reports.spoken_lines import line, model


def test_lip_errors_are_those_of_the_mouth_that_stays_shut(tmp_path: Path) -> None:
    for number, speaker in enumerate(("m1", "f1", "m3")):
        (tmp_path / speaker).mkdir()
        write_live_link(tmp_path, [line(f"{speaker}/1", seed=number)])
    spoken, mean, kept, met = lip_figures("small", model(), tmp_path)
    # Its mean is a closed mouth: jawOpen of 0.4 lowers the lip by several mm for half of the time.
    assert 1 < mean < 10
    assert spoken != pytest.approx(mean, rel=1e-3)
    assert 0 < kept < 0.5  # untrained, it hardly moves
    assert 0 <= met <= 1


def test_the_factor_is_measured_on_as_many_threads_as_it_says() -> None:
    seen = []
    small = model()
    small.net.register_forward_pre_hook(lambda *_: seen.append(torch.get_num_threads()))
    small.net.body.register_forward_pre_hook(lambda *_: seen.append(torch.get_num_threads()))
    before = torch.get_num_threads()
    assert 0 < real_time_factor(small, cores=1) < 1
    assert set(seen) == {1}
    assert torch.get_num_threads() == before
