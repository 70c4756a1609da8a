"""Every layout by name: what it writes is recognised, read and split without a speaker in two parts."""

import pickle
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from models.training.datasets.layouts import LAYOUTS, layout_of
from models.training.datasets.line import DatasetError, Line
from models.training.datasets.vocaset import TEST, TRAIN, VALID
from models.training.datasets.writers import write_mediapipe
from tests.models.training.datasets.dataset_lines import line

COLUMNS = {"arkit": 52, "landmarks:mediapipe468": 1404}
NAMES = {
    "blendshape-arrays": [f"{n}.mp4" for n in range(1, 6)],
    "biwi": [f"{speaker}_e{n:02}" for speaker in ("F2", "F1", "M3") for n in (1, 33, 40)],
    "mediapipe": [f"video{n}" for n in range(6)],
    "beat": [f"{n}_{name}_0_{n}_{n}" for n, name in enumerate(("wayne", "scott", "li", "luqi"))],
}


def lines_of(name: str) -> list[Line]:
    layout = LAYOUTS[name]
    named = [f"{speaker}_sentence{n:02}" for speaker in ("Ann", "Bo", "Cy", "Di") for n in (1, 2)]
    if name in ("livelink", "sequences"):
        named = [each.replace("_", "/") for each in named]
    lines = [
        line(each, COLUMNS.get(layout.space, 12), layout.fps, layout.space, 0.2)
        for each in NAMES.get(name, named)
    ]
    return [replace(each, speaker=each.name.split("/")[0].split("_")[0], level=1) for each in lines]


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_written_layout_is_recognised_and_read(tmp_path: Path, name: str) -> None:
    lines = lines_of(name)
    LAYOUTS[name].write(tmp_path, lines)
    layout = layout_of(tmp_path)
    assert layout.name == name
    entries = layout.read(tmp_path)
    assert len(entries) == len(lines)
    sounds = {written.samples.tobytes(): written for written in lines}
    for entry in entries:
        read = entry.load()
        written = sounds.pop(read.samples.tobytes())
        assert (read.space, read.name, read.speaker) == (written.space, entry.name, entry.speaker)
        step = round(written.fps / read.fps)
        np.testing.assert_allclose(
            read.motion, written.motion[::step] * read.known, atol=1e-6 if name == "livelink" else 0
        )


@pytest.mark.parametrize("name", LAYOUTS)
def test_entries_travel_to_workers_without_the_motion(tmp_path: Path, name: str) -> None:
    lines = [replace(each, motion=each.motion[:4], valid=each.valid[:4]) for each in lines_of(name)]
    wide = [replace(each, motion=np.tile(each.motion, (500, 1)), valid=np.ones(2000, bool)) for each in lines]
    entries = []
    for folder, written in (("short", lines), ("long", wide)):
        LAYOUTS[name].write(tmp_path / folder, written)
        entries.append(pickle.dumps(LAYOUTS[name].read(tmp_path / folder)))
    assert len(entries[1]) - len(entries[0]) < 8 * 2000 * len(lines)  # numbers of frames, at most
    np.testing.assert_array_equal(
        pickle.loads(entries[0])[0].load().motion, LAYOUTS[name].read(tmp_path / "short")[0].load().motion
    )


def test_masks_of_other_lengths_are_refused() -> None:
    spoken = line("a_1")
    with pytest.raises(ValueError, match="valid has 7 values where the motion has 30"):
        replace(spoken, valid=np.ones(7, bool))
    with pytest.raises(ValueError, match="known has 3 values where the motion has 12"):
        replace(spoken, known=np.ones(3, bool))


@pytest.mark.parametrize("name", sorted(set(LAYOUTS) - {"mediapipe", "biwi"}))
def test_a_folder_of_other_speakers_is_split_by_speakers(tmp_path: Path, name: str) -> None:
    layout = LAYOUTS[name]
    layout.write(tmp_path, lines_of(name))
    entries = layout.read(tmp_path)
    split = layout.split(tmp_path, entries)
    speakers = [{entry.speaker for entry in part} for part in (split.train, split.valid, split.test)]
    assert all(speakers) and all(not one & other for one, other in combinations(speakers, 2))
    assert sum(len(part) for part in (split.train, split.valid, split.test)) == len(entries)


def test_published_splits_and_lists_go_first(tmp_path: Path) -> None:
    named = [f"{speaker}_sentence{n}" for speaker in (TRAIN[0], VALID[0], TEST[0]) for n in (20, 21)]
    for name in ("vocaset", "faceformer"):
        LAYOUTS[name].write(tmp_path / name, [line(each, seconds=0.1) for each in named])
        split = LAYOUTS[name].split(tmp_path / name, LAYOUTS[name].read(tmp_path / name))
        assert [len(part) for part in (split.train, split.valid, split.test)] == [2, 1, 1]
    LAYOUTS["biwi"].write(tmp_path / "biwi", lines_of("biwi"))
    split = LAYOUTS["biwi"].split(tmp_path / "biwi", LAYOUTS["biwi"].read(tmp_path / "biwi"))
    assert [entry.name for entry in split.test] == ["F2_e40", "M3_e40"]
    videos = {each: "valid" if each == "video3" else "train" for each in NAMES["mediapipe"]}
    write_mediapipe(tmp_path / "mp", lines_of("mediapipe"), videos)
    split = LAYOUTS["mediapipe"].split(tmp_path / "mp", LAYOUTS["mediapipe"].read(tmp_path / "mp"))
    assert [entry.name for entry in split.valid] == ["video3"]
    assert len(split.train) == 5


def test_a_folder_of_no_layout_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"has no layout that is known \(vocaset, "):
        layout_of(tmp_path)
