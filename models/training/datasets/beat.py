"""BEAT: ``<number>_<speaker>_<language>_<first>_<last>.json``, 51 named channels at 60 Hz, and WAV beside it.

Liu et al., "BEAT: A Large-Scale Semantic and Emotional Multi-Modal Dataset for Conversational Gestures
Synthesis", ECCV 2022.
"""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from models.training.datasets.arkit import SPACE, by_name
from models.training.datasets.files import every, read_sound
from models.training.datasets.line import NEUTRAL, DatasetError, Entry, Line, in_order

FPS = 60
NAME = re.compile(r"\d+_(?P<speaker>[^_]+)_(?P<language>\d+)_(?P<first>\d+)_(?P<last>\d+)")
EMOTIONS = {
    "joy": range(65, 73),
    "anger": range(73, 81),
    "sadness": range(81, 87),
    "contempt": range(87, 95),
    "surprise": range(95, 103),
    "fear": range(103, 111),
    "disgust": range(111, 119),
}
"""Of the recordings, by their number; the others are neutral."""


def read_beat(folder: Path, fps: float = 60) -> tuple[Entry, ...]:
    """List the recordings that have a sound of the same name, in whatever folders.

    Parameters
    ----------
    folder : Path
    fps : float
        60, or a whole fraction of it.
    """
    step = every(FPS, fps, folder)
    entries = []
    for path in folder.rglob("*.json"):
        named = NAME.fullmatch(path.stem)
        if named and path.with_suffix(".wav").exists():
            emotion = emotion_of(int(named["first"]))
            load = partial(_load, path, named["speaker"], emotion, step)
            entries.append(Entry(path.stem, named["speaker"], load, emotion))
    return in_order(entries, folder)


def emotion_of(number: int) -> str:
    """Name the emotion that was acted in a recording."""
    return next((name for name, numbers in EMOTIONS.items() if number in numbers), NEUTRAL)


def _load(path: Path, speaker: str, emotion: str, step: int) -> Line:
    content = _content(path)
    try:
        weights = np.array([frame["weights"] for frame in content["frames"]], np.float64)
        motion, known = by_name(weights, content["names"], path)
    except DatasetError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DatasetError(path, "is no BEAT recording (names, and frames of as many weights)") from error
    samples, rate = read_sound(path.with_suffix(".wav"))
    return Line(
        path.stem, speaker, samples, rate, motion[::step], FPS / step, SPACE, emotion=emotion, known=known
    )


def _content(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise DatasetError(path, "is no JSON file") from error
