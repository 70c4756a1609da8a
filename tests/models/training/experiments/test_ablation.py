"""The table of guidance: the truth is nearest to itself, a still mouth says nothing, words are checked."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from models.training.datasets.layouts import layout_of
from models.training.experiments import ablation, systems
from models.training.experiments.lip_bench import Bench
from models.training.lab.material import split_of
from models.training.lipreading.films import HELD_OUT, default_mouth
from models.training.lipreading.reader import load_reader
from models.training.lipreading.teaching import DEFAULT_READER

pytest.importorskip("espeakng_loader")


def test_truth_is_read_and_a_still_mouth_is_not(tmp_path: Path) -> None:
    said = ablation.corpus(tmp_path / "takes", 8, 0)
    split = split_of(tmp_path / "takes", layout_of(tmp_path / "takes"))
    assert {entry.speaker for entry in split.test} == {HELD_OUT[0]}
    assert {entry.speaker for entry in split.valid} == {ablation.CHOOSING}
    lines = [entry.load() for entry in split.test]
    assert {line.name for line in lines} <= set(said)
    bench = Bench(lines, said, default_mouth(), [load_reader(DEFAULT_READER)])
    truth = bench.figures(lambda line: line.motion)
    still = bench.figures(lambda line: np.zeros_like(line.motion))
    assert truth[1:].tolist() == [0, 0, 0]
    assert truth[0] < 0.4
    assert still[0] > 0.8
    assert still[2] > still[3] > 1  # millimetres of an open mouth, worst and mean
    assert still[1] >= still[2] ** 2  # the mean of squares


def test_differences_are_those_of_pairs() -> None:
    study = ablation.Study("test", {}, [("without", "with")])
    runs = [{"without": np.full(5, level), "with": np.full(5, level - 0.25)} for level in (1.0, 2.0, 3.0)]
    without, guided, less = ablation.table(study, runs)
    assert without == ("without", *["2.000 ± 1.000"] * 2, *["2.00 ± 1.00"] * 3)
    assert guided[1] == "1.750 ± 1.000"
    assert less == ("with less without", *["-0.250 ± 0.000"] * 2, *["-0.25 ± 0.00"] * 3)


def test_rows_that_are_there_are_not_trained_again(tmp_path: Path, monkeypatch, capsys) -> None:
    arms = {"plain": (ablation.PARALLEL, ()), "watched": (f"{ablation.PARALLEL}-guided", ("reader.every=1",))}
    monkeypatch.setitem(ablation.STUDIES, "two", ablation.Study("test", arms, [("plain", "watched")]))
    words = [*(str(path) for path in (tmp_path, DEFAULT_READER, DEFAULT_READER)), "--study", "two", "lines=8"]
    words += ["--seeds", "0", "steps=2", "judge_every=2", "batch=1", "seconds=0.5", "width=16"]
    assert ablation.main(words) == 0
    first = capsys.readouterr().out
    (tmp_path / "seed-0" / "watched.safetensors").unlink()
    before = (tmp_path / "seed-0" / "plain.safetensors").stat().st_mtime_ns
    assert ablation.main(words) == 0
    assert (tmp_path / "seed-0" / "plain.safetensors").stat().st_mtime_ns == before
    assert (tmp_path / "seed-0" / "watched.safetensors").exists()
    # The state of the second run was there: it is the same network again, and so the same table.
    assert capsys.readouterr().out.splitlines()[-7:] == first.splitlines()[-7:]
    assert "watched less plain" in first


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
        ablation.corpus(tmp_path / "takes", 3, 0)
    assert not any(tmp_path.iterdir())
