from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from core.livelink import read_live_link


def _write(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def _codes(first: int, count: int, rate: int) -> list[str]:
    return [f"{n // rate // 3600 % 24}:{n // rate // 60 % 60}:{n // rate % 60}:{n % rate:02d}.250"
            for n in range(first, first + count)]  # fmt: skip


@pytest.mark.parametrize("rate", [30, 60])
def test_columns_by_name_and_seconds_from_timecodes(tmp_path, rate):
    """A ramp of 0.25 a second stays one, whatever frames timecodes count, also past midnight."""
    count = 5 * rate
    ramp = 0.25 * np.arange(count) / rate
    rows = [
        [code, 61, w, 0.5, 9] for code, w in zip(_codes(86_400 * rate - 50, count, rate), ramp, strict=True)
    ]
    path = _write(
        tmp_path / "a.csv", ["Timecode", "BlendshapeCount", "JawOpen", "eyeBlinkLeft", "HeadYaw"], rows
    )
    motion = read_live_link(path)
    assert set(motion.channels) == {"jawOpen", "eyeBlinkLeft"}
    times = np.array([0.0, 1.3, 4.2])
    sampled = motion.sample(times)
    np.testing.assert_allclose(sampled[:, motion.channels.index("jawOpen")], 0.25 * times, atol=1e-4)
    np.testing.assert_allclose(sampled[:, motion.channels.index("eyeBlinkLeft")], 0.5)


def test_dropped_frames_are_filled_in(tmp_path):
    codes = _codes(0, 200, 60)
    kept = [k for k in range(200) if not 60 < k < 90]
    path = _write(tmp_path / "a.csv", ["Timecode", "JawOpen"], [[codes[k], k / 200] for k in kept])
    motion = read_live_link(path)
    assert len(motion.weights) == 200
    np.testing.assert_allclose(motion.weights[75, 0], 75 / 200, atol=1e-5)


def test_a_real_capture(shared_data):
    path = shared_data / "livelink" / "Sad.csv"
    motion = read_live_link(path)
    assert len(motion.channels) == 52
    assert 25 < motion.duration < 40
    with path.open() as file:
        rows = list(csv.DictReader(file))
    peak = max(float(row["JawOpen"]) for row in rows)
    assert abs(motion.weights[:, motion.channels.index("jawOpen")].max() - peak) < 0.02


GOOD = ["10:00:00:00.1", "10:00:00:01.1"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("Timecode,JawOpen\n", "no frames"),
        ("a,b\n1,2\n", "no Live Link Face recording"),
        ("JawOpen\n1\n", "no Live Link Face recording"),
        ("Timecode,HeadYaw\n10:00:00:00,1\n", "no Live Link Face recording"),
        (f"Timecode,JawOpen\n{GOOD[0]},1\n{GOOD[1]}\n", "frame 2 has 1 values"),
        (f"Timecode,JawOpen\n{GOOD[0]},wide\n", "frame 1 holds something"),
        (f"Timecode,JawOpen\n{GOOD[0]},nan\n", "frame 1 holds something"),
        ("Timecode,JawOpen\nsoon,1\n", "frame 1 has no timecode"),
        (f"Timecode,JawOpen\n{GOOD[1]},1\n{GOOD[0]},1\n", "frame 2 is not later"),
    ],
)
def test_garbage_is_the_users_error(tmp_path, text, reason):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=rf"a\.csv: .*{reason}"):
        read_live_link(path)


def test_binary_and_missing_files_are_the_users_error(tmp_path):
    (tmp_path / "b.csv").write_bytes(bytes(range(256)) * 20)
    for name in ("b.csv", "missing.csv", "."):
        with pytest.raises(InputError):
            read_live_link(tmp_path / name)
