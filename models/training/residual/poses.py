"""Poses that no one has named: what the residual network learns to wear, so that it can wear any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.training.residual.performances import CHANNELS, REGIONS

SIDED, LOPSIDED = 0.75, 0.15
"""Share of poses that are the same on both sides, and of the rest those of one side."""
SCALE = {"jawOpen": 0.3, "mouthClose": 0.3, "tongue": 0.3, "mouthFunnel": 0.4, "mouthPucker": 0.5}
"""What is left of channels of which a whole one is no expression."""


def random_poses(count: int, draw: np.random.Generator) -> NDArray[np.float32]:
    """Draw sparse combinations of channels, shape (count, C)."""
    return np.stack([_pose(draw) for _ in range(count)]).astype(np.float32)


def _pose(draw: np.random.Generator) -> NDArray[np.float64]:
    stems = list(dict.fromkeys(name.removesuffix("Left").removesuffix("Right") for name in CHANNELS))
    regions = draw.choice(len(REGIONS), size=draw.integers(1, 8), replace=False)
    reached = {name for region in regions for name in REGIONS[region].channels}
    pose, symmetric = np.zeros(len(CHANNELS)), draw.random() < SIDED
    one_side = draw.random() < LOPSIDED
    for stem in stems:
        sides = [name for name in (f"{stem}Left", f"{stem}Right") if name in CHANNELS] or [stem]
        if not reached.intersection(sides) or draw.random() < 0.35:
            continue
        full = draw.beta(1.2, 1.4) * next((part for name, part in SCALE.items() if stem.startswith(name)), 1)
        for number, name in enumerate(sides):
            other = 0.0 if one_side else draw.random()
            pose[CHANNELS.index(name)] = full * (1.0 if symmetric or number else other)
    if draw.random() < 0.5:
        return pose[_MIRROR]
    return pose


_OTHER = {"Left": "Right", "Right": "Left"}


def _mirrored(name: str) -> str:
    for side, other in _OTHER.items():
        if name.endswith(side) and f"{name.removesuffix(side)}{other}" in CHANNELS:
            return f"{name.removesuffix(side)}{other}"
    return name


_MIRROR = [CHANNELS.index(_mirrored(name)) for name in CHANNELS]
