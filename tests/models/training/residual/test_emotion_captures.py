import csv
import json

import numpy as np
import pytest

from models.training.residual.captures import ALPHABETICAL, CaptureError, read_pairs, read_take
from models.training.residual.pairing import FPS
from models.training.residual.performances import CHANNELS

JAW, SMILE = CHANNELS.index("jawOpen"), CHANNELS.index("mouthSmileLeft")


def syllables(seconds: float, slower: float = 1.0) -> np.ndarray:
    """Jaw of a line with syllables of different sizes."""
    times = np.arange(int(seconds * slower * FPS)) / FPS / slower
    return 0.2 * np.sin(2 * np.pi * 1.7 * times) ** 2 * (1 + np.sin(2 * np.pi * 0.6 * times))


def write_live_link(path, jaw, smile):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Timecode", "BlendShapeCount", "JawOpen", "MouthSmileLeft", "HeadYaw"])
        for frame, weight in enumerate(jaw):
            table.writerow([f"00:00:{frame // 60:02}:{frame % 60:02}.0", 61, weight, smile, 0.1])


def write_beat(path, jaw, smile, fps=60):
    frames = [{"weights": [w, smile], "time": k / fps, "rotation": []} for k, w in enumerate(jaw)]
    path.write_text(json.dumps({"names": ["jawOpen", "mouthSmileLeft"], "frames": frames}))


def write_array(path, jaw, smile):
    rows = np.zeros((len(jaw[::2]), 52), np.float32)
    rows[:, ALPHABETICAL.index("jawOpen")] = jaw[::2]
    rows[:, ALPHABETICAL.index("mouthSmileLeft")] = smile
    np.save(path, rows)


def check(pairs):
    (pair,) = pairs
    assert pair.pose[SMILE] == pytest.approx(0.5, abs=0.02)
    assert np.allclose(pair.residual[:, SMILE], 0.5, atol=0.02)
    assert np.abs(pair.residual[:, JAW]).mean() < 0.03
    assert pair.speaks.mean() > 0.9


def test_mead_lines_that_all_emotions_share(tmp_path):
    write_live_link(tmp_path / "M003" / "neutral" / "level_1" / "002.csv", syllables(4), 0.1)
    write_live_link(tmp_path / "M003" / "happy" / "level_3" / "002.csv", syllables(4, 1.2), 0.6)
    write_live_link(tmp_path / "M003" / "neutral" / "level_1" / "011.csv", syllables(3), 0.1)
    write_live_link(tmp_path / "M003" / "happy" / "level_3" / "011.csv", syllables(3), 0.9)
    check(read_pairs(tmp_path, CHANNELS))


def test_arrays_named_as_ravdess(tmp_path):
    write_array(tmp_path / "01-01-01-01-02-01-07.npy", syllables(4), 0.1)
    write_array(tmp_path / "01-01-03-02-02-01-07.npy", syllables(4, 0.9), 0.6)
    write_array(tmp_path / "01-01-03-02-02-01-08.npy", syllables(4), 0.9)
    check(read_pairs(tmp_path, CHANNELS))


def test_beat_with_a_table_of_emotions(tmp_path):
    write_beat(tmp_path / "2_scott_0_1_1.json", syllables(4), 0.1)
    write_beat(tmp_path / "2_scott_0_65_65.json", syllables(4, 1.1), 0.6)
    (tmp_path / "emotions.csv").write_text(
        "2_scott_0_1_1,scott,neutral,1\n2_scott_0_65_65,scott,Happiness,1\n"
    )
    check(read_pairs(tmp_path, CHANNELS))


def test_rates_are_brought_to_sixty(tmp_path):
    write_beat(tmp_path / "slow.json", syllables(2)[::2], 0.0, fps=30)
    take = read_take(tmp_path / "slow.json", CHANNELS)
    assert np.allclose(take[:, JAW], syllables(2)[: len(take)], atol=0.02)


def test_a_pair_shorter_than_a_clip_is_held(tmp_path):
    write_array(tmp_path / "01-01-01-01-02-01-07.npy", syllables(2), 0.1)
    write_array(tmp_path / "01-01-03-02-02-01-07.npy", syllables(2), 0.6)
    cut = read_pairs(tmp_path, CHANNELS)[0].cut(400, np.random.default_rng(0))
    assert cut.neutral.shape == cut.residual.shape == (400, len(CHANNELS))
    assert np.array_equal(cut.neutral[-1], cut.neutral[200])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "x,y\n1,2\n3,4\n"),
        ("a.json", "[1]"),
        ("a.npy", "none"),
        ("a.csv", "JawOpen\nwide\n"),
        ("a.csv", ""),
    ],
)
def test_what_is_no_capture_is_named(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with pytest.raises(CaptureError, match=name):
        read_take(tmp_path / name, CHANNELS)


def test_a_folder_without_pairs_is_refused(tmp_path):
    write_array(tmp_path / "01-01-03-02-02-01-07.npy", syllables(2), 0.1)
    with pytest.raises(CaptureError, match="no line was spoken both"):
        read_pairs(tmp_path, CHANNELS)
