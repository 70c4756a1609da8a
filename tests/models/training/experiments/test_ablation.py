"""The table of guidance: the truth is nearest to itself, a still mouth says nothing, words are checked."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from models.training.datasets.layouts import layout_of
from models.training.experiments import ablation, systems
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


@pytest.mark.parametrize("experiment", [ablation, systems])
def test_help_is_help(experiment: ModuleType, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="0"):
        experiment.main(["--help"])
    assert "KEY=VALUE" in capsys.readouterr().out
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["out", "none.safetensors", str(DEFAULT_READER)], "none.safetensors: cannot be read or written"),
        (["file", str(DEFAULT_READER), str(DEFAULT_READER)], "file: is a file, not a folder"),
        (["out", str(DEFAULT_READER), str(DEFAULT_READER), "steps=0"], "steps=0 is not 1 or more"),
        (["out", str(DEFAULT_READER), str(DEFAULT_READER), "lines=2"], "lines=2 is not 3 or more"),
        (["out", str(DEFAULT_READER), str(DEFAULT_READER), "lines=ten"], "lines=ten is not 3 or more"),
    ],
)
def test_what_is_missing_is_one_sentence(
    words: list[str], reason: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    assert ablation.main(words) == 2
    said = capsys.readouterr().err
    assert said.startswith("ablation: ")
    assert reason in said
    assert len(said.splitlines()) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_an_option_that_one_network_has_not_is_told_before_any_training(tmp_path: Path, capsys) -> None:
    assert systems.main([str(tmp_path / "out"), "critic=3"]) == 2
    assert "critic=3: neither a setting" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_corpus_that_was_stopped_is_none(tmp_path: Path, monkeypatch) -> None:
    def stopped(*_all: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ablation, "synthesize", stopped)
    with pytest.raises(KeyboardInterrupt):
        ablation.corpus(tmp_path / "takes", 3)
    assert not any(tmp_path.iterdir())
