"""Life as layers over the speech: made once for a recording, scaled by curves ever after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.composing import Times
from core.curve import Curve
from core.document import Document
from core.head_motion import HEAD, HeadPivot
from core.mesh import Floats
from core.neutral import Neutral
from emotion.life.blinks import LIDS, blinks
from emotion.life.breath import breath
from emotion.life.gaze import gaze
from emotion.life.head import head_motion
from emotion.voice import Voice

LIFE = ("life.blinks", "life.gaze", "life.breath")
"""Strengths of what moves channels; `HEAD_LIFE` turns the head."""
HEAD_LIFE = "life.head"
POSE: Mapping[str, str] = {"headPitch": "head.pitch", "headYaw": "head.yaw", "headRoll": "head.roll"}
"""Parameter that turns the head about each axis by hand."""


@lru_cache(maxsize=16)
def motion(kind: str, voice: Voice, seed: int, rate: float) -> Neutral:
    """Return one kind of life at full strength, by the key of its strength."""
    makers: Mapping[str, Callable[[], Neutral]] = {
        "life.blinks": lambda: blinks(voice, seed, rate),
        "life.gaze": lambda: gaze(voice, seed),
        "life.breath": lambda: breath(voice, seed),
        HEAD_LIFE: lambda: head_motion(voice, seed),
    }
    return makers[kind]()


@dataclass(frozen=True, eq=False)
class LifeLayer:
    """Weights of one kind of life.

    Attributes
    ----------
    motion : Neutral
        At full strength, with its columns in the order of the rig's channels.
    strength : Curve
    """

    motion: Neutral
    strength: Curve

    def weights(self, times: Times) -> Floats:
        """Weights at times (F,), shape (F, C)."""
        return np.asarray(self.motion.sample(times) * self.strength(times)[:, None].astype(np.float32))


@dataclass(frozen=True, eq=False)
class Lids:
    """Lets lids close in a blink, and no farther, whatever an emotion does to them."""

    blinks: LifeLayer
    closing: tuple[int, ...]
    widening: tuple[int, ...]

    def __call__(self, weights: Floats, times: Times) -> Floats:
        """Limit weights (F, C) in place, and return them."""
        blink = self.blinks.weights(times)
        for shut, wide in zip(self.closing, self.widening, strict=True):
            weights[:, shut] = np.minimum(weights[:, shut], 1.0)
            weights[:, wide] *= 1 - np.minimum(blink[:, shut], 1.0)
        return weights


@dataclass(frozen=True, eq=False)
class HeadTurn:
    """Turns the head by hand-made angles and by generated motion.

    Attributes
    ----------
    pivot : HeadPivot
    pose : tuple of Curve
        Degrees about each axis of `core.head_motion.HEAD`.
    motion : LifeLayer or None
    """

    pivot: HeadPivot
    pose: tuple[Curve, ...]
    motion: LifeLayer | None

    def degrees(self, times: Times) -> Floats:
        """Angles at times (F,), shape (F, 3)."""
        angles = np.stack([curve(times) for curve in self.pose], axis=1)
        return np.asarray(angles if self.motion is None else angles + self.motion.weights(times), np.float32)

    def __call__(self, times: Times, vertices: Floats) -> Floats:
        """Turn vertices (F, V, 3) in place, and return them."""
        for frame, angles in enumerate(self.degrees(times)):
            self.pivot.turned(vertices[frame], angles)
        return vertices


def life_layers(document: Document, voice: Voice | None, channels: tuple[str, ...]) -> dict[str, LifeLayer]:
    """Return the layers that a document switches on, by the keys of their strengths."""
    if not document.parameters:  # after every edit this is asked
        return {}
    return {kind: layer for kind in LIFE if (layer := _layer(document, voice, kind, channels)) is not None}


def lids(layers: Mapping[str, LifeLayer], channels: tuple[str, ...]) -> Lids | None:
    """Return what keeps the lids right in blinks; None without blinks or lids."""
    wide = tuple(name.replace("Blink", "Wide") for name in LIDS)
    if "life.blinks" not in layers or not {*LIDS, *wide} <= set(channels):
        return None
    closing, widening = (tuple(channels.index(name) for name in names) for names in (LIDS, wide))
    return Lids(layers["life.blinks"], closing, widening)


def head_turn(document: Document, voice: Voice | None, pivot: HeadPivot | None) -> HeadTurn | None:
    """Return what turns the head; None where nothing does."""
    if not document.parameters:
        return None
    moving = _layer(document, voice, HEAD_LIFE, HEAD)
    if pivot is None or (moving is None and not set(POSE.values()) & document.parameters.keys()):
        return None
    return HeadTurn(pivot, tuple(document.parameter(POSE[axis]) for axis in HEAD), moving)


def needs_voice(document: Document) -> bool:
    """Tell whether a document switches any life on."""
    return any(_strength(document, kind) is not None for kind in (*LIFE, HEAD_LIFE))


def _layer(document: Document, voice: Voice | None, kind: str, channels: tuple[str, ...]) -> LifeLayer | None:
    strength = _strength(document, kind)
    if strength is None or voice is None:
        return None
    made = motion(kind, voice, round(document.number("life.seed")), document.number("life.blink-rate"))
    return LifeLayer(_arranged(made, channels), strength)


@lru_cache(maxsize=16)
def _arranged(made: Neutral, channels: tuple[str, ...]) -> Neutral:
    return made.arranged(channels)


def _strength(document: Document, kind: str) -> Curve | None:
    curve = document.parameter(kind)
    return curve if len(curve) or curve.default else None
