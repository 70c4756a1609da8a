"""Life as layers over the speech: made once for a recording, scaled by curves ever after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.composing import Layer, Times
from core.curve import Curve
from core.document import Document
from core.head_motion import HEAD, HeadPivot
from core.mesh import Floats
from core.neutral import Neutral
from emotion.life.blinks import blinks
from emotion.life.breath import breath
from emotion.life.gaze import EYES, gaze, looking
from emotion.life.head import head_motion
from emotion.voice import Voice

LIFE = ("life.blinks", "life.gaze", "life.breath")
"""Strengths of what moves channels; `HEAD_LIFE` turns the head."""
HEAD_LIFE = "life.head"
POSE: Mapping[str, str] = {"headPitch": "head.pitch", "headYaw": "head.yaw", "headRoll": "head.roll"}
"""Parameter that turns the head about each axis by hand."""
OPPOSITE = (("Up", "Down"), ("In", "Out"))


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
class Hold:
    """Keeps the gaze on the listener while generated motion turns the head (the vestibulo-ocular reflex).

    Attributes
    ----------
    strength : Curve
        Of the gaze; more than 1 is 1.
    head : LifeLayer
        Degrees, in the order of `core.head_motion.HEAD`.
    channels : tuple of str
        Of the rig.
    """

    strength: Curve
    head: LifeLayer
    channels: tuple[str, ...]

    def weights(self, times: Times) -> Floats:
        """Weights at times (F,), shape (F, C)."""
        pitch, yaw, _ = self.head.weights(times).T
        against = -np.stack([yaw, pitch], axis=1) * np.minimum(self.strength(times), 1.0)[:, None]
        looks = Neutral(1.0, EYES, looking(against))
        return looks.arranged(self.channels).weights


@dataclass(frozen=True, eq=False)
class Eyes:
    """Lets lids close in a blink and no farther, whatever else moves them, and eyes look one way at a time.

    Attributes
    ----------
    blinks : Layer or None
    lids, looks : tuple of (int, int)
        Columns of channels that close and widen one eye; that turn it to opposite sides.
    """

    blinks: Layer | None
    lids: tuple[tuple[int, int], ...]
    looks: tuple[tuple[int, int], ...]

    def __call__(self, weights: Floats, times: Times) -> Floats:
        """Limit weights (F, C) in place, and return them."""
        for one, other in self.looks:
            both = weights[:, one] - weights[:, other]
            weights[:, one], weights[:, other] = np.maximum(both, 0), np.maximum(-both, 0)
        if self.blinks is not None:
            blinks = np.minimum(self.blinks.weights(times), 1.0)
            for shut, wide in self.lids:
                blink = blinks[:, shut]
                # A lid that is half down already has half the way to go.
                resting = np.clip(weights[:, shut] - blink, 0.0, 1.0)
                weights[:, shut] = np.minimum(resting + blink * (1 - resting), 1.0)
                weights[:, wide] *= 1 - blink
        return weights


@dataclass(frozen=True, eq=False)
class HeadTurn:
    """Turns the head by hand-made angles and by generated motion.

    Attributes
    ----------
    pivot : HeadPivot
    pose : tuple of Curve
        Degrees about each axis of `core.head_motion.HEAD`.
    motions : tuple of LifeLayer
    """

    pivot: HeadPivot
    pose: tuple[Curve, ...]
    motions: tuple[LifeLayer, ...]

    def degrees(self, times: Times) -> Floats:
        """Angles at times (F,), shape (F, 3)."""
        angles = np.stack([curve(times) for curve in self.pose], axis=1)
        return np.asarray(angles + sum(motion.weights(times) for motion in self.motions), np.float32)

    def __call__(self, times: Times, vertices: Floats) -> Floats:
        """Turn vertices (F, V, 3) in place, and return them."""
        for frame, angles in enumerate(self.degrees(times)):
            self.pivot.turned(vertices[frame], angles)
        return vertices


def life_layers(document: Document, voice: Voice | None, channels: tuple[str, ...]) -> dict[str, Layer]:
    """Return the layers that a document switches on, by the keys of their strengths."""
    layers: dict[str, Layer] = {
        kind: layer for kind in LIFE if (layer := _layer(document, voice, kind, channels)) is not None
    }
    head = _layer(document, voice, HEAD_LIFE, HEAD)
    if head is not None and "life.gaze" in layers:
        layers[HEAD_LIFE] = Hold(document.parameter("life.gaze"), head, channels)
    return layers


def eyes(layers: Mapping[str, Layer], channels: tuple[str, ...]) -> Eyes | None:
    """Return what keeps lids and looks right; None where no layer moves them."""
    if not {"life.blinks", "life.gaze"} & layers.keys():
        return None
    sides = ("Left", "Right")
    lids = [(f"eyeBlink{side}", f"eyeWide{side}") for side in sides]
    looks = [(f"eyeLook{a}{side}", f"eyeLook{b}{side}") for a, b in OPPOSITE for side in sides]
    return Eyes(layers.get("life.blinks"), _columns(lids, channels), _columns(looks, channels))


def head_layers(document: Document, voice: Voice | None) -> tuple[LifeLayer, ...]:
    """Return the motions of the head that a document switches on, in degrees."""
    found = (_layer(document, voice, kind, HEAD) for kind in (HEAD_LIFE, "life.breath"))
    return tuple(layer for layer in found if layer is not None)


def head_turn(document: Document, voice: Voice | None, pivot: HeadPivot | None) -> HeadTurn | None:
    """Return what turns the head; None where nothing does."""
    moving = head_layers(document, voice)
    if pivot is None or not (moving or set(POSE.values()) & document.parameters.keys()):
        return None
    return HeadTurn(pivot, tuple(document.parameter(POSE[axis]) for axis in HEAD), moving)


def _columns(names: list[tuple[str, str]], channels: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((channels.index(a), channels.index(b)) for a, b in names if {a, b} <= set(channels))


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
