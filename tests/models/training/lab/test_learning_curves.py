"""Learning curves: rows that a killed run does not double, events as TensorBoard reads them, a page."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.training.lab.curves import COLOURS, Curves, Events, main, read_rows
from models.training.lab.recipes import RECIPES
from tests.models.training.lab.lab_factories import still

NET = still("recurrent")


def test_a_run_that_goes_back_replaces_its_rows(tmp_path: Path) -> None:
    write = Curves(tmp_path / "run.jsonl")
    for step in (20, 40, 60):
        write(step, {"net": step / 10, "validation": 1.0}, NET)
    Curves(tmp_path / "run.jsonl")(40, {"net": 0.5, "validation": 0.25}, NET)
    rows = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert rows == [{"step": 20, "net": 2.0, "validation": 1.0}, {"step": 40, "net": 0.5, "validation": 0.25}]
    assert read_rows(tmp_path / "run.jsonl") == rows


def test_tensorboard_reads_the_events_back(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    first = Events(tmp_path / "run.tensorboard")
    for step in (20, 40, 60):
        first(step, {"speaker": step / 10, "critic": 3.0, "validation": 1 / step}, NET)
    Events(tmp_path / "run.tensorboard")(60, {"speaker": 0.5, "critic": 2.0, "validation": 0.01}, NET)
    events = accumulator.EventAccumulator(str(tmp_path / "run.tensorboard")).Reload()
    assert sorted(events.Tags()["scalars"]) == ["loss/critic", "loss/speaker", "validation"]
    found = [(event.step, round(event.value, 4)) for event in events.Scalars("loss/speaker")]
    assert found == [(20, 2.0), (40, 4.0), (60, 0.5)]  # the resumed run's 60 alone
    assert [event.value for event in events.Scalars("validation")] == pytest.approx([0.05, 0.025, 0.01])


def test_without_tensorboard_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(ValueError, match=r"requirements\.py tensorboard"):
        Events(tmp_path)


def test_a_page_shows_each_run_in_its_colour(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, fall in (("quick", 0.9), ("slow", 0.99)):
        write = Curves(tmp_path / f"{name}.jsonl")
        for step in range(10, 100, 10):
            write(step, {"net": fall**step, "validation": 0.5 + fall**step}, NET)
    page = tmp_path / "page.png"
    assert main([str(tmp_path / "quick.jsonl"), str(tmp_path / "slow.jsonl"), "-o", str(page)]) == 0
    assert str(page) in capsys.readouterr().out
    with Image.open(page) as picture:
        pixels = np.asarray(picture.convert("RGB"), int)
    for colour in ((0x23, 0x52, 0x7C), (0xC8, 0x50, 0x2D)):
        assert (np.abs(pixels - colour).max(axis=2) < 10).sum() > 500
    assert (np.abs(pixels - (0x4B, 0x8B, 0x3B)).max(axis=2) < 10).sum() == 0  # there is no third


def test_as_many_runs_as_recipes_are_told_apart(tmp_path: Path) -> None:
    runs = [tmp_path / f"{name}.jsonl" for name in RECIPES]
    for number, path in enumerate(runs):
        for step in (10, 20):
            Curves(path)(step, {"net": 1.0 + number, "validation": 2.0 + number}, NET)
    assert main([*map(str, runs), "-o", str(tmp_path / "page.png")]) == 0
    with Image.open(tmp_path / "page.png") as picture:
        pixels = np.asarray(picture.convert("RGB"), int)
    colours = [[int(each[place : place + 2], 16) for place in (1, 3, 5)] for each in COLOURS]
    for colour in colours[: len(RECIPES)]:
        assert (np.abs(pixels - colour).max(axis=2) < 4).sum() > 500


def test_a_page_that_cannot_be_drawn_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run.jsonl"
    Curves(run)(10, {"net": 1.0, "validation": 0.5}, NET)
    assert main([str(run), "-o", str(tmp_path / "page.xyz")]) == 2
    assert "page.xyz: a name that ends with .png" in capsys.readouterr().err
    assert main([str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl: cannot be read or written: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("text", ['{"net": 1.0}\n', "nothing\n", "[1]\n", ""])
def test_a_broken_curve_is_one_line(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "run.jsonl").write_text(text)
    assert main([str(tmp_path / "run.jsonl"), "-o", str(tmp_path / "page.png")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "page.png").exists()
    if text:
        with pytest.raises(ValueError, match="is no row of a learning curve"):
            Curves(tmp_path / "run.jsonl")  # before the run, not in it
