"""Layers of the face: neutral speech, emotions over it, and weights set by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.channels import PARTS
from core.composing import Times
from core.curve import Curve
from core.mesh import Floats
from core.neutral import Neutral
from emotion.style import Manner


@dataclass(frozen=True, eq=False)
class SpeechLayer:
    """g(t) ∘ c(t): the cached lipsync under its intensity curves.

    Attributes
    ----------
    neutral : Neutral
        With its columns in the order of the rig's channels.
    intensity : Curve
        Overall intensity, on every channel.
    parts : mapping of str to Curve
        Further intensity of the parts named in `core.channels.PARTS`.
    style : Curve or None
        Speaking style, -1 mumbled to 1 hyper-articulated, made by `manner`.
    manner : Manner or None
    """

    neutral: Neutral
    intensity: Curve
    parts: Mapping[str, Curve]
    style: Curve | None = None
    manner: Manner | None = None

    def weights(self, times: Times) -> Floats:
        """Speech weights at times (F,), shape (F, C)."""
        weights = self.neutral.sample(times)
        if self.style is not None and self.manner is not None:
            weights = self.manner.restyled(weights, times, self.style)
        weights = weights * self.intensity(times)[:, None].astype(np.float32)
        for part, curve in self.parts.items():
            columns = [k for k, name in enumerate(self.neutral.channels) if name in PARTS[part]]
            weights[:, columns] *= curve(times)[:, None].astype(np.float32)
        return weights


@dataclass(frozen=True, eq=False)
class PoseLayer:
    """w(t) r: a constant residual under an intensity curve; an emotion's classic form.

    Attributes
    ----------
    pose : ndarray of shape (C,), float32
        Channel weights at full intensity.
    curve : Curve
        Intensity over time.
    """

    pose: Floats
    curve: Curve

    def weights(self, times: Times) -> Floats:
        """Residual weights at times (F,), shape (F, C)."""
        return np.asarray(self.curve(times).astype(np.float32)[:, None] * self.pose)


def pose_vector(pose: Mapping[str, float], channels: tuple[str, ...]) -> Floats:
    """Arrange a pose by channel name as a vector (C,); names the rig lacks are left out."""
    return np.array([pose.get(name, 0.0) for name in channels], np.float32)
