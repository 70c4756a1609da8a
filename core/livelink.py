"""Recordings of the Live Link Face app: a CSV file with a timecode and a column for each ARKit channel."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.channels import CHANNELS
from core.errors import InputError
from core.neutral import Neutral

GRID = 60.0
"""Samples per second of what is read: the app's own rate."""
RATES = (24, 25, 30, 48, 50, 60, 120)
"""Frames a second that timecodes count in."""
TIMECODE = re.compile(r"(\d+):(\d+):(\d+)[:;](\d+(?:\.\d*)?)")
DAY = 86_400.0


def read_live_link(path: Path) -> Neutral:
    """Read a capture as weights on a regular grid, from its first frame on.

    Parameters
    ----------
    path : Path
        CSV with a header line. Columns are found by name, in any order and capitals or not; those that are
        no channel (head and eye angles) are left out.

    Returns
    -------
    Neutral
        With the channels that the file has, at 60 samples a second; frames that the app dropped are filled
        in linearly.

    Raises
    ------
    InputError
        If the file cannot be read, has no timecode or no channel, or a row is no frame.
    """
    header, rows = _table(path)
    columns = {name.strip().lower(): number for number, name in enumerate(header)}
    channels = tuple(name for name in CHANNELS if name.lower() in columns)
    if "timecode" not in columns or not channels:
        raise InputError(path, "is no Live Link Face recording (no Timecode, or none of its channels)")
    if not rows:
        raise InputError(path, "holds no frames")
    weights = _numbers(path, rows, [columns[name.lower()] for name in channels])
    seconds = _seconds(path, [row[columns["timecode"]] for row in rows])
    grid = np.arange(int(seconds[-1] * GRID + 1e-6) + 1) / GRID
    even = np.stack([np.interp(grid, seconds, column) for column in weights.T], axis=1)
    return Neutral(GRID, channels, even.astype(np.float32), path.stem)


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(path, "is no text table") from error
    if not lines:
        raise InputError(path, "is empty")
    header, *rows = lines
    for number, row in enumerate(rows, 1):
        if len(row) < len(header):
            raise InputError(path, f"frame {number} has {len(row)} values, its header {len(header)}")
    return header, rows


def _numbers(path: Path, rows: list[list[str]], columns: list[int]) -> NDArray[np.float64]:
    weights = np.empty((len(rows), len(columns)))
    for number, row in enumerate(rows):
        try:
            weights[number] = [float(row[column]) for column in columns]
        except ValueError:
            weights[number] = np.nan
        if not np.isfinite(weights[number]).all():
            raise InputError(path, f"frame {number + 1} holds something that is no number")
    return weights


def _seconds(path: Path, codes: list[str]) -> NDArray[np.float64]:
    """Count seconds from the first frame on; a recording may run past midnight."""
    found = [TIMECODE.fullmatch(code.strip()) for code in codes]
    for number, match in enumerate(found, 1):
        if match is None:
            raise InputError(path, f"frame {number} has no timecode of the form hours:minutes:seconds:frames")
    parts = np.array([match.groups() for match in found if match], np.float64)
    seconds = parts @ [3600.0, 60.0, 1.0, 1.0 / _rate(parts)]
    days = np.cumsum(np.diff(seconds, prepend=seconds[0]) < -DAY / 2)
    seconds += DAY * days - seconds[0]
    if len(seconds) > 1 and np.diff(seconds).min() <= 0:
        raise InputError(path, f"frame {int(np.diff(seconds).argmin()) + 2} is not later than the one before")
    return np.asarray(seconds)


def _rate(parts: NDArray[np.float64]) -> float:
    """Frames a second: as many as are counted before a second is full; 60 where none is."""
    if len(np.unique(parts[:, 2])) < 3:
        return GRID
    highest = np.floor(parts[:, 3].max())
    return float(next((rate for rate in RATES if rate > highest), highest + 1))
