"""Landmarks, folders by emotion, and sequences of one's own: what was written is read."""

from dataclasses import replace
from pathlib import Path

import imath
import numpy as np
import pytest
from alembic3d import Abc, AbcCoreAbstract, AbcGeom

from core.export.registry import export
from models.training.datasets.alembic import read_alembic
from models.training.datasets.line import DatasetError, Line, emotion_name
from models.training.datasets.mead3d import read_mead3d
from models.training.datasets.mediapipe import read_mediapipe, read_parts
from models.training.datasets.sequences import read_sequences
from models.training.datasets.splits import by_parts
from models.training.datasets.writers import write_mead3d, write_mediapipe, write_sequences
from tests.egg_head import egg_take
from tests.models.training.datasets.dataset_lines import line

PARTS = {"b": "train", "a": "valid", "c": "test", "gone": "test"}


def landmarks(name: str) -> Line:
    return replace(line(name, 1404, 25, "landmarks:mediapipe468"), template=line("_rest", 1404).template)


def same(read: Line, written: Line) -> None:
    np.testing.assert_array_equal(read.motion, written.motion)
    np.testing.assert_array_equal(read.samples, written.samples)
    assert (read.space, read.fps, read.rate) == (written.space, written.fps, written.rate)


def test_landmarks_come_back_with_their_parts(tmp_path: Path) -> None:
    lines = {name: landmarks(name) for name in "cab"}
    write_mediapipe(tmp_path, lines.values(), PARTS)
    assert np.load(tmp_path / "landmarks" / "a.npy").shape == (12, 3, 468)
    entries = read_mediapipe(tmp_path, "obama")
    assert [(entry.name, entry.speaker) for entry in entries] == [(name, "obama") for name in "abc"]
    for entry in entries:
        same(entry.load(), lines[entry.name])
    np.testing.assert_array_equal(entries[0].load().template, lines["a"].template)
    split = by_parts(entries, read_parts(tmp_path / "train_test_split.txt"))
    assert [entry.name for entry in (*split.train, *split.valid, *split.test)] == ["b", "a", "c"]


def test_frames_that_were_not_measured_show_the_face_at_rest(tmp_path: Path) -> None:
    spoken = landmarks("a")
    valid = np.arange(12) % 5 > 0
    holed = np.where(valid[:, None], spoken.motion, np.float32(np.nan))
    write_mediapipe(tmp_path, [replace(spoken, motion=holed, valid=valid)], {})
    read = read_mediapipe(tmp_path)[0].load()
    assert spoken.template is not None and read.valid.tolist() == valid.tolist()
    np.testing.assert_array_equal(read.motion[valid], spoken.motion[valid])
    assert (read.motion[~valid] == spoken.template.ravel()).all()
    (tmp_path / "validity" / "a.npy").unlink()
    with pytest.raises(DatasetError, match=r"landmarks/a\.npy: holds values that are no numbers"):
        read_mediapipe(tmp_path)[0].load()


def test_landmarks_may_have_points_first_and_sound_be_a_wav(tmp_path: Path) -> None:
    spoken = landmarks("a")
    write_mediapipe(tmp_path, [spoken], {})
    np.save(tmp_path / "landmarks" / "a.npy", spoken.motion.reshape(-1, 468, 3))
    write_sequences(tmp_path / "audios", [spoken], ".npy")
    (tmp_path / "audios" / "a.npy").unlink()
    same(read_mediapipe(tmp_path)[0].load(), spoken)


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("landmarks/a.npy", np.zeros((4, 478, 3)), "holds no 468 points"),
        ("close_mouth_face.npy", np.zeros((3, 40)), "holds no 468 points"),
        ("validity/a.npy", np.ones(5, bool), r"has \(5,\) values for 12 frames"),
        ("audios/a.npy", np.zeros((2, 100)), "holds no mono sound"),
    ],
)
def test_a_bad_array_of_landmarks_is_named(
    tmp_path: Path, name: str, values: np.ndarray, reason: str
) -> None:
    write_mediapipe(tmp_path, [landmarks("a")], {})
    np.save(tmp_path / name, values)
    with pytest.raises(DatasetError, match=f"{name}: {reason}"):
        read_mediapipe(tmp_path)[0].load()


@pytest.mark.parametrize("content", ["a.npy train", "a.npy\tholdout", "a.npy"])
def test_a_bad_list_of_parts_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "train_test_split.txt"
    path.write_text(f"b.npy\ttrain\n{content}\n")
    with pytest.raises(DatasetError, match=r"train_test_split\.txt: line 2 is no name, tab and part"):
        read_parts(path)


def test_mead_folders_come_back_as_vertices_and_coefficients(tmp_path: Path) -> None:
    angry = replace(line("M003_001", fps=30), speaker="M003", emotion="angry", level=2)
    sad = replace(line("W009_001", 53, 30, "pca:flame"), speaker="W009", emotion="sad", level=3)
    write_mead3d(tmp_path, [sad, replace(sad, level=1), angry])
    entries = read_mead3d(tmp_path)
    assert [(entry.name, entry.speaker, entry.emotion, entry.level) for entry in entries] == [
        ("M003/angry/level_2/M003_001", "M003", "anger", 2),
        ("W009/sad/level_1/W009_001", "W009", "sadness", 1),
        ("W009/sad/level_3/W009_001", "W009", "sadness", 3),
    ]
    first, _, last = (entry.load() for entry in entries)
    same(first, angry)
    same(last, sad)
    assert (first.emotion, first.level, last.template) == ("anger", 2, None)
    np.testing.assert_array_equal(first.template, angry.template)


def test_bad_coefficients_are_named(tmp_path: Path) -> None:
    sad = replace(line("W009_001", 53, 30, "pca:flame"), speaker="W009", emotion="sad", level=3)
    write_mead3d(tmp_path, [sad])
    path = tmp_path / "W009" / "sad" / "level_3" / "W009_001.npz"
    for arrays, reason in (
        ({"gt_exp": sad.motion}, "holds no gt_exp and gt_jaw"),
        ({"gt_exp": sad.motion, "gt_jaw": sad.motion[:3, :3]}, "do not go together"),
        ({"gt_exp": np.array([None]), "gt_jaw": sad.motion}, "is no numpy archive of numbers"),
    ):
        np.savez(path, **arrays)
        with pytest.raises(DatasetError, match=rf"W009_001\.npz: .*{reason}"):
            read_mead3d(tmp_path)[0].load()
    path.write_bytes(b"PK")
    with pytest.raises(DatasetError, match="is no numpy archive"):
        read_mead3d(tmp_path)[0].load()


def test_emotions_are_called_as_in_the_program() -> None:
    assert [emotion_name(name) for name in ("Happy", "disgusted", "neutral", "bored")] == [
        "joy",
        "disgust",
        "neutral",
        "bored",
    ]


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".obj"])
def test_own_sequences_come_back(tmp_path: Path, suffix: str) -> None:
    lines = [replace(line(name, fps=25, space="vertices:own"), speaker="Ann") for name in ("Ann/b", "Ann/a")]
    write_sequences(tmp_path, lines, suffix)  # type: ignore[arg-type]  # a parameter of the test
    entries = read_sequences(tmp_path, "own", fps=25)
    assert [(entry.name, entry.speaker) for entry in entries] == [("Ann/a", "Ann"), ("Ann/b", "Ann")]
    same(entries[1].load(), lines[0])
    np.testing.assert_array_equal(entries[0].load().template, lines[1].template)


def test_ten_thousand_frames_of_obj_sort_by_number(tmp_path: Path) -> None:
    write_sequences(tmp_path, [line("one", seconds=0.05)], ".obj")
    names = ["f_2.obj", "f_10.obj", "f_1.obj"]
    for path, name in zip(sorted((tmp_path / "one").glob("*.obj")), names, strict=True):
        path.rename(path.with_name(name))
    due = line("one", seconds=0.05).motion[[2, 0, 1]]
    np.testing.assert_array_equal(read_sequences(tmp_path, "own")[0].load().motion, due)


@pytest.mark.parametrize("suffix", [".abc", ".npz"])
def test_what_the_editor_exports_is_read(tmp_path: Path, suffix: str) -> None:
    take = egg_take()
    export(take, tmp_path / f"one{suffix}")
    write_sequences(tmp_path / "sound", [line("one")], ".npy")
    (tmp_path / "sound" / "one.wav").rename(tmp_path / "one.wav")
    read = read_sequences(tmp_path, "egg")[0].load()
    due = np.concatenate(list(take.blocks()))
    np.testing.assert_array_equal(read.motion.reshape(due.shape), due)
    assert read.fps == pytest.approx(take.fps)


def test_bad_sequences_are_named(tmp_path: Path) -> None:
    write_sequences(tmp_path, [line("one")], ".obj")
    (tmp_path / "one" / "one_0003.obj").write_text("v 0 0 0\n")
    with pytest.raises(DatasetError, match=r"one_0003\.obj: has 1 vertices, the frames before 4"):
        read_sequences(tmp_path, "own")[0].load()
    (tmp_path / "one" / "one_0003.obj").write_text("v 0 a 0\n")
    with pytest.raises(DatasetError, match=r"one_0003\.obj: is no OBJ file"):
        read_sequences(tmp_path, "own")[0].load()
    (tmp_path / "one.abc").write_bytes(b"Ogawa")
    with pytest.raises(DatasetError, match=r"one\.wav: has several motions: one\.abc, one"):
        read_sequences(tmp_path, "own")
    (tmp_path / "one").rename(tmp_path / "other")
    with pytest.raises(DatasetError, match=r"one\.abc: is no Alembic file"):
        read_sequences(tmp_path, "own")[0].load()


def write_meshes(path: Path, names: str, frames: int, start: float = 1.0) -> None:
    archive = Abc.OArchive(str(path))
    sampling = archive.addTimeSampling(AbcCoreAbstract.TimeSampling(1 / 25, start))
    for name in names:
        schema = AbcGeom.OPolyMesh(AbcGeom.OXform(archive.getTop(), name), name).getSchema()
        schema.setTimeSampling(sampling)
        for frame in range(frames):
            points = imath.V3fArrayFromBuffer(np.full((3, 3), frame, np.float32))
            corners, sizes = (imath.IntArrayFromBuffer(np.array(n, np.int32)) for n in ([0, 1, 2], [3]))
            schema.set(AbcGeom.OPolyMeshSchemaSample(points, corners, sizes))


def test_alembic_is_read_below_a_transform_and_at_its_own_rate(tmp_path: Path) -> None:
    write_meshes(tmp_path / "one.abc", "a", 3)
    vertices, fps = read_alembic(tmp_path / "one.abc")
    assert vertices[:, 2, 1].tolist() == [0, 1, 2]
    assert fps == pytest.approx(25)


@pytest.mark.parametrize(
    ("names", "frames", "reason"),
    [("ab", 2, "holds 2 meshes"), ("", 0, "holds 0 meshes"), ("a", 1, "no evenly")],
)
def test_alembic_that_is_no_sequence_of_one_head_is_named(
    tmp_path: Path, names: str, frames: int, reason: str
) -> None:
    write_meshes(tmp_path / "one.abc", names, frames)
    with pytest.raises(DatasetError, match=rf"one\.abc: .*{reason}"):
        read_alembic(tmp_path / "one.abc")


def test_alembic_whose_clock_is_no_number_is_named(tmp_path: Path) -> None:
    write_meshes(tmp_path / "one.abc", "a", 3, float("nan"))
    with pytest.raises(DatasetError, match=r"one\.abc: has no evenly spaced frames"):
        read_alembic(tmp_path / "one.abc")


def test_the_published_face_at_rest_is_a_face(tmp_path: Path, shared_data: Path) -> None:
    write_mediapipe(tmp_path, [landmarks("a")])
    published = shared_data / "landmarks" / "close_mouth_face.npy"
    (tmp_path / "close_mouth_face.npy").write_bytes(published.read_bytes())
    rest = read_mediapipe(tmp_path)[0].load().template
    assert rest is not None
    forehead, chin, right_eye, left_eye, upper_lip, lower_lip = rest[[10, 152, 33, 263, 13, 14]]
    assert 10 < forehead[1] - chin[1] < 25  # centimetres
    assert left_eye[0] - right_eye[0] > 5
    assert np.linalg.norm(upper_lip - lower_lip) < 0.3
