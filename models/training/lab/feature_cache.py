"""What an ear makes of the lines of a corpus, on disk: mapped into memory, and the same at every run.

A file is an array as numpy writes it, and a checksum behind it, where readers of arrays do not look.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
import platformdirs
import soxr

from core.atomic import replacing
from core.errors import InputError
from core.inference.cache import FOLDER_VARIABLE
from models.frontend import SAMPLE_RATE
from models.toolbox.deepspeech import SIZE
from models.toolbox.encoder_folders import DATASET
from models.toolbox.listening import identity, listen
from models.training.datasets.line import DatasetError, Floats, Line

VERSION = 1
"""Of the ears: another one where any of them hears otherwise than before."""
CAP = 16 * 2**30
"""Bytes beyond which the least recently used are dropped, once a run."""
CHECK = 4


def features_of(line: Line, ear: str) -> Floats:
    """Listen to a line, or take the windows of DeepSpeech that its dataset brings.

    Returns
    -------
    ndarray of shape (F, I), float32
        Perhaps a view of a file.

    Raises
    ------
    DatasetError
        The windows are wanted, and there are none.
    EncoderError
        The ear's encoder is not found or damaged.
    """
    if ear != DATASET:
        return cached_features(line.samples, line.rate, line.fps, ear)
    if line.deepspeech is None:
        raise DatasetError(Path(line.name), "brings no windows of DeepSpeech; take ear=deepspeech")
    return np.array(line.deepspeech, np.float32).reshape(-1, SIZE)


def cached_features(samples: Floats, rate: int, fps: float, ear: str) -> Floats:
    """Listen to a sound, or read what was heard of it before.

    Parameters
    ----------
    samples : ndarray of shape (N,), float32
        Mono, at ``rate``.
    rate : int
    fps : float
        Of the motion.
    ear : str
        As `models.toolbox.listening.listen` takes it.

    Returns
    -------
    ndarray of shape (F, I), float32
        A view of a file; changes to it stay in memory.

    Raises
    ------
    EncoderError
        The ear's encoder is not found or damaged.
    """
    path = _opened(features_folder()) / f"{_key(samples, rate, fps, ear)}.npy"
    found = _read(path)
    if found is not None:
        return found
    if rate != SAMPLE_RATE:
        samples = np.asarray(soxr.resample(samples, rate, SAMPLE_RATE), np.float32)
    heard = listen(samples, fps, ear)
    _write(path, heard)
    return heard


def features_folder() -> Path:
    """Where features are kept: beside the results of inference, or where ``EDITABLE_LIPSYNC_CACHE`` says."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen or platformdirs.user_cache_dir("editable-lipsync")) / "features"


def _key(samples: Floats, rate: int, fps: float, ear: str) -> str:
    content = hashlib.sha256(np.ascontiguousarray(samples, np.float32).tobytes())
    content.update(repr((VERSION, rate, float(fps), identity(ear))).encode())
    return content.hexdigest()


def _read(path: Path) -> Floats | None:
    """Return what is stored there, None where there is nothing, or nothing whole."""
    try:
        found = np.load(path, mmap_mode="c", allow_pickle=False)
        with path.open("rb") as file:
            file.seek(-CHECK, os.SEEK_END)
            check = file.read()
        if found.dtype == np.float32 and zlib.crc32(found.data).to_bytes(CHECK, "little") == check:
            os.utime(path)
            return np.asarray(found)
    except (OSError, ValueError, EOFError):
        pass
    return None


def _write(path: Path, features: Floats) -> None:
    """Keep features; a full or read-only disk costs the cache, not the run."""
    features = np.ascontiguousarray(features, np.float32)
    with contextlib.suppress(OSError, InputError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.save(file, features, allow_pickle=False)
            file.write(zlib.crc32(features.data).to_bytes(CHECK, "little"))


@lru_cache(maxsize=4)
def _opened(folder: Path) -> Path:
    """Drop what was not used for longest, where there is too much."""
    with contextlib.suppress(OSError):
        stats = [(path, path.stat()) for path in folder.glob("*.npy")]
        total = 0
        for path, stat in sorted(stats, key=lambda each: each[1].st_mtime, reverse=True):
            total += stat.st_size
            if total > CAP:
                path.unlink(missing_ok=True)
    return folder
