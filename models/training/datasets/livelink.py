"""Recordings of the Live Link Face app: ``<name>.csv`` of timecodes and channels, and their sound.

The sound is ``<name>.wav`` or of another kind, or the app's own film, ``<name>.mov``.

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
from models.training.datasets.files import read_sound, sound_beside
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
    entries = []
    for path in folder.rglob("*.csv"):
        if sound := sound_beside(path):
            name = path.relative_to(folder).with_suffix("").as_posix()
            entries.append(Entry(name, _speaker(folder, path), partial(_load, folder, path, sound, fps)))
    return in_order(entries, folder, "no .csv has a recording of the same name beside it")


def _speaker(folder: Path, path: Path) -> str:
    return path.relative_to(folder).parts[0] if path.parent != folder else folder.resolve().name


def _load(folder: Path, path: Path, sound: Path, fps: float) -> Line:
    header, rows = _table(path)
    seconds = _seconds(path, [row[0] for row in rows])
    values = np.array([_numbers(path, number, row, header) for number, row in enumerate(rows, 1)])
    stored, known = by_name(values, header[2:], path)
    grid = np.arange(int(seconds[-1] * fps + 1e-6) + 1) / fps
    motion = np.stack([np.interp(grid, seconds, column) for column in stored.T], 1).astype(np.float32)
    samples, rate = read_sound(sound)
    name = path.relative_to(folder).with_suffix("").as_posix()
    return Line(name, _speaker(folder, path), samples, rate, motion, fps, SPACE, known=known)


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(path, "is no table of text") from error
    except ValueError as error:
        raise DatasetError(path, "is empty") from error
    if [name.strip().lower() for name in header[:2]] != ["timecode", "blendshapecount"]:
        apart = "; its columns are parted by semicolons, and not by commas" if ";" in header[0] else ""
        raise DatasetError(path, f"begins with no Timecode,BlendShapeCount as Live Link Face does{apart}")
    if not rows:
        raise DatasetError(path, "holds no frames")
    return header, rows


def _numbers(path: Path, frame: int, row: list[str], header: list[str]) -> list[float]:
    if len(row) != len(header):
        raise DatasetError(path, f"frame {frame} has {len(row)} values, the header names {len(header)}")
    try:
        return [float(cell) for cell in row[2:]]
    except ValueError as error:
        raise DatasetError(path, f"frame {frame} holds something that is no number") from error


def _seconds(path: Path, codes: list[str]) -> NDArray[np.float64]:
    """Count seconds from the first frame on, past midnight if need be."""
    found = [TIMECODE.fullmatch(code.strip()) for code in codes]
    if None in found:
        number = found.index(None)
        reason = f"has {codes[number][:20]!r} for a timecode of hours:minutes:seconds:frames"
        raise DatasetError(path, f"frame {number + 1} {reason}")
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
