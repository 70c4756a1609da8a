"""Life as keys: what was generated becomes curves that an animator edits like her own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.channels import CHANNELS
from core.curve import Curve
from core.document import Document
from core.head_motion import HEAD
from core.key_fit import fitted
from core.neutral import Neutral
from emotion.life.layers import HEAD_LIFE, LIFE, POSE, eyes, head_layers, life_layers
from emotion.voice import Voice

TOLERANCE = 0.02
"""How far off keys may be, as a weight: half a degree of an eye or of the head."""
DEGREES = 20.0
"""Degrees of the head that are as much as a weight of 1."""


def baked(neutral: Neutral, strength: Curve, tolerance: float = TOLERANCE) -> dict[str, Curve]:
    """Turn motion into keys.

    Parameters
    ----------
    neutral : Neutral
        Of any channels, those of `core.head_motion.HEAD` in degrees.
    strength : Curve
    tolerance : float
        How far off a curve may be, as a weight.

    Returns
    -------
    dict of str to Curve
        A curve for each channel that moves by more than that.
    """
    times = np.arange(len(neutral.weights)) / neutral.fps
    weights = neutral.weights * strength(times)[:, None]
    limits = {name: tolerance * (DEGREES if name in HEAD else 1.0) for name in neutral.channels}
    return {
        name: fitted(times, column, limits[name])
        for name, column in zip(neutral.channels, weights.T, strict=True)
        if len(column) and np.abs(column).max() > limits[name]
    }


def with_life_baked(document: Document, voice: Voice, tolerance: float = TOLERANCE) -> Document:
    """Return a document whose blinks, gaze, breath and motion of the head are keys, and no longer generated.

    Keys are added to those that are there: to offsets of channels, and to the turn of the head.

    Parameters
    ----------
    document : Document
    voice : Voice
    tolerance : float
        As in `baked`.
    """
    frames = len(voice.loudness)
    times = np.arange(frames) / voice.fps
    layers = life_layers(document, voice, CHANNELS)
    face = np.zeros((frames, len(CHANNELS)), np.float32)
    for layer in layers.values():
        face += layer.weights(times)
    limited = eyes(layers, CHANNELS)
    face = limited(face, times) if limited else face
    head = np.zeros((frames, len(HEAD)), np.float32)
    for motion in head_layers(document, voice):
        head += motion.weights(times)
    keys = baked(
        Neutral(voice.fps, (*CHANNELS, *HEAD), np.hstack([face, head])), Curve.constant(1), tolerance
    )
    made = {kind: Curve.constant(0.0) for kind in (*LIFE, HEAD_LIFE) if kind in document.parameters}
    turned = {POSE[name]: keys.pop(name) for name in HEAD if name in keys}
    return replace(
        document,
        offsets=_added(document.offsets, keys, times, tolerance),
        parameters={**_added(document.parameters, turned, times, tolerance * DEGREES), **made},
    )


def _added(
    own: Mapping[str, Curve], more: Mapping[str, Curve], times: NDArray[np.float64], tolerance: float
) -> dict[str, Curve]:
    """Sum curves of one name; hand-made keys beyond the recording stay as they were."""
    sums = {}
    for name, curve in more.items():
        before = own.get(name)
        if before is None:
            sums[name] = curve
            continue
        both = fitted(times, before(times) + curve(times), tolerance)
        sums[name] = before.only(np.flatnonzero(before.times > times[-1])).with_keys_of(both)
    return {**own, **sums}
