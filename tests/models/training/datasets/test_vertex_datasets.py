"""VOCASET in both layouts and BIWI: what was written is read, and who is held out is as published."""

import pickle
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from models.training.datasets.biwi import SEEN, UNSEEN, read_biwi, split_biwi
from models.training.datasets.faceformer import read_faceformer
from models.training.datasets.line import DatasetError, Line
from models.training.datasets.vocaset import TEST, TRAIN, VALID, read_vocaset, split_vocaset
from models.training.datasets.writers import write_faceformer, write_vocaset
from tests.models.training.datasets.dataset_lines import line, with_windows

NAMES = [f"{TRAIN[0]}_sentence02", f"{TRAIN[0]}_sentence01", f"{TEST[1]}_sentence40"]


def same(read: Line, written: Line, step: int) -> None:
    assert (read.name, read.speaker, read.rate, read.space) == (
        written.name,
        written.speaker,
        written.rate,
        written.space,
    )
    assert read.fps == written.fps / step
    np.testing.assert_array_equal(read.motion, written.motion[::step])
    np.testing.assert_array_equal(read.samples, written.samples)
    np.testing.assert_array_equal(read.template, written.template)
    assert read.valid.all() and read.known.all()


@pytest.mark.parametrize(("fps", "step"), [(60, 1), (30, 2)])
@pytest.mark.parametrize("layout", ["original", "faceformer"])
def test_what_is_written_is_read_in_order(tmp_path: Path, layout: str, fps: float, step: int) -> None:
    lines = [line(name) for name in NAMES]
    write, read = (
        (write_vocaset, read_vocaset) if layout == "original" else (write_faceformer, read_faceformer)
    )
    write(tmp_path, lines)
    entries = read(tmp_path, fps)
    assert [entry.name for entry in entries] == sorted(NAMES)
    for entry, written in zip(entries, sorted(lines, key=lambda each: each.name), strict=True):
        assert entry.speaker == written.speaker
        same(entry.load(), written, step)


def test_frames_stay_on_the_disk_until_they_are_used(tmp_path: Path) -> None:
    write_vocaset(tmp_path, [line(name) for name in NAMES])
    write_faceformer(tmp_path / "npy", [line(name) for name in NAMES])
    for entry in (*read_vocaset(tmp_path), *read_faceformer(tmp_path / "npy")):
        motion = entry.load().motion
        assert isinstance(motion.base if motion.base is not None else motion, np.memmap)


def test_rows_may_lie_anywhere_and_frames_come_in_order(tmp_path: Path) -> None:
    spoken = line(NAMES[0])
    write_vocaset(tmp_path, [spoken])
    frames = {29 - n: n for n in range(30)}  # stored backwards
    index = {spoken.speaker: {"sentence02": frames}}
    (tmp_path / "subj_seq_to_idx.pkl").write_bytes(pickle.dumps(index, 2))
    np.testing.assert_array_equal(read_vocaset(tmp_path, 60)[0].load().motion, spoken.motion[::-1])


def test_deepspeech_windows_follow_the_frames(tmp_path: Path) -> None:
    spoken = with_windows(line(NAMES[0]))
    write_vocaset(tmp_path, [spoken])
    read = read_vocaset(tmp_path, deepspeech=True)[0].load()
    assert read.deepspeech is not None and spoken.deepspeech is not None
    np.testing.assert_array_equal(read.deepspeech, spoken.deepspeech[::2])
    path = tmp_path / "processed_audio_deepspeech.pkl"
    windows = pickle.loads(path.read_bytes())
    windows[spoken.speaker]["sentence02"]["audio"] = spoken.deepspeech[:21]
    path.write_bytes(pickle.dumps(windows, 2))
    cut = read_vocaset(tmp_path, deepspeech=True)[0].load()
    assert cut.deepspeech is not None and len(cut.motion) == len(cut.deepspeech) == len(cut.valid) == 11


def test_lines_without_sound_are_left_out(tmp_path: Path) -> None:
    write_vocaset(tmp_path, [line(name) for name in NAMES])
    sounds = pickle.loads((tmp_path / "raw_audio_fixed.pkl").read_bytes())
    del sounds[TRAIN[0]]["sentence01"]
    (tmp_path / "raw_audio_fixed.pkl").write_bytes(pickle.dumps(sounds, 2))
    assert [entry.name for entry in read_vocaset(tmp_path)] == sorted({NAMES[0], NAMES[2]})
    write_faceformer(tmp_path / "npy", [line(name) for name in NAMES])
    (tmp_path / "npy" / "wav" / f"{NAMES[1]}.wav").unlink()
    assert [entry.name for entry in read_faceformer(tmp_path / "npy")] == sorted({NAMES[0], NAMES[2]})


def test_vocaset_holds_out_speakers_and_the_first_twenty_sentences(tmp_path: Path) -> None:
    speakers = (TRAIN[0], TRAIN[7], VALID[0], TEST[0])
    names = [f"{speaker}_sentence{n:02}" for speaker in speakers for n in (1, 20, 21, 40)]
    write_faceformer(tmp_path, [line(name, seconds=0.05) for name in names])
    split = split_vocaset(read_faceformer(tmp_path))
    assert [len(part) for part in (split.train, split.valid, split.test)] == [8, 2, 2]
    parts = [{entry.speaker for entry in part} for part in (split.train, split.valid, split.test)]
    assert all(not one & two for one, two in combinations(parts, 2))
    assert {entry.name[-2:] for entry in split.valid} == {"21", "40"}


def test_biwi_is_read_at_25_hz_and_split_by_sentence(tmp_path: Path) -> None:
    names = [f"{speaker}_e{n:02}" for speaker in ("F2", "M5", "F1") for n in (1, 32, 33, 36, 37, 40)]
    lines = [line(name, fps=25, space="vertices:biwi", seconds=0.2) for name in names]
    write_faceformer(tmp_path, lines)
    entries = read_biwi(tmp_path)
    same(entries[0].load(), next(each for each in lines if each.name == "F1_e01"), 1)
    split = split_biwi(entries)
    assert [len(part) for part in (split.train, split.valid, split.test)] == [4, 4, 4]
    assert {entry.speaker for entry in split.test} == {"F2", "M5"} <= set(SEEN)
    assert {entry.speaker for entry in split_biwi(entries, "B").test} == {"F1"} <= set(UNSEEN)


def broken(folder: Path, name: str, content: bytes | None) -> str:
    """Spoil a file, then read everything; returns what the error says."""
    path = folder / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    read = read_vocaset if (folder / "data_verts.npy").exists() or "verts" in name else read_faceformer
    with pytest.raises(DatasetError) as error:
        for entry in read(folder):
            entry.load()
    assert str(error.value).startswith(f"{path}: ")
    return error.value.reason


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("data_verts.npy", None, "does not exist"),
        ("data_verts.npy", b"\x93NUMPY", "is no numpy array of numbers"),
        ("templates.pkl", b"cos\nsystem\n(S'true'\ntR.", "asks for os.system, which is refused"),
        ("templates.pkl", pickle.dumps([1]), "holds a list, not a dictionary"),
        (
            "templates.pkl",
            pickle.dumps({TRAIN[0]: np.zeros((3, 3)), TEST[1]: np.zeros((3, 3))}),
            "has 3 vertices",
        ),
        ("raw_audio_fixed.pkl", None, "does not exist"),
        ("raw_audio_fixed.pkl", pickle.dumps({TRAIN[0]: {"sentence01": {}}}), "has no 16-bit sound"),
        ("data_verts.npy", pickle.dumps([1]), "is no numpy array of numbers"),
    ],
)
def test_a_bad_file_of_vocaset_is_named(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    write_vocaset(tmp_path, [line(each) for each in NAMES])
    assert reason in broken(tmp_path, name, content)


def test_rows_that_do_not_exist_and_numbers_that_are_none_are_named(tmp_path: Path) -> None:
    write_vocaset(tmp_path, [line(NAMES[0])])
    np.save(tmp_path / "data_verts.npy", np.zeros((7, 4, 3), np.float32))
    with pytest.raises(DatasetError, match=r"subj_seq_to_idx\.pkl: .*sentence02 lies outside the 7 rows"):
        read_vocaset(tmp_path)[0].load()
    np.save(tmp_path / "data_verts.npy", np.full((30, 4, 3), np.nan, np.float32))
    with pytest.raises(DatasetError, match=r"data_verts\.npy: holds values that are no numbers"):
        read_vocaset(tmp_path)[0].load()


def test_a_bad_file_of_the_faceformer_layout_is_named(tmp_path: Path) -> None:
    write_faceformer(tmp_path, [line(NAMES[0])])
    assert "not an audio file" in broken(tmp_path, f"wav/{NAMES[0]}.wav", b"no sound")
    write_faceformer(tmp_path, [line(NAMES[0])])
    assert "is no numpy array" in broken(tmp_path, f"vertices_npy/{NAMES[0]}.npy", b"")
    with pytest.raises(DatasetError, match="holds no line of this layout"):
        (tmp_path / "vertices_npy" / f"{NAMES[0]}.npy").unlink()
        read_faceformer(tmp_path)


def test_a_rate_that_is_no_fraction_is_refused(tmp_path: Path) -> None:
    write_faceformer(tmp_path, [line(NAMES[0])])
    with pytest.raises(DatasetError, match="60 frames a second, of which 25 cannot be taken evenly"):
        read_faceformer(tmp_path, 25)
