"""Captured pairs: the same line spoken neutrally and with an emotion, as channel curves.

Three ways to lay out a folder are known, each with one file of channels per take:

- as MEAD: ``M003/[.../]happy/level_3/002.*``, neutral takes under ``neutral``; only the first three lines are
  the same in all emotions there, the others are left out;
- as 3D-ETF's RAVDESS part, whose names are seven numbers: ``01-01-03-02-01-02-07.npy`` is emotion 3 (happy),
  line 1, second time, actor 7;
- any other, as BEAT's ``2_scott_0_1_1.json``: `LABELS` in the folder tells for each file its speaker, emotion
  and line (stem, speaker, emotion, line).

A take is a table: CSV with channel names in its header (Live Link Face's too), JSON as BEAT writes it
("names" and "frames" with "weights" and "time"), or a NumPy array (F, 52) at 30 Hz with ARKit's channels in
alphabetical order, as 3D-ETF has it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training.residual.pairing import FPS, Pair, Tracks, paired
from models.training.residual.performances import CHANNELS

ALPHABETICAL = sorted(name for name in CHANNELS if not name.startswith("tongue") or name == "tongueOut")
"""ARKit's 52 as 3D-ETF stores them."""
ARRAY_FPS = 30.0
NEUTRAL = "neutral"
SUFFIXES = (".csv", ".json", ".npy")
LABELS = "emotions.csv"
MEAD = re.compile(r"(?:.*/)?(?P<speaker>[MW]\d{3})/(?:.*/)?(?P<emotion>[a-z]+)/level_\d/(?P<line>\d{3})$")
MEAD_COMMON = ("001", "002", "003")
RAVDESS = re.compile(r"(?:.*/)?\d\d-\d\d-(\d\d)-\d\d-(\d\d)-(\d\d)-(\d\d)$")
RAVDESS_EMOTIONS = (NEUTRAL, "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")


class CaptureError(ValueError):
    """A folder of captures holds what is no capture."""


@dataclass(frozen=True)
class Take:
    """One captured line."""

    speaker: str
    emotion: str
    line: str
    path: Path


def read_pairs(folder: Path, channels: Sequence[str]) -> tuple[Pair, ...]:
    """Read all pairs of a folder.

    Parameters
    ----------
    folder : Path
    channels : sequence of str
        Columns wished for; those a take lacks are 0.

    Raises
    ------
    CaptureError
        If a take cannot be read, or no line was spoken both neutrally and with an emotion.
    """
    listed = sorted(takes(folder), key=lambda take: str(take.path))
    plain = {(take.speaker, take.line): take for take in listed if take.emotion == NEUTRAL}
    pairs = [
        paired(read_take(plain[take.speaker, take.line].path, channels), read_take(take.path, channels))
        for take in listed
        if take.emotion != NEUTRAL and (take.speaker, take.line) in plain
    ]
    if not pairs:
        raise CaptureError(f"{folder}: no line was spoken both neutrally and with an emotion")
    return tuple(pairs)


def takes(folder: Path) -> Iterator[Take]:
    """Find the takes of a folder in any of the three layouts."""
    labels = _labels(folder / LABELS)
    for path in folder.rglob("*"):
        if path.suffix in SUFFIXES and path.name != LABELS:
            name = path.relative_to(folder).with_suffix("").as_posix()
            if label := labels.get(path.stem) or _named(name):
                yield Take(*label, path)


def _named(name: str) -> tuple[str, str, str] | None:
    """Speaker, emotion and line of a file called so."""
    mead, ravdess = MEAD.match(name), RAVDESS.match(name)
    if mead and mead["line"] in MEAD_COMMON:
        return mead["speaker"], mead["emotion"], mead["line"]
    if ravdess and 0 < int(ravdess[1]) <= len(RAVDESS_EMOTIONS):
        return ravdess[4], RAVDESS_EMOTIONS[int(ravdess[1]) - 1], f"{ravdess[2]} {ravdess[3]}"
    return None


def _labels(path: Path) -> dict[str, tuple[str, str, str]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        try:
            return {stem: (who, emotion.lower(), line) for stem, who, emotion, line in csv.reader(file)}
        except ValueError as error:
            raise CaptureError(f"{path}: rows are not file, speaker, emotion, line") from error


def read_take(path: Path, channels: Sequence[str]) -> Tracks:
    """Read one take at 60 frames a second, shape (F, C).

    Raises
    ------
    CaptureError
        If it is no table of channels.
    """
    readers: dict[str, Callable[[Path], tuple[list[str], NDArray[np.float64], float]]] = {
        ".csv": _csv,
        ".json": _json,
        ".npy": _npy,
    }
    try:
        names, rows, fps = readers[path.suffix](path)
        lower = {name.lower(): column for column, name in enumerate(names)}
        known = [lower.get(name.lower()) for name in channels]
        if all(column is None for column in known) or not np.isfinite(rows).all() or len(rows) < 2:
            raise ValueError("has no channel, too few frames, or values that are not numbers")
    except (OSError, ValueError, KeyError, IndexError, TypeError, StopIteration) as error:
        raise CaptureError(f"{path}: no capture of channels ({error})") from error
    times = np.arange(int((len(rows) - 1) / fps * FPS) + 1) / FPS
    zero = np.zeros(len(rows))
    columns = [zero if column is None else rows[:, column] for column in known]
    return np.stack([np.interp(times, np.arange(len(rows)) / fps, each) for each in columns], 1).astype(
        np.float32
    )


def _csv(path: Path) -> tuple[list[str], NDArray[np.float64], float]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    text = {"timecode", "blendshapecount"}
    kept = [column for column, name in enumerate(header) if name.strip().lower() not in text]
    values = np.array([[float(row[column]) for column in kept] for row in rows if row])
    return [header[column].strip() for column in kept], values, FPS


def _json(path: Path) -> tuple[list[str], NDArray[np.float64], float]:
    data = json.loads(path.read_text(encoding="utf-8"))
    times = [frame["time"] for frame in data["frames"]]
    return data["names"], np.array([frame["weights"] for frame in data["frames"]]), 1 / np.diff(times).mean()


def _npy(path: Path) -> tuple[list[str], NDArray[np.float64], float]:
    rows = np.load(path, allow_pickle=False)
    if rows.ndim != 2 or rows.shape[1] != len(ALPHABETICAL):
        raise ValueError(f"an array of shape {rows.shape}")
    return ALPHABETICAL, rows.astype(np.float64), ARRAY_FPS
