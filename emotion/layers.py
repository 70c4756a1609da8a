"""Layers of the face: neutral speech, emotions over it, and weights set by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.channels import PARTS
from core.composing import Times
from core.curve import Curve
from core.mesh import Floats
from core.neutral import Neutral
from emotion.style import Manner
from emotion.tuning import Keyed, Limiter, Strengths


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
    leads : mapping of str to (ndarray, Curve)
        Parts that are ahead of the sound: their columns, and by how many milliseconds.
    """

    neutral: Neutral
    intensity: Curve
    parts: Mapping[str, Curve]
    style: Curve | None = None
    manner: Manner | None = None
    leads: Mapping[str, Keyed] = field(default_factory=dict)

    def weights(self, times: Times) -> Floats:
        """Speech weights at times (F,), shape (F, C)."""
        weights = self._spoken(times)
        for columns, curve in self.leads.values():
            weights[:, columns] = self._spoken(times + curve(times) / 1000)[:, columns]
        weights = weights * self.intensity(times)[:, None].astype(np.float32)
        for part, curve in self.parts.items():
            scaled = [k for k, name in enumerate(self.neutral.channels) if name in PARTS[part]]
            weights[:, scaled] *= curve(times)[:, None].astype(np.float32)
        return weights

    def _spoken(self, times: Times) -> Floats:
        weights = self.neutral.sample(times)
        if self.style is not None and self.manner is not None:
            return self.manner.restyled(weights, times, self.style)
        return weights


@dataclass(frozen=True, eq=False)
class PoseLayer:
    """w(t) r(t): a residual under an intensity curve; constant in an emotion's classic form.

    Attributes
    ----------
    pose : ndarray of shape (C,), float32
        Channel weights at full intensity.
    curve : Curve
        Intensity over time.
    gains : Strengths or None
        By region of the face.
    limiter : Limiter or None
        Shared by all emotions.
    worn : Neutral or None
        The pose as a speaking face wears it (`emotion.residual.worn`); held as it is where not given.
    """

    pose: Floats
    curve: Curve
    gains: Strengths | None = None
    limiter: Limiter | None = None
    worn: Neutral | None = None

    def weights(self, times: Times) -> Floats:
        """Residual weights at times (F,), shape (F, C)."""
        intensity = self.curve(times).astype(np.float32)
        if self.limiter is not None:
            intensity = intensity * self.limiter(times)
        residual = self.pose if self.worn is None else self.worn.sample(times)
        weights = np.asarray(intensity[:, None] * residual)
        return weights if self.gains is None else self.gains(weights, times)


def pose_vector(pose: Mapping[str, float], channels: tuple[str, ...]) -> Floats:
    """Arrange a pose by channel name as a vector (C,); names the rig lacks are left out."""
    return np.array([pose.get(name, 0.0) for name in channels], np.float32)
