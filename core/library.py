"""What ships with the program: the default head and the ten emotion poses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from core import paths
from core.rig import Rig, blended
from core.rig_file import load_rig
from core.settings import share

SHAPE = "head.shape"
"""Setting 0..1: which figure the default head has, see `default_rig`."""


@dataclass(frozen=True)
class Emotion:
    """One of the emotions that ship with the program.

    Attributes
    ----------
    name : str
        As the command line takes it, e.g. ``out-of-breath``.
    label : str
        What a menu or a lane shows.
    colour : str
        ``#rrggbb``; told apart also by colour-blind eyes.
    weights : mapping of str to float
        The pose: channel weights at full intensity.
    """

    name: str
    label: str
    colour: str
    weights: Mapping[str, float]


def default_rig(shape: float = 0.0) -> Rig:
    """Return the head that ships with the program: millimetres, y up, +z forward, all 58 channels.

    Parameters
    ----------
    shape : float
        0 is the first of its two figures, young and of no particular sex, 1 the second, an older and heavier
        man; values between are blends of both.
    """
    if shape in (0.0, 1.0):
        return _figure(paths.SECOND_RIG if shape else paths.DEFAULT_RIG)
    return _between(shape)


@cache
def _figure(path: Path) -> Rig:
    return load_rig(path)


@lru_cache(maxsize=2)
def _between(shape: float) -> Rig:
    return blended(default_rig(0.0), default_rig(1.0), shape)


def shape_of(settings: Mapping[str, str]) -> float:
    """Return the shape of the default head that a document's settings ask for.

    Raises
    ------
    InputError
        If it is not a number from 0 to 1.
    """
    return share(settings, SHAPE, "0")


@cache
def emotions() -> tuple[Emotion, ...]:
    """Return the ten emotions in the order they are shown in."""
    entries = json.loads(paths.EMOTIONS.read_text(encoding="utf-8"))
    return tuple(
        Emotion(name, entry["label"], entry["colour"], MappingProxyType(entry["weights"]))
        for name, entry in entries.items()
    )


@cache
def blends() -> Mapping[str, Mapping[str, float]]:
    """Return mixtures of emotions, by name: intensities of some emotions, all others at 0."""
    return {name: MappingProxyType(mix) for name, mix in json.loads(paths.BLENDS.read_text("utf-8")).items()}


def emotion_poses() -> dict[str, dict[str, float]]:
    """Return the channel weights of each emotion at full intensity, by name."""
    return {emotion.name: dict(emotion.weights) for emotion in emotions()}
