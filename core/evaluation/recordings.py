"""Recordings to judge a model by: captured lips, and speech whose phones are known.

A folder of captures holds ``index.json``, a list with ``name``, ``speaker`` and ``language`` of each, and for
each ``name.wav`` and ``name.npz`` with, per frame of the camera, ``t`` (seconds of the sound), ``valid`` and
``lip_gap``, and where they were measured ``outer_width`` and ``jaw`` (nose to chin), and ``fps``.

A folder of aligned speech holds ``name.wav`` and ``name.json`` with ``phones``: ARPAbet, start and end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from models.phones import Segment, from_arpabet

Numbers = NDArray[np.float64]
INDEX = "index.json"
SHORTEST = 10
"""Frames of the camera under which there is nothing to correlate."""


@dataclass(frozen=True)
class Capture:
    """Lips measured while somebody spoke.

    Attributes
    ----------
    times : ndarray of shape (T,)
        Seconds of the sound, of the frames in which the face was found.
    fps : float
        The camera's.
    curves : mapping of str to ndarray of shape (T,)
        ``gap``, and perhaps ``width`` and ``jaw`` (how low it is), in any unit.
    """

    name: str
    speaker: str
    language: str
    sound: Path
    times: Numbers
    fps: float
    curves: Mapping[str, Numbers]


@dataclass(frozen=True)
class Aligned:
    """Speech whose phones are known."""

    name: str
    speaker: str
    language: str
    sound: Path
    phones: tuple[Segment, ...]


def read_recordings(folder: Path) -> tuple[list[Capture], list[Aligned]]:
    """Read what a folder holds.

    Raises
    ------
    InputError
        If it holds nothing of either kind, or a file is not what it should be.
    """
    if not folder.is_dir():
        raise InputError(folder, "is not a folder")
    captures = _captures(folder)
    aligned = [each for path in sorted(folder.glob("*.json")) if (each := _aligned(path)) is not None]
    if not captures and not aligned:
        raise InputError(folder, f"holds neither {INDEX} of captures nor .json files with phones")
    return captures, aligned


def _captures(folder: Path) -> list[Capture]:
    if not (folder / INDEX).exists():
        return []
    entries = _json(folder / INDEX)
    if not isinstance(entries, list) or not all(isinstance(e, dict) and "name" in e for e in entries):
        raise InputError(folder / INDEX, "is not a list of captures with a name each")
    found = [_capture(folder, entry) for entry in entries]
    return [capture for capture in found if len(capture.times) >= SHORTEST]


def _capture(folder: Path, entry: dict[str, Any]) -> Capture:
    name = str(entry["name"])
    path = folder / f"{name}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            columns = {key: np.asarray(stored[key], np.float64) for key in stored.files}
        times, fps = columns["t"], float(columns["fps"])
        kept = (columns["valid"] > 0) & np.isfinite(columns["lip_gap"]) & (times >= 0)
        curves = {"gap": columns["lip_gap"][kept]}
        if "outer_width" in columns:
            curves["width"] = columns["outer_width"][kept]
        if "jaw" in columns:
            curves["jaw"] = columns["jaw"][kept]
    except (OSError, KeyError, ValueError, IndexError, TypeError) as error:
        raise InputError(path, f"is not a capture ({error})") from error
    speaker, language = str(entry.get("speaker", name)), str(entry.get("language", ""))
    return Capture(name, speaker, language, folder / f"{name}.wav", times[kept], fps, curves)


def _aligned(path: Path) -> Aligned | None:
    record = _json(path)
    if not isinstance(record, dict) or "phones" not in record:
        return None
    try:
        phones = tuple(
            Segment(from_arpabet(str(name)), float(start), float(end))
            for name, start, end in record["phones"]
        )
    except (TypeError, ValueError) as error:
        raise InputError(path, f"phones are not ARPAbet names, starts and ends ({error})") from error
    speaker, language = str(record.get("speaker", "")), str(record.get("language", ""))
    return Aligned(path.stem, speaker, language, path.with_suffix(".wav"), phones)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(path, "is not JSON") from error
