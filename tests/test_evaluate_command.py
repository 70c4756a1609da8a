"""``main.py evaluate``: figures on the screen, figures and pictures in a folder, mistakes in a line."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from main import main

RATE = 16_000


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Two captures and one aligned recording, all of noise."""
    folder, draw = tmp_path / "recordings", np.random.default_rng(0)
    folder.mkdir()
    for name in ("one", "two", "read"):
        soundfile.write(folder / f"{name}.wav", draw.normal(0, 0.1, 2 * RATE), RATE)
    times = np.arange(0, 2, 1 / 25)
    for name in ("one", "two"):
        gap = draw.normal(size=len(times))
        np.savez(folder / f"{name}.npz", t=times, lip_gap=gap, valid=times > 0.1, fps=25.0, jaw=gap)
    index = [{"name": name, "speaker": name.upper(), "language": "de"} for name in ("one", "two")]
    (folder / "index.json").write_text(json.dumps(index))
    read = {"phones": [["P", 0.5, 0.6], ["AA1", 0.6, 0.8], ["SIL", 0.8, 1.2]]}
    (folder / "read.json").write_text(json.dumps(read))
    return folder


def test_figures_and_pictures(recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["evaluate", str(recordings), "-o", str(out), "--set", "speech.rest=natural"]) == 0
    printed = capsys.readouterr().out
    heading, one, two, mean, *rest = printed.splitlines()
    assert heading.split()[:3] == ["speaker", "language", "clips"]
    assert [row.split()[0] for row in (one, two)] == ["ONE", "TWO"]
    assert mean.startswith("mean of speakers")
    assert "nan" in one  # its width was not measured
    assert any("of 1 /p b m/" in line for line in rest)
    assert (out / "figures.txt").read_text(encoding="utf-8") == printed
    for name in ("scatter.png", "curves.png"):
        with Image.open(out / name) as picture:
            assert picture.width > 800
            assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 50


def test_mistakes_are_one_line(recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "index.json").write_text('[{"name": "gone"}]')
    nameless = tmp_path / "nameless"
    nameless.mkdir()
    (nameless / "x.json").write_text('{"phones": [["QQ", 0, 1]]}')
    for words, named in (
        ([str(tmp_path / "none")], "none"),
        ([str(tmp_path / "empty")], "empty"),
        ([str(damaged)], "gone.npz"),
        ([str(nameless)], "x.json"),
        ([str(recordings), "--set", "speech.rest=open"], "open"),
        ([str(recordings), "--set", "brows=up"], "brows"),
        ([str(recordings), "--model", "gone.safetensors"], "gone"),
    ):
        assert main(["evaluate", *words]) == 2
        said = capsys.readouterr().err.strip().splitlines()
        assert len(said) == 1
        assert named in said[0]
