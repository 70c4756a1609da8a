from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from core.errors import InputError
from models.training.datasets.mediapipe import RATE, read_mediapipe, read_parts
from models.training.landmarks.extract import drawn_parts, extract, run
from models.training.landmarks.metric import STEADY, canonical_face, metric, similarity
from models.training.landmarks.recording import Picture, Recording, averaged, pictures

SEEN = np.array([1.0, -1.0, -1.0])
"""Pictures count downwards, and depth away from the camera."""


def write_film(path: Path, greys: list[int], fps: int = 25, sound: bool = True) -> Path:
    """Write a film of plain pictures, and a tone to it."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=Fraction(fps), options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        tone = container.add_stream("aac", rate=48_000, layout="mono") if sound else None
        for grey in greys:
            picture = np.full((48, 64, 3), grey, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
        if tone is not None:
            samples = np.sin(np.arange(48_000 * len(greys) // fps) * 0.05).astype(np.float32)[None] / 2
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 48_000, 0, Fraction(1, 48_000)
            fifo = av.AudioFifo()
            fifo.write(frame)
            while (part := fifo.read(1024, partial=True)) is not None:
                container.mux(tone.encode(part))
            container.mux(tone.encode(None))
    return path


def mouthing(gap: float) -> np.ndarray:
    """A face whose lower lip hangs down, cm."""
    face = canonical_face().copy()
    face[[14, 17, 87, 317]] -= [0, gap, 0]
    return face


def find(picture: Picture) -> np.ndarray | None:
    """See in black no face, and in any grey a head turned by it whose mouth is as open as it is light."""
    grey = float(picture.mean())
    if grey < 10:
        return None
    turn = Rotation.from_euler("yxz", [grey / 8, -10, grey / 20], degrees=True).as_matrix()
    return (mouthing(grey / 100) @ turn.T * (20 + grey / 50) + [300, -200, 50]) * SEEN


@settings(max_examples=25)
@given(
    st.tuples(st.floats(-60, 60), st.floats(-40, 40), st.floats(-180, 180)),
    st.floats(0.1, 100),
    st.tuples(*[st.floats(-500, 500)] * 3),
)
def test_a_face_is_the_same_from_wherever_it_is_seen(
    angles: tuple[float, ...], scale: float, shift: tuple[float, ...]
) -> None:
    turn = Rotation.from_euler("yxz", angles, degrees=True).as_matrix()
    seen = (mouthing(1.5) @ turn.T * scale + shift) * SEEN
    np.testing.assert_allclose(metric(seen), mouthing(1.5), atol=1e-6)


def test_a_face_is_never_turned_inside_out() -> None:
    flat = canonical_face() * [-1, 1, 1]
    _, turn, _ = similarity(flat[STEADY], canonical_face()[STEADY])
    assert np.linalg.det(turn) == pytest.approx(1.0)


def test_the_canonical_face_is_like_a_published_one(shared_data: Path) -> None:
    published = np.load(shared_data / "landmarks" / "close_mouth_face.npy").T
    scale, turn, shift = similarity(canonical_face(), published)
    apart = np.linalg.norm(scale * canonical_face() @ turn + shift - published, axis=1)
    assert np.median(apart) < 0.5 and apart.max() < 2.5  # cm
    assert scale == pytest.approx(1.0, abs=0.1)
    assert np.linalg.norm(canonical_face()[1] - published[1]) < 1.0


@pytest.mark.parametrize("fps", [25, 30, 50])
def test_pictures_are_those_at_their_times(tmp_path: Path, fps: int) -> None:
    film = write_film(tmp_path / "film.mp4", [20 + 2 * n for n in range(2 * fps)], fps)
    numbers = [round((float(picture.mean()) - 20) / 2) for picture in pictures(film)]
    assert len(numbers) in (50, 51)
    assert np.abs(np.array(numbers[:50]) - np.floor(np.arange(50) * fps / 25)).max() <= 1


def test_films_become_a_dataset_that_can_be_read(tmp_path: Path) -> None:
    greys = [60] * 10 + [0] * 5 + [160] * 10
    films = [write_film(tmp_path / f"{name}.mp4", greys) for name in ("a", "b", "c")]
    extract(films, tmp_path / "set", find)
    entries = read_mediapipe(tmp_path / "set")
    line = entries[1].load()
    assert [entry.name for entry in entries] == ["a", "b", "c"]
    assert line.valid.tolist() == [grey > 0 for grey in greys]
    faces = line.motion.reshape(-1, 468, 3)
    np.testing.assert_allclose(faces[2], mouthing(0.6), atol=0.03)
    np.testing.assert_allclose(faces[20], mouthing(1.6), atol=0.03)
    assert line.template is not None
    np.testing.assert_allclose(line.template, mouthing(0.6), atol=0.03)
    np.testing.assert_array_equal(faces[12], line.template)
    assert line.rate == RATE and abs(len(line.samples) - RATE) < 2000
    assert 0.3 < np.abs(line.samples).max() < 0.7
    assert sorted(read_parts(tmp_path / "set" / "train_test_split.txt").values()) == [
        "test",
        "train",
        "valid",
    ]


def test_fewer_than_three_films_are_not_shared_out(tmp_path: Path) -> None:
    extract([write_film(tmp_path / "a.mp4", [80] * 5)], tmp_path / "set", find)
    assert not (tmp_path / "set" / "train_test_split.txt").exists()


def test_frames_are_averaged_over_those_that_show_a_face() -> None:
    heights = np.array([1.0, 3.0, 99.0, 5.0, 7.0], np.float32)
    faces = np.ones((5, 468, 3), np.float32) * heights[:, None, None]
    valid = np.array([True, True, False, True, True])
    made = averaged(Recording("a", faces, valid, np.zeros(9, np.float32)), 2).landmarks[:, 7, 1]
    assert made[valid].tolist() == [1.0, 2.0, 5.0, 6.0]
    whole = averaged(Recording("a", faces, valid, np.zeros(9, np.float32)), 1).landmarks
    np.testing.assert_array_equal(whole[valid], faces[valid])


@given(st.integers(3, 40), st.integers(0, 1000))
def test_each_part_has_lines_and_every_line_a_part(count: int, seed: int) -> None:
    names = [f"line{n}" for n in range(count)]
    parts = drawn_parts(names, seed)
    assert sorted(parts) == sorted(names) and set(parts.values()) == {"train", "valid", "test"}
    assert parts == drawn_parts(names[::-1], seed)


def _films_at_fault(folder: Path) -> dict[str, list[Path]]:
    (folder / "other").mkdir()
    noise = folder / "noise.mp4"
    noise.write_bytes(b"no film" * 99)
    good = write_film(folder / "good.mp4", [80] * 5)
    return {
        "shows no face": [good, write_film(folder / "dark.mp4", [0] * 5)],
        "holds no audio stream": [write_film(folder / "silent.mp4", [80] * 5, sound=False)],
        "not an audio file": [noise],
        "no such file": [folder / "missing.mp4"],
        "name of another": [good, write_film(folder / "other" / "good.mp4", [80] * 5)],
    }


@pytest.mark.parametrize(
    "reason",
    ["shows no face", "holds no audio stream", "not an audio file", "no such file", "name of another"],
)
def test_a_film_at_fault_is_named_and_nothing_is_written(tmp_path: Path, reason: str) -> None:
    films = _films_at_fault(tmp_path)[reason]
    with pytest.raises(InputError, match=reason) as caught:
        extract(films, tmp_path / "set", find)
    assert caught.value.source == str(films[-1])
    assert not list(tmp_path.glob("*set*"))


def test_a_dataset_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    with pytest.raises(InputError, match="is there already"):
        extract([write_film(tmp_path / "a.mp4", [80] * 5)], tmp_path / "set", find)


def test_the_command_says_in_one_line_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "face_landmarker.task"
    model.write_bytes(b"no model")
    assert run([str(tmp_path / "a.mp4"), "-o", str(tmp_path / "set"), "--model", str(model)]) == 2
    assert any(
        line.startswith("extract: ") and ("MediaPipe" in line)
        for line in capsys.readouterr().err.splitlines()
    )
