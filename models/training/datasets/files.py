"""Files that several layouts share: sound, arrays and pickles, with one kind of error."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.audio import load_audio
from core.errors import InputError
from models.training.datasets.line import DatasetError, Floats
from models.training.pickles.safe_pickle import load_pickle

SOUNDS = (".wav", ".flac", ".ogg", ".mp3", ".m4a", ".aac", ".mov", ".mp4")
"""Kinds of recordings and films, those first that lose nothing."""
LARGEST = 1e9
"""In any unit of length; squares of much more are no numbers any longer."""
LOUDEST = 1e6
"""Beyond any scale of sound; squares of more are no numbers any longer."""


def read_sound(path: Path) -> tuple[Floats, int]:
    """Read a recording, or the sound of a film, as mono float32, -1..1, and its sampling rate in Hz."""
    try:
        clip = load_audio(path)
    except InputError as error:
        raise DatasetError(path, error.reason) from error
    except OSError as error:
        raise DatasetError(path, f"cannot be read ({error.strerror})") from error
    if (peak := float(np.abs(clip.samples).max())) > LOUDEST:
        raise DatasetError(path, f"is no sound: its samples are as large as {peak:.3g}")
    return clip.mono(clip.rate), clip.rate


def sound_beside(path: Path) -> Path | None:
    """Find the recording of the same name, whatever its kind; the plainest where there are several."""
    beside = {each.suffix.lower(): each for each in path.parent.glob(f"{glob.escape(path.stem)}.*")}
    return next((beside[suffix] for suffix in SOUNDS if suffix in beside), None)


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
    except Exception as error:  # a damaged header fails anywhere, down to Python's tokenizer
        raise DatasetError(path, _missing(path) or "is no numpy array of numbers") from error


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Read a .npz file; arrays of objects are refused."""
    try:
        # Numpy leaves a file open that it opened itself and finds damaged.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except Exception as error:  # of the archive, or of an array in it
        raise DatasetError(path, _missing(path) or "is no numpy archive of numbers") from error


def numbers(values: Any, path: Path, owner: str = "") -> Floats:
    """Make float32 of real, finite numbers of any type; `owner` says whose they are in a file of many."""
    of = f" of {owner}" if owner else ""
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise DatasetError(path, f"holds no array of numbers{of}") from error
    if array.dtype.kind not in "fiu":
        raise DatasetError(path, f"holds no array of numbers{of}, but of {array.dtype}")
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is found below
        real = array.astype(np.float32, copy=False)
    if not np.isfinite(real).all():
        raise DatasetError(path, f"holds values{of} that are no numbers")
    if real.size and (most := float(np.abs(real).max())) > LARGEST:
        raise DatasetError(path, f"holds values{of} as large as {most:.3g}")
    return real


def as_motion(values: NDArray[Any], path: Path, step: int = 1) -> Floats:
    """Make motion of an array: (F, ...) to (F, D) float32, every `step`-th frame, all of them numbers."""
    if values.ndim < 2 or not values.size:
        raise DatasetError(path, f"holds no frames of motion (shape {values.shape})")
    kept = values[::step]
    return numbers(kept.reshape(len(kept), -1), path)


def as_template(values: Any, coordinates: int, path: Path, speaker: str) -> Floats:
    """Make a template of shape (V, 3) that goes with motion of as many coordinates."""
    template = numbers(values, path, speaker)
    if template.size != coordinates or coordinates % 3:
        reason = f"{speaker} has {template.size / 3:g} vertices, the motion {coordinates / 3:g}"
        raise DatasetError(path, reason)
    return template.reshape(-1, 3)


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
