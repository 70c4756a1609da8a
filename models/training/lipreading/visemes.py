"""What lips can tell apart: classes of phones that look alike, and how wrong a reading of them is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from models.phones import SILENCE, Segment

VISEMES: Mapping[str, tuple[str, ...]] = {
    "P": ("P", "B", "M"),
    "F": ("F", "V"),
    "TH": ("TH", "DH"),
    "T": ("T", "D", "N", "L", "S", "Z"),
    "K": ("K", "G", "NG", "HH"),
    "CH": ("CH", "JH", "SH", "ZH"),
    "R": ("R", "ER"),
    "W": ("W", "UW", "UH", "OW"),
    "AO": ("AO", "OY"),
    "AA": ("AA", "AE", "AW", "AY"),
    "EH": ("EH", "EY", "AH"),
    "IY": ("IY", "IH", "Y"),
}
"""Phones by the viseme they are seen as."""
QUIET = 0
"""Number of silence where every frame has a class, and of the blank of CTC; visemes count from 1."""
NUMBERS = {phone: number for number, phones in enumerate(VISEMES.values(), 1) for phone in phones}
NUMBERS[SILENCE] = QUIET


def frame_visemes(segments: Sequence[Segment], frames: int, fps: float) -> NDArray[np.int64]:
    """Say what is seen at each frame, shape (F,)."""
    ends = np.array([segment.end for segment in segments])
    classes = np.array([*(NUMBERS[segment.phone] for segment in segments), QUIET])
    return np.asarray(classes[np.searchsorted(ends, np.arange(frames) / fps, side="right")], np.int64)


def spoken_visemes(segments: Sequence[Segment], start: float = 0.0, end: float = np.inf) -> list[int]:
    """Say what is to be read off the lips between two times; the same twice in a row counts once.

    A segment belongs to where its middle is.
    """
    inside = (each for each in segments if start <= (each.start + each.end) / 2 < end)
    return [number for number, _ in groupby(NUMBERS[each.phone] for each in inside) if number != QUIET]


def edits(truth: Sequence[int], reading: Sequence[int]) -> int:
    """Fewest insertions, deletions and replacements that make one the other (Levenshtein 1966)."""
    row = list(range(len(reading) + 1))
    for number, wanted in enumerate(truth, 1):
        corner, row[0] = row[0], number
        for place, found in enumerate(reading, 1):
            corner, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, corner + (wanted != found)),
            )
    return row[-1]


def error_rate(truths: Sequence[Sequence[int]], readings: Sequence[Sequence[int]]) -> float:
    """Edits for each viseme that was to be read, over all lines together; may exceed 1."""
    wrong = sum(edits(truth, reading) for truth, reading in zip(truths, readings, strict=True))
    return wrong / max(sum(map(len, truths)), 1)
