"""Blendshapes in four layouts and as many orders of channels: each value stays with its name."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channels import ARKIT
from models.training.datasets.arkit import ALPHABETICAL, CHANNELS, by_name
from models.training.datasets.beat import emotion_of, read_beat
from models.training.datasets.blendshape_arrays import CAPTURED, read_blendshape_arrays
from models.training.datasets.blendshape_writers import write_beat, write_blendshape_arrays, write_live_link
from models.training.datasets.line import DatasetError, Line
from models.training.datasets.livelink import read_live_link
from tests.models.training.datasets.dataset_lines import line, with_windows


def weights(name: str, fps: float = 60) -> Line:
    return line(name, 52, fps, "arkit")


def known_only(spoken: Line, channels: tuple[str, ...]) -> np.ndarray:
    return spoken.motion * np.isin(CHANNELS, channels)


def test_the_channels_are_those_of_the_editor() -> None:
    assert CHANNELS == ARKIT
    assert (len(ALPHABETICAL), ALPHABETICAL.index("jawOpen"), ALPHABETICAL.index("mouthClose")) == (
        51,
        24,
        26,
    )
    missing = set(CHANNELS) - set(CAPTURED)
    assert len(CAPTURED) == 40 and {"mouthClose", "mouthPressLeft", "mouthPressRight"} < missing


@given(st.permutations(CHANNELS), st.integers(1, 52), st.booleans())
def test_any_order_of_columns_gives_the_same_motion(order: list[str], count: int, shout: bool) -> None:
    values = np.arange(2 * 52, dtype=np.float32).reshape(2, 52)
    names = [name.upper() if shout else name for name in order[:count]]
    stored = values[:, [CHANNELS.index(name) for name in order[:count]]]
    motion, known = by_name(stored, names, Path("x"))
    assert known.tolist() == [name in order[:count] for name in CHANNELS]
    np.testing.assert_array_equal(motion, values * known)


def test_live_link_comes_back(tmp_path: Path) -> None:
    spoken = [weights("Ann/MySlate_2"), weights("Ann/MySlate_1"), weights("Bo/MySlate_1")]
    write_live_link(tmp_path, spoken)
    entries = read_live_link(tmp_path)
    assert [(entry.name, entry.speaker) for entry in entries] == [
        ("Ann/MySlate_1", "Ann"),
        ("Ann/MySlate_2", "Ann"),
        ("Bo/MySlate_1", "Bo"),
    ]
    read = entries[1].load()
    np.testing.assert_allclose(read.motion, spoken[0].motion, atol=1e-6)
    np.testing.assert_array_equal(read.samples, spoken[0].samples)
    assert read.known.all() and (read.fps, read.space) == (60, "arkit")


def test_dropped_frames_are_filled_and_any_rate_is_sampled(tmp_path: Path) -> None:
    rising = np.linspace(0, 1, 31)[:, None].repeat(52, 1).astype(np.float32)
    ramp = replace(weights("A/one"), motion=rising, valid=np.ones(31, bool))
    write_live_link(tmp_path, [ramp])
    path = tmp_path / "A" / "one.csv"
    rows = path.read_text().splitlines()
    path.write_text("\n".join(rows[:5] + rows[9:]))
    np.testing.assert_allclose(read_live_link(tmp_path)[0].load().motion, ramp.motion, atol=1e-6)
    at_25 = read_live_link(tmp_path, 25)[0].load()
    np.testing.assert_allclose(at_25.motion[:, 0], np.arange(13) / 25 * 2, atol=1e-6)


def test_a_real_recording_is_read_as_the_editor_reads_it(tmp_path: Path, shared_data: Path) -> None:
    from core.livelink import read_live_link as of_the_editor

    source = shared_data / "livelink" / "Sad.csv"
    (tmp_path / "Sad.csv").write_bytes(source.read_bytes())
    write_live_link(tmp_path / "other", [weights("A/one")])
    (tmp_path / "other" / "A" / "one.wav").rename(tmp_path / "Sad.wav")
    read = next(entry for entry in read_live_link(tmp_path) if entry.name == "Sad").load()
    due = of_the_editor(source)
    np.testing.assert_allclose(read.motion, due.weights, atol=1e-5)


def test_beat_comes_back_with_its_emotions(tmp_path: Path) -> None:
    spoken = [weights("1_wayne_0_1_1"), weights("2_scott_0_73_73")]
    write_beat(tmp_path, spoken)
    first, second = read_beat(tmp_path, 30)
    assert [(e.name, e.speaker, e.emotion) for e in (first, second)] == [
        ("1_wayne_0_1_1", "wayne", "neutral"),
        ("2_scott_0_73_73", "scott", "anger"),
    ]
    read = first.load()
    np.testing.assert_array_equal(read.motion, known_only(spoken[0], ALPHABETICAL)[::2])
    assert (read.fps, read.known.sum(), read.known[CHANNELS.index("tongueOut")]) == (30, 51, False)
    assert [emotion_of(n) for n in (64, 65, 72, 118, 119)] == [
        "neutral",
        "joy",
        "joy",
        "disgust",
        "neutral",
    ]


def test_captured_arrays_come_back_without_what_was_not_captured(tmp_path: Path) -> None:
    spoken = [with_windows(weights("1.mp4", 30)), with_windows(weights("11.mp4", 30))]
    write_blendshape_arrays(tmp_path, spoken)
    assert np.load(tmp_path / "data_verts.npy").shape == (30, 40, 1)
    for entry, written in zip(read_blendshape_arrays(tmp_path, deepspeech=True), spoken, strict=True):
        read = entry.load()
        assert (read.name, read.speaker, read.fps) == (written.name, written.name, 30)
        np.testing.assert_array_equal(read.motion, known_only(written, CAPTURED))
        np.testing.assert_array_equal(read.known, np.isin(CHANNELS, CAPTURED))
        np.testing.assert_array_equal(read.samples, written.samples)
        np.testing.assert_array_equal(read.deepspeech, written.deepspeech)


def test_all_52_fit_in_the_same_layout(tmp_path: Path) -> None:
    spoken = weights("1.mp4", 30)
    write_blendshape_arrays(tmp_path, [spoken], (*ALPHABETICAL, "tongueOut"))
    read = read_blendshape_arrays(tmp_path, (*ALPHABETICAL, "tongueOut"))[0].load()
    np.testing.assert_array_equal(read.motion, spoken.motion)
    with pytest.raises(
        DatasetError, match=r"data_verts\.npy: has values of shape \(15, 52\) for 40 channels"
    ):
        read_blendshape_arrays(tmp_path)[0].load()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "begins with no Timecode"),
        ("Timecode,BlendshapeCount,JawOpen\n", "holds no frames"),
        ("Timecode;BlendshapeCount;JawOpen\n1:0:0:0;61;0,5\n", "columns are parted by semicolons"),
        ("Timecode,BlendShapeCount,JawOpen\n1:00,61,0.5\n", "frame 1 has '1:00' for a timecode"),
        (
            "Timecode,BlendshapeCount,JawOpen\n00:00:00:01.0,61,x\n",
            "frame 1 holds something that is no number",
        ),
        ("Timecode,BlendshapeCount,JawOpen\n00:00:00:01.0,61,nan\n", "values that are no numbers"),
        ("Timecode,BlendshapeCount,Jaw\n00:00:00:01.0,61,0\n", "none of ARKit's channels"),
        ("Timecode,BlendshapeCount,JawOpen,jawopen\n00:00:00:01.0,61,0,0\n", "names a channel twice"),
        (
            "Timecode,BlendshapeCount,JawOpen\n00:00:00:01.0,61,0\n00:00:00:01.0,61,0\n",
            "frame 2 is not later",
        ),
        (
            "Timecode,BlendshapeCount,JawOpen\n00:00:00:01.0,61,0\n00:00:00:02.0,61\n",
            "frame 2 has 2 values, the header names 3",
        ),
    ],
)
def test_a_bad_table_is_named(tmp_path: Path, content: str, reason: str) -> None:
    write_live_link(tmp_path, [weights("A/one")])
    (tmp_path / "A" / "one.csv").write_text(content)
    with pytest.raises(DatasetError, match=rf"one\.csv: .*{reason}"):
        read_live_link(tmp_path)[0].load()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"names": ["jawOpen"]}',
        '{"names": ["jawOpen"], "frames": [{"weights": ["a"]}]}',
        "[" * 100_000,
    ],
)
def test_a_bad_beat_file_is_named(tmp_path: Path, content: str) -> None:
    write_beat(tmp_path, [weights("1_wayne_0_1_1")])
    (tmp_path / "1" / "1_wayne_0_1_1.json").write_text(content)
    with pytest.raises(DatasetError, match=r"1_wayne_0_1_1\.json: is no (JSON file|BEAT recording)"):
        read_beat(tmp_path)[0].load()


def test_ragged_weights_of_beat_are_named(tmp_path: Path) -> None:
    write_beat(tmp_path, [weights("1_wayne_0_1_1")])
    path = tmp_path / "1" / "1_wayne_0_1_1.json"
    content = json.loads(path.read_text())
    content["frames"][3]["weights"].pop()
    path.write_text(json.dumps(content))
    with pytest.raises(DatasetError, match="frames of as many weights"):
        read_beat(tmp_path)[0].load()


def test_a_recording_without_audio_is_named(tmp_path: Path) -> None:
    write_blendshape_arrays(tmp_path, [weights("1.mp4", 30)])
    (tmp_path / "raw_audio_fixed.pkl").write_bytes(pickle.dumps({"1.mp4": []}))
    with pytest.raises(DatasetError, match=r"raw_audio_fixed\.pkl: has no 16-bit sound of 1\.mp4"):
        read_blendshape_arrays(tmp_path)[0].load()
