"""What the mouth of a head does, in numbers that a camera could measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.composing import spoken_poses
from core.neutral import Label, Neutral
from core.rig import Rig

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Movement:
    """Curves of the mouth at a constant rate, in millimetres.

    Attributes
    ----------
    gap, width, jaw : ndarray of shape (F,)
        Distance of the inner lips at the midline, of the corners of the mouth, and how low the chin is.
    phones : tuple of Label
        What the model heard.
    """

    fps: float
    gap: Numbers
    width: Numbers
    jaw: Numbers
    phones: tuple[Label, ...] = ()

    def at(self, name: str, times: Numbers, interval: float) -> Numbers:
        """Mean of a curve over `interval` seconds about each time."""
        curve: Numbers = getattr(self, name)
        width = max(1, round(interval * self.fps))
        return np.interp(times, np.arange(len(curve)) / self.fps, _mean(curve, width))


def movement(rig: Rig, neutral: Neutral) -> Movement:
    """Pose the rig and measure its mouth.

    Raises
    ------
    ValueError
        The rig has no lips.
    """
    if rig.lips is None:
        raise ValueError("the rig has no lips")
    ends = [rig.lips.upper[0], rig.lips.upper[-1]]
    chin = int(np.linalg.norm(rig.basis[rig.index["jawOpen"]], axis=1).argmax())
    rows = []
    for vertices in spoken_poses(rig, neutral):
        right, left = vertices[:, ends[0]], vertices[:, ends[1]]
        low = rig.mesh.vertices[chin, 1] - vertices[:, chin, 1]
        rows.append(np.stack([rig.lips.gap(vertices), np.linalg.norm(left - right, axis=1), low]))
    curves = np.concatenate(rows, 1).astype(np.float64) / rig.millimetre
    gap, width, jaw = curves
    return Movement(neutral.fps, gap, width, jaw, neutral.phones)


def _mean(curve: Numbers, width: int) -> Numbers:
    return np.asarray(ndimage.uniform_filter1d(curve, width, mode="nearest")) if width > 1 else curve
