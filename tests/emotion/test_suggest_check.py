"""The command that tells how good suggestions are."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.paths import DEMO_CLIP
from emotion.suggest_check import acted, main, recordings


@pytest.mark.parametrize(
    ("name", "emotion"),
    [
        ("Mark_joy", "joy"),
        ("Claire_sadness_44.1khz", "sadness"),
        ("emotalk_angry1", "anger"),
        ("mead_w015_level_1_neutral_030", "neutral"),
        ("mead_m003_level_1_disgusted_015", "other"),
    ],
)
def test_names_tell_what_was_acted(name: str, emotion: str) -> None:
    assert acted(name) == emotion


def test_folders_stand_for_their_recordings(tmp_path: Path) -> None:
    for name in ("b.wav", "a.wav", "notes.txt"):
        (tmp_path / name).touch()
    assert list(recordings([str(tmp_path), "c.wav"])) == [
        tmp_path / "a.wav",
        tmp_path / "b.wav",
        Path("c.wav"),
    ]


def test_the_table_counts_each_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(DEMO_CLIP, tmp_path / f"plain{DEMO_CLIP.suffix}")
    soundfile.write(tmp_path / "silent_joy.wav", np.zeros(16_000), 16_000)
    assert main([str(tmp_path / f"plain{DEMO_CLIP.suffix}"), str(tmp_path / "silent_joy.wav")]) == 0
    table = {row.split()[0]: row.split()[1:] for row in capsys.readouterr().out.splitlines()[-2:]}
    assert table["joy"] == ["0", "0", "0", "0", "0", "0", "1"]
    assert sum(map(int, table["neutral"])) == 1


def test_what_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "gone.wav")]) == 2
    assert main([str(tmp_path), "--expert", str(tmp_path / "nobody")]) == 2
    said = capsys.readouterr().err
    assert "gone.wav" in said
    assert "nobody" in said
