"""The table of guidance: the truth is nearest to itself, a still mouth says nothing, words are checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.training.datasets.layouts import layout_of
from models.training.experiments import ablation
from models.training.lipreading.films import default_mouth
from models.training.lipreading.reader import load_reader
from models.training.lipreading.teaching import DEFAULT_READER

pytest.importorskip("espeakng_loader")


def test_truth_is_read_and_a_still_mouth_is_not(tmp_path: Path) -> None:
    said = ablation.corpus(tmp_path / "takes", 3)
    lines = [entry.load() for entry in layout_of(tmp_path / "takes").read(tmp_path / "takes")][:2]
    assert {line.name for line in lines} <= set(said)
    bench = ablation.Bench(lines, said, default_mouth(), [load_reader(DEFAULT_READER)])
    truth = bench.row("truth", lambda line: line.motion)
    still = bench.row("still", lambda line: np.zeros_like(line.motion))
    assert truth[2:] == ("0.00", "0.00", "0.00")
    assert float(truth[1]) < 0.4
    assert float(still[1]) > 0.8
    assert float(still[3]) > float(still[4]) > 1  # millimetres of an open mouth, worst and mean
    assert float(still[2]) >= float(still[3]) ** 2  # the mean of squares


def test_what_is_missing_is_one_sentence(tmp_path: Path, capsys) -> None:
    assert ablation.main([]) == 2
    assert ablation.main([str(tmp_path), str(tmp_path / "none.safetensors"), str(DEFAULT_READER)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
