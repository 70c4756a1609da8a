from __future__ import annotations

from itertools import chain
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from PIL import ImageColor

from models.training.landmarks import contours
from models.training.landmarks.drawing import MOUTH, FacePanel
from models.training.landmarks.film import run
from models.training.landmarks.metric import canonical_face

LOWER = [14, 17, 87, 317, 178, 402, 88, 318]


def mouthing(frames: int) -> np.ndarray:
    """A mouth that opens, (F, 468, 3) in cm."""
    faces = np.repeat(canonical_face()[None], frames, axis=0)
    faces[:, LOWER, 1] -= np.linspace(0, 2.5, frames)[:, None]
    return faces


def opened(picture: np.ndarray) -> int:
    """Pixels of the inside of the mouth."""
    return int((np.abs(picture.astype(int) - ImageColor.getrgb(MOUTH)).max(axis=-1) < 12).sum())


def frames_of(film: Path) -> tuple[np.ndarray, list[str], float]:
    with av.open(str(film)) as container:
        shown = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
        return shown, [stream.type for stream in container.streams], float(container.duration or 0) / 1e6


def test_lips_that_part_show_the_mouth() -> None:
    faces = mouthing(4)
    panel = FacePanel(faces[0], (320, 330), 0.0, 20.0)
    areas = [opened(np.asarray(panel.picture(face))) for face in faces]
    assert areas[0] < 60 and areas == sorted(areas) and areas[-1] > areas[1] + 200


def test_the_surface_leaves_lips_and_eyes_open_and_faces_forward() -> None:
    triangles = contours.surface()
    assert set(range(468)) == set(triangles.ravel().tolist())
    for opening in contours.OPENINGS:
        assert not np.isin(triangles, opening).all(axis=1).any()
    a, b, c = (contours.open_face()[triangles[:, k], :2] for k in range(3))
    assert (np.cross(np.c_[b - a, 0 * a[:, 0]], np.c_[c - a, 0 * a[:, 0]])[:, 2] > 0).all()


def test_the_lines_of_a_face_are_its_own_mirror_image() -> None:
    face = canonical_face()
    for row, other in (
        *(
            (line, line)
            for line in (contours.INNER_LIPS, contours.OUTER_LIPS, contours.OVAL, contours.NOSTRILS)
        ),
        (contours.RIGHT_EYE, contours.LEFT_EYE),
        (contours.RIGHT_BROW, contours.LEFT_BROW),
    ):
        image = {int(np.linalg.norm(face - face[k] * [-1, 1, 1], axis=1).argmin()) for k in row}
        assert image == set(other) and len(set(row)) == len(row)
    every = set(chain(contours.INNER_LIPS, contours.OUTER_LIPS, contours.RIGHT_EYE, contours.LEFT_EYE))
    assert len(every) == 72


def test_a_prediction_stands_beside_the_truth_with_its_sound(tmp_path: Path) -> None:
    faces = mouthing(12)
    np.save(tmp_path / "truth.npy", faces.transpose(0, 2, 1))
    np.save(tmp_path / "guess.npy", faces[:10][::-1])
    soundfile.write(tmp_path / "voice.wav", np.zeros(16_000), 16_000)
    words = [tmp_path / "truth.npy", "--beside", tmp_path / "guess.npy", "--audio", tmp_path / "voice.wav"]
    assert run([*map(str, words), "-o", str(tmp_path / "film.mp4")]) == 0
    shown, kinds, seconds = frames_of(tmp_path / "film.mp4")
    assert kinds == ["video", "audio"] and len(shown) == 10 and seconds == pytest.approx(0.4, abs=0.05)
    left, right = shown[:, :, :640], shown[:, :, 640:]
    assert opened(left[-1]) > opened(left[0]) + 300
    assert opened(right[0]) > opened(right[-1]) + 300


def test_one_performance_is_shown_from_two_sides(tmp_path: Path) -> None:
    np.save(tmp_path / "talk.npy", mouthing(3))
    assert run([str(tmp_path / "talk.npy"), "-o", str(tmp_path / "film.mp4")]) == 0
    shown, kinds, _ = frames_of(tmp_path / "film.mp4")
    assert kinds == ["video"]
    assert np.abs(shown[0, 100:, :640].astype(int) - shown[0, 100:, 640:]).mean() > 1


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((4, 68, 3)), "no 468 points"),
        (np.full((4, 468, 3), np.nan), "no numbers"),
        (np.zeros((0, 468, 3)), "no frame"),
    ],
)
def test_what_is_no_landmarks_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], array: np.ndarray, reason: str
) -> None:
    np.save(tmp_path / "bad.npy", array)
    assert run([str(tmp_path / "bad.npy"), "-o", str(tmp_path / "film.mp4")]) == 2
    said = capsys.readouterr().err
    assert "bad.npy" in said and reason in said and not (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["film.xyz"], "film.xyz: a name that ends with .mp4 is wanted"),
        (["film.mp4", "--fps", "0"], "--fps: 0 is not between 1 and 1000"),
        (["none/file/film.mp4"], "none/file/film.mp4: cannot be written: Not a directory"),
    ],
)
def test_a_film_that_cannot_be_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("talk.npy", mouthing(1))
    Path("none").touch()
    assert run(["talk.npy", "-o", *words]) == 2
    assert capsys.readouterr().err == f"film: {reason}\n"
