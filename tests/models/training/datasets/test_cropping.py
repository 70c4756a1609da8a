from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.datasets.alignment import aligned
from models.training.datasets.cropping import INDEX, Crop, mouth_of, run
from models.training.datasets.faceformer import read_faceformer
from models.training.datasets.line import Line
from models.training.datasets.writers import write_faceformer, write_mediapipe
from models.training.metrics.masks import Mask, read_mask
from tests.models.training.datasets.dataset_lines import RATE, line

LIPS = range(2, 10)
SIZE = 144
KEPT = (64, 65, 76)


def talking(name: str, columns: int = 12, seconds: float = 0.5) -> Line:
    """A sheet of 12 rows with a slit between the middle ones, which opens, and brows that rise."""
    still = line(name, 3 * columns * 12, seconds=seconds)
    x, y = (axis.ravel().astype(np.float32) for axis in np.meshgrid(2 * np.arange(columns), np.arange(12)))
    row = y.copy()
    y = np.where(row > 5, y - 0.95, y)  # rows 5 and 6 nearly touch: the lips
    rest = np.stack([x, y, 0 * x], axis=1).astype(np.float32)
    pulse = np.abs(np.sin(np.arange(len(still.motion)) * 0.4))[:, None]
    motion = np.repeat(rest[None], len(pulse), axis=0)
    motion[:, :, 1] -= pulse * np.where(row > 5, 0, 4 * np.sin(np.pi * x / x.max()))
    motion[:, :, 1] += pulse * np.clip(row - 6, 0, 5) * 0.36
    return replace(still, motion=motion.reshape(len(motion), -1), template=rest)


def test_the_mouth_is_what_lies_around_the_lips_that_part() -> None:
    lips = set(mouth_of([talking("a_1"), talking("b_1")], reach=0.0).mask.vertices.tolist())
    assert {12 * row + column for row in (5, 6) for column in LIPS} <= lips
    assert lips <= {12 * row + column for row in range(2, 10) for column in LIPS}
    wider = set(mouth_of([talking("a_1")], reach=0.15).mask.vertices.tolist())
    assert lips < wider and len(wider) < SIZE


def test_what_was_not_measured_does_not_count_as_motion() -> None:
    spoken = talking("a_1")
    wild = spoken.motion.copy()
    wild[3:9, :6] = 1e6
    valid = np.ones(len(wild), bool)
    valid[3:9] = False
    made = mouth_of([replace(spoken, motion=wild, valid=valid)])
    np.testing.assert_array_equal(made.mask.vertices, mouth_of([spoken]).mask.vertices)


def test_where_nothing_parts_a_mask_is_asked_for() -> None:
    spoken = talking("a_1")
    with pytest.raises(ValueError, match="give a mask"):
        mouth_of([replace(spoken, motion=np.tile(spoken.template.ravel(), (30, 1)))])


def test_a_cropped_line_goes_back_into_its_head() -> None:
    spoken = talking("a_1")
    crop = Crop(Mask("mouth", np.array(KEPT)), SIZE)
    cut = crop.of(spoken)
    assert cut.motion.shape == (len(spoken.motion), 9) and cut.space == "vertices:flame.mouth"
    assert spoken.template is not None and cut.template is not None
    np.testing.assert_array_equal(cut.template, spoken.template[list(KEPT)])
    whole = crop.into(spoken.template, cut.motion).reshape(-1, SIZE, 3)
    np.testing.assert_array_equal(whole[:, KEPT], spoken.motion.reshape(-1, SIZE, 3)[:, KEPT])
    np.testing.assert_array_equal(whole[5, 0], spoken.template[0])


def test_a_line_of_another_head_is_refused() -> None:
    crop = Crop(Mask("mouth", np.array(KEPT)), SIZE)
    with pytest.raises(ValueError, match="has 156 vertices, not 144"):
        crop.of(talking("a_1", columns=13))
    with pytest.raises(ValueError, match="asks for vertex 144 of a head of 144"):
        Crop(Mask("mouth", np.array([144])), SIZE)


@given(st.integers(1, 90), st.integers(1, 30_000))
def test_sound_and_motion_end_together_in_whole_frames(frames: int, samples: int) -> None:
    spoken = line("a_1", seconds=1.5)
    given_line = replace(
        spoken,
        motion=spoken.motion[:frames],
        valid=spoken.valid[:frames],
        samples=np.resize(spoken.samples, samples),
    )
    made = aligned(given_line)
    cut = made.line
    assert len(cut.motion) == len(cut.valid) <= frames and len(cut.samples) <= samples
    assert abs(len(cut.samples) / RATE - len(cut.motion) / 60) <= 0.5 / RATE + 1e-9
    assert min(frames / 60, samples / RATE) - len(cut.motion) / 60 < 1 / 60 + 1e-9
    np.testing.assert_array_equal(cut.motion, spoken.motion[: len(cut.motion)])
    assert made.excess == pytest.approx(samples / RATE - frames / 60)
    assert made.suspicious == (abs(samples / RATE - frames / 60) > 1 / 60 + 1e-6 / 60)


def test_a_dataset_is_cropped_in_its_own_layout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    longer = talking("b_2")
    lines = [talking("a_1"), replace(longer, samples=np.resize(longer.samples, 9600))]
    write_faceformer(tmp_path / "whole", lines)
    assert run([str(tmp_path / "whole"), "-o", str(tmp_path / "mouth"), "--reach", "0.1"]) == 0
    said = capsys.readouterr().out
    assert "b_2: the sound is 0.100 s longer" in said and "a_1" not in said
    cut = [entry.load() for entry in read_faceformer(tmp_path / "mouth")]
    assert [each.name for each in cut] == ["a_1", "b_2"]
    expected = mouth_of(lines, 0.1).mask.vertices
    assert all(each.template.shape == (len(expected), 3) for each in cut)
    assert all(each.motion.shape[1] == 3 * len(expected) < 3 * SIZE for each in cut)
    assert len(cut[1].samples) == 8000
    mask = tmp_path / "mouth" / INDEX
    np.testing.assert_array_equal(read_mask(mask).vertices, expected)
    assert run([str(tmp_path / "whole"), "-o", str(tmp_path / "again"), "--mask", str(mask)]) == 0


@pytest.mark.parametrize(
    ("mask", "reason"), [("1 2 400", "asks for vertex 400"), ("lips", "'lips' where a vertex number")]
)
def test_a_bad_mask_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mask: str, reason: str
) -> None:
    write_faceformer(tmp_path / "whole", [talking("a_1")])
    (tmp_path / "mask.txt").write_text(mask)
    words = [str(tmp_path / "whole"), "-o", str(tmp_path / "cut"), "--mask", str(tmp_path / "mask.txt")]
    assert run(words) == 2
    assert reason in capsys.readouterr().err
    assert not list(tmp_path.glob("*cut*"))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["whole", "-o", "cut", "--reach", "nan"], "--reach: nan is not a number of 0 or more"),
        (
            ["whole", "-o", "cut", "--mask", "none.txt"],
            "none.txt: cannot be read or written: No such file or directory",
        ),
        (["whole", "-o", "whole/template.txt"], "whole/template.txt: is a file, not a folder"),
        (["points", "-o", "cut"], "points: layout mediapipe has no vertices of a mesh"),
        (["none", "-o", "cut"], "none: does not exist"),
        (["whole"], "the following arguments are required: -o/--out"),
    ],
)
def test_what_cannot_be_cropped_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_faceformer(Path("whole"), [talking("a_1")])
    Path("whole/template.txt").touch()
    write_mediapipe(Path("points"), [line("one_1", 1404, 25, "landmarks:mediapipe468", 0.1)])
    try:
        code: object = run(words)
    except SystemExit as left:
        code = left.code
    assert code == 2
    assert capsys.readouterr().err == f"cropping: {reason}\n"
    assert not Path("cut").exists()
