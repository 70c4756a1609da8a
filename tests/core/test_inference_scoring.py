"""The measuring command writes what a scorer reads."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.inference import scoring
from core.neutral import Neutral
from tests.factories import mouth_rig


def test_the_gap_is_that_of_the_posed_rig() -> None:
    weights = np.zeros((200, 2), np.float32)
    weights[:, 0] = np.linspace(0, 1, 200)
    weights[150:, 1] = weights[150:, 0]
    gaps = scoring.lip_gap(mouth_rig(), Neutral(60.0, ("jawOpen", "mouthClose"), weights))
    assert gaps[:150] == pytest.approx(40 * weights[:150, 0], abs=1e-4)
    assert gaps[150:].max() < 1e-4


def test_a_folder_of_recordings_becomes_a_folder_of_gaps(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    for name in "ab":
        soundfile.write(tmp_path / f"{name}.wav", draw.normal(0, 0.1, 16_000), 16_000)
    (tmp_path / "notes.txt").write_text("not a recording")
    assert scoring.main([str(tmp_path), str(tmp_path / "out"), "--set", "speech.rest=natural"]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.npz", "b.npz"]
    with np.load(tmp_path / "out" / "a.npz", allow_pickle=False) as scored:
        assert scored["aperture"].shape == (61,)
        assert float(scored["fps"]) == 60


def test_bad_input_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.wav").write_text("hello")
    assert scoring.main([str(tmp_path), str(tmp_path / "out")]) == 2
    message = capsys.readouterr().err
    assert "text.wav" in message
    assert message.count("\n") == 1
