"""Features on disk: read again as they were heard, remade where damaged, one file for each hearing."""

import os
from pathlib import Path

import numpy as np
import pytest

from core.inference.cache import FOLDER_VARIABLE
from models.toolbox.encoder_folders import DATASET
from models.toolbox.listening import listen
from models.training.datasets.line import DatasetError, Line
from models.training.lab import feature_cache
from models.training.lab.feature_cache import cached_features, features_folder, features_of

SOUND = np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "features"


def test_what_was_heard_once_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = listen(SOUND, 30, "mel")
    np.testing.assert_array_equal(cached_features(SOUND, 16_000, 30, "mel"), wanted)
    (path,) = folder.iterdir()
    np.testing.assert_array_equal(np.load(path, allow_pickle=False), wanted)
    monkeypatch.setattr(feature_cache, "listen", None)  # nobody listens any more
    again = cached_features(SOUND, 16_000, 30, "mel")
    np.testing.assert_array_equal(again, wanted)
    assert again.base is not None  # a view of the file
    again[:] = 0  # which is not changed through it
    np.testing.assert_array_equal(cached_features(SOUND, 16_000, 30, "mel"), wanted)


def test_each_hearing_has_a_file(folder: Path) -> None:
    ways = [(16_000, 30.0, "mel"), (16_000, 25.0, "mel"), (22_050, 30.0, "mel"), (16_000, 30.0, "sound")]
    for rate, fps, ear in ways:
        cached_features(SOUND, rate, fps, ear)
        cached_features(SOUND, rate, fps, ear)
    cached_features(SOUND[::-1], 16_000, 30, "mel")
    assert len(list(folder.iterdir())) == len(ways) + 1


@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "other", "check"])
def test_a_damaged_file_is_made_anew(damage: str, folder: Path) -> None:
    wanted = cached_features(SOUND, 16_000, 30, "mel")
    (path,) = folder.iterdir()
    content = bytearray(path.read_bytes())
    if damage == "bit":
        content[len(content) // 2] ^= 4
    parts = {"cut": content[:-100], "bit": content, "empty": b"", "other": b"PK" * 400, "check": content[:-4]}
    path.write_bytes(bytes(parts[damage]))
    np.testing.assert_array_equal(cached_features(SOUND, 16_000, 30, "mel"), wanted)
    np.testing.assert_array_equal(np.load(path, allow_pickle=False), wanted)


def test_no_room_costs_nothing_but_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "file"))
    wanted = listen(SOUND, 30, "mel")
    np.testing.assert_array_equal(cached_features(SOUND, 16_000, 30, "mel"), wanted)


def test_what_was_not_used_for_longest_goes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir(parents=True)
    for age, name in enumerate(("new", "middle", "old")):
        (folder / f"{name}.npy").write_bytes(bytes(1000))
        os.utime(folder / f"{name}.npy", (1e9 - age, 1e9 - age))
    monkeypatch.setattr(feature_cache, "CAP", 2500)
    feature_cache._opened.cache_clear()
    cached_features(SOUND, 16_000, 30, "mel")
    assert {path.stem for path in folder.glob("*e*.npy") if len(path.stem) < 9} == {"new", "middle"}


def test_windows_of_the_dataset_are_taken_as_they_are() -> None:
    windows = np.random.default_rng(1).normal(size=(31, 16, 29)).astype(np.float32)
    line = Line("one", "mary", SOUND, 16_000, np.zeros((31, 52), np.float32), 30.0, "arkit")
    with pytest.raises(DatasetError, match="one: brings no windows of DeepSpeech"):
        features_of(line, DATASET)
    features = features_of(line.with_windows(windows), DATASET)
    np.testing.assert_array_equal(features.reshape(-1, 16, 29), windows)
    assert features_of(line, "deepspeech").shape == features.shape
    assert features_folder().is_dir()
