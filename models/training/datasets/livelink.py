"""Recordings of the Live Link Face app: ``<name>.csv`` of timecodes and channels, and ``<name>.wav``.

A folder within the folder names the speaker; files that lie loose belong to one.
"""

from __future__ import annotations

import csv
import re
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training.datasets.arkit import SPACE, by_name
from models.training.datasets.files import read_sound
from models.training.datasets.line import DatasetError, Entry, Line, in_order

RATES = (24, 25, 30, 48, 50, 60, 120)
"""Frames of a second that timecodes count; 60 also where the camera runs at 59.94."""
TIMECODE = re.compile(r"(\d+):(\d+):(\d+)[:;](\d+(?:\.\d*)?)")
DAY = 86_400.0


def read_live_link(folder: Path, fps: float = 60) -> tuple[Entry, ...]:
    """List the recordings that have a sound of the same name.

    Parameters
    ----------
    folder : Path
    fps : float
        Rate to sample at, linearly; frames that the app dropped are filled so.
    """
    entries = [
        Entry(path.relative_to(folder).with_suffix("").as_posix(), speaker, partial(_load, folder, path, fps))
        for path in folder.rglob("*.csv")
        if path.with_suffix(".wav").exists() and (speaker := _speaker(folder, path))
    ]
    return in_order(entries, folder)


def _speaker(folder: Path, path: Path) -> str:
    return path.relative_to(folder).parts[0] if path.parent != folder else folder.resolve().name


def _load(folder: Path, path: Path, fps: float) -> Line:
    header, rows = _table(path)
    seconds = _seconds(path, [row[0] for row in rows])
    try:
        values = np.array([row[2:] for row in rows], np.float64)
    except ValueError as error:
        raise DatasetError(
            path, "has a row that is not made of as many numbers as its header names"
        ) from error
    stored, known = by_name(values, header[2:], path)
    grid = np.arange(int(seconds[-1] * fps + 1e-6) + 1) / fps
    motion = np.stack([np.interp(grid, seconds, column) for column in stored.T], 1).astype(np.float32)
    samples, rate = read_sound(path.with_suffix(".wav"))
    name = path.relative_to(folder).with_suffix("").as_posix()
    return Line(name, _speaker(folder, path), samples, rate, motion, fps, SPACE, known=known)


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = [row for row in csv.reader(file) if row]
    except (OSError, ValueError, csv.Error) as error:
        raise DatasetError(path, "is no table of text") from error
    if [name.lower() for name in header[:2]] != ["timecode", "blendshapecount"] or not rows:
        raise DatasetError(path, "is no Live Link Face recording with frames")
    return header, rows


def _seconds(path: Path, codes: list[str]) -> NDArray[np.float64]:
    """Count seconds from the first frame on, past midnight if need be."""
    found = [TIMECODE.fullmatch(code.strip()) for code in codes]
    if None in found:
        raise DatasetError(path, f"frame {found.index(None) + 1} has no timecode")
    parts = np.array([match.groups() for match in found if match], np.float64)
    seconds = parts @ [3600, 60, 1, 1 / _counted(parts)]
    seconds += DAY * np.cumsum(np.diff(seconds, prepend=seconds[0]) < -DAY / 2) - seconds[0]
    late = np.flatnonzero(np.diff(seconds) <= 0)
    if len(late):
        raise DatasetError(path, f"frame {late[0] + 2} is not later than the one before")
    return np.asarray(seconds)


def _counted(parts: NDArray[np.float64]) -> float:
    """Find the rate that timecodes count in: the first above every frame number, 60 if no second is full."""
    full = len(np.unique(parts[:, 2])) > 2
    return next((rate for rate in RATES if rate > parts[:, 3].max()), 60) if full else 60
