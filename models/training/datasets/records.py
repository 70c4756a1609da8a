"""Parts of the pickles of VOCASET and its kin. What is not as published is reported with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.training.datasets.files import numbers, read_pickle
from models.training.datasets.line import DatasetError, Floats

WINDOW = (16, 29)
"""Frames of a window of DeepSpeech, and its letters."""


def read_nested(path: Path) -> dict[Any, dict[Any, Any]]:
    """Read a pickle of speakers, each with sentences."""
    content = read_pickle(path)
    odd = next((speaker for speaker, sentences in content.items() if not isinstance(sentences, dict)), None)
    if odd is not None:
        raise DatasetError(path, f"has no sentences of {odd}")
    return content


def sound_of(record: Any, path: Path, line: str) -> tuple[Floats, int]:
    """Take ``{'audio': int16 (N,), 'sample_rate': Hz}`` as samples of -1..1 and the rate."""
    with _expected(path, f"has no 16-bit sound of {line}"):
        samples, rate = record["audio"], int(record["sample_rate"])
        if samples.ndim != 1 or samples.dtype.kind != "i" or samples.dtype.itemsize != 2 or rate <= 0:
            raise ValueError(samples.dtype)
        return samples.astype(np.float32) / np.float32(32768), rate


def windows_of(record: Any, path: Path, line: str, step: int = 1) -> Floats:
    """Take ``{'audio': (F, 16, 29)}`` as windows of DeepSpeech, every `step`-th."""
    with _expected(path, f"has no windows of {WINDOW[0]} x {WINDOW[1]} of {line}"):
        windows = record["audio"]
        if windows.shape[1:] != WINDOW or not len(windows):
            raise ValueError(windows.shape)
        return numbers(windows[::step], path, line)


def rows_of(stored: NDArray[Any], places: Any, path: Path, line: str) -> NDArray[Any]:
    """Take one line's rows, in the order of its frames, out of the rows of all lines.

    Parameters
    ----------
    stored : ndarray of shape (rows, ...)
        Motion of all lines.
    places : dict of int to int
        Row of each frame.
    """
    with _expected(path, f"does not say by whole numbers which rows are those of {line}"):
        taken = np.array([places[frame] for frame in sorted(places)])
        if taken.dtype.kind not in "iu" or taken.ndim != 1:
            raise TypeError(taken.dtype)
    if not stored.ndim or not taken.size or taken.min() < 0 or taken.max() >= len(stored):
        raise DatasetError(
            path, f"{line} lies outside the {len(stored) if stored.ndim else 0} rows of motion"
        )
    consecutive = bool((np.diff(taken.astype(np.int64)) == 1).all())
    return stored[taken[0] : taken[-1] + 1] if consecutive else stored[taken]


@contextmanager
def _expected(path: Path, fault: str) -> Iterator[None]:
    try:
        yield
    except DatasetError:
        raise
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise DatasetError(path, fault) from error
