"""What ships with the program: the default head and the ten emotion poses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from core import paths
from core.rig import Rig
from core.rig_file import load_rig


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


@cache
def default_rig() -> Rig:
    """Return the head that ships with the program: millimetres, y up, +z forward, all 58 channels."""
    return load_rig(paths.DEFAULT_RIG)


@cache
def emotions() -> tuple[Emotion, ...]:
    """Return the ten emotions in the order they are shown in."""
    entries = json.loads(paths.EMOTIONS.read_text(encoding="utf-8"))
    return tuple(
        Emotion(name, entry["label"], entry["colour"], MappingProxyType(entry["weights"]))
        for name, entry in entries.items()
    )


def emotion_poses() -> dict[str, dict[str, float]]:
    """Return the channel weights of each emotion at full intensity, by name."""
    return {emotion.name: dict(emotion.weights) for emotion in emotions()}
