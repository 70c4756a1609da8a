"""Files that several layouts share: sound, arrays and pickles, with one kind of error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.training.datasets.line import DatasetError, Floats
from models.training.safe_pickle import load_pickle


def read_sound(path: Path) -> tuple[Floats, int]:
    """Read a recording as mono float32, -1..1, and its sampling rate in Hz."""
    import soundfile

    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, RuntimeError) as error:
        raise DatasetError(path, _missing(path) or f"is no sound file ({error})") from error
    return samples.mean(1, dtype=np.float32), int(rate)


def from_int16(samples: NDArray[Any]) -> Floats:
    """Scale 16-bit samples to -1..1."""
    return samples.astype(np.float32) / np.float32(32768)


def read_pickle(path: Path) -> dict[Any, Any]:
    """Read a pickled dictionary; nothing in it is run."""
    try:
        content = load_pickle(path)
    except OSError as error:
        raise DatasetError(path, _missing(path) or f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise DatasetError(path, str(error).removeprefix(f"{path}: ")) from error
    if not isinstance(content, dict):
        raise DatasetError(path, f"holds a {type(content).__name__}, not a dictionary")
    return content


def map_array(path: Path) -> NDArray[Any]:
    """Open a .npy file without reading it into memory; arrays of objects are refused."""
    try:
        return np.asanyarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise DatasetError(path, _missing(path) or "is no numpy array of numbers") from error


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Read a .npz file; arrays of objects are refused."""
    import zipfile

    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise DatasetError(path, _missing(path) or "is no numpy archive of numbers") from error


def as_motion(values: NDArray[Any], path: Path, step: int = 1) -> Floats:
    """Make motion of an array: (F, ...) to (F, D) float32, every `step`-th frame, all of them numbers."""
    if values.ndim < 2 or not len(values) or values.dtype.kind not in "fiu":
        raise DatasetError(path, f"holds no frames of motion (shape {values.shape}, {values.dtype})")
    motion = values[::step].reshape(len(values[::step]), -1).astype(np.float32, copy=False)
    if not np.isfinite(motion).all():
        raise DatasetError(path, "holds values that are no numbers")
    return motion


def as_template(values: Any, coordinates: int, path: Path, speaker: str) -> Floats:
    """Make a template of shape (V, 3) that goes with motion of as many coordinates."""
    template = np.asarray(values, np.float32).reshape(-1, 3)
    if template.size != coordinates:
        raise DatasetError(path, f"{speaker} has {len(template)} vertices, the motion {coordinates // 3}")
    return template


def frames_of(rows: NDArray[Any], numbers: Mapping[Any, Any], path: Path, line: str) -> NDArray[Any]:
    """Take one line's rows, in the order of its frames, out of the rows of all lines.

    Parameters
    ----------
    rows : ndarray of shape (rows, ...)
    numbers : mapping of int to int
        Row of each frame.
    """
    taken = np.array([numbers[frame] for frame in sorted(numbers)], np.int64)
    if not taken.size or taken.min() < 0 or taken.max() >= len(rows):
        raise DatasetError(path, f"{line} lies outside the {len(rows)} rows of the motion")
    consecutive = bool((np.diff(taken) == 1).all())
    return rows[taken[0] : taken[-1] + 1] if consecutive else rows[taken]


def every(source: float, wanted: float, path: Path) -> int:
    """Say which frames to keep for a lower rate: every n-th, as the published systems do."""
    step = round(source / wanted)
    if step < 1 or abs(source / wanted - step) > 0.01:
        raise DatasetError(
            path, f"has {source:g} frames a second, of which {wanted:g} cannot be taken evenly"
        )
    return step


def _missing(path: Path) -> str:
    return "" if path.exists() else "does not exist"
