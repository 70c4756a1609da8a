"""Landmarks of MediaPipe's face mesh at 25 Hz: ``landmarks/*.npy``, ``audios/*.npy``, ``validity/*.npy``.

Arrays of one name belong together: (F, 3, 468) in the metric space of the face geometry (cm), 16 kHz mono,
and (F,) bool. ``close_mouth_face.npy`` (3, 468) is the face at rest, ``train_test_split.txt`` the split.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.training.datasets.files import as_motion, map_array, numbers, read_sound
from models.training.datasets.line import DatasetError, Entry, Floats, Line, in_order

FPS = 25
RATE = 16_000
POINTS = 468
SPACE = "landmarks:mediapipe468"
SPLIT = "train_test_split.txt"
REST = "close_mouth_face.npy"
PARTS = ("train", "valid", "test")


def read_mediapipe(folder: Path, speaker: str = "") -> tuple[Entry, ...]:
    """List the recordings that have landmarks and sound.

    Sound may be a .wav of the same name instead of an array. Where there is no validity, all frames are
    valid; frames that are not show the face at rest.

    Parameters
    ----------
    folder : Path
    speaker : str
        Whose recordings they are, as the layout does not say; the folder's name where it is empty.

    Raises
    ------
    DatasetError
        If the face at rest is missing, or no recording is found.
    """
    rest = numbers(_points(map_array(folder / REST)[None], folder / REST)[0], folder / REST)
    known_as = speaker or folder.resolve().name
    entries = [
        Entry(path.stem, known_as, partial(_load, folder, path, sound, rest, known_as))
        for path in (folder / "landmarks").glob("*.npy")
        if (sound := _sound(folder, path.stem))
    ]
    return in_order(entries, folder)


def read_parts(path: Path) -> dict[str, str]:
    """Read which part, ``train``, ``valid`` or ``test``, each recording belongs to, for `splits.by_parts`.

    Parameters
    ----------
    path : Path
        Lines of a file's name, a tab and a part.
    """
    try:
        rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if row.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(path, "is no list of recordings") from error
    for number, row in enumerate(rows, 1):
        if len(row) != 2 or row[1].strip() not in PARTS:
            raise DatasetError(path, f"line {number} is no name, tab and part ({', '.join(PARTS)})")
    return {name.removesuffix(".npy"): part.strip() for name, part in rows}


def read_landmarks(path: Path) -> Floats:
    """Read an array of landmarks, (F, 468, 3), however its axes are ordered.

    Raises
    ------
    DatasetError
        It holds no landmarks, or values that are no numbers.
    """
    points = numbers(_points(map_array(path), path), path)
    if not len(points):
        raise DatasetError(path, "holds no frame")
    return points


def read_samples(path: Path) -> tuple[Floats, int]:
    """Read an array of sound (N,) and its rate, 16 kHz."""
    samples = map_array(path)
    if samples.ndim != 1 or samples.dtype.kind != "f":
        raise DatasetError(path, "holds no mono sound")
    return np.array(numbers(samples, path)), RATE  # in memory: a mapped file cannot be written to


def _sound(folder: Path, name: str) -> Path | None:
    candidates = (folder / "audios" / f"{name}{suffix}" for suffix in (".npy", ".wav"))
    return next((path for path in candidates if path.exists()), None)


def _load(folder: Path, path: Path, sound: Path, rest: Floats, speaker: str) -> Line:
    points = _points(map_array(path), path)
    valid = _valid(folder / "validity" / path.name, len(points))
    points = np.where(valid[:, None, None], points, rest)
    samples, rate = read_samples(sound) if sound.suffix == ".npy" else read_sound(sound)
    motion = as_motion(points, path)
    return Line(path.stem, speaker, samples, rate, motion, FPS, SPACE, template=rest, valid=valid)


def _points(stored: NDArray[Any], path: Path) -> Floats:
    """Put points first, (F, 468, 3); they are published with coordinates first."""
    if stored.shape[1:] == (3, POINTS):
        stored = stored.transpose(0, 2, 1)
    if stored.shape[1:] != (POINTS, 3) or stored.dtype.kind != "f":
        raise DatasetError(path, f"holds no {POINTS} points of three coordinates (shape {stored.shape})")
    with np.errstate(over="ignore"):  # frames that are not valid may hold anything
        return stored.astype(np.float32)


def _valid(path: Path, frames: int) -> NDArray[np.bool_]:
    if not path.exists():
        return np.ones(frames, bool)
    valid = map_array(path)
    if valid.shape != (frames,):
        raise DatasetError(path, f"has {valid.shape} values for {frames} frames")
    return np.array(valid, bool)
