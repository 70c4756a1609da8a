"""Shapes of the tongue: fields over its length, from the root (0) to the tip (1)."""

from __future__ import annotations

import numpy as np

from assets.head.handles import Canvas
from assets.head.sdf import Points, bump, ramp


def tongue_shapes(canvas: Canvas) -> dict[str, Points]:
    """Return tongueOut and the six channels that ARKit leaves out."""
    vertices = canvas.part("tongue")
    p = canvas.rest[vertices]
    along = ramp(p[:, 2], 36, 87) ** 0.9
    tip = ramp(p[:, 2], 62, 86)
    body = bump((p[:, 2] - 60) / 22, 1)
    top = ramp(p[:, 1], -80, -66)
    x = p[:, 0]
    zero = np.zeros(len(p))
    moves = {
        "tongueOut": (zero, 1.8 * bump(along - 0.7, 0.35) - 5.0 * tip**2, 26.0 * along**1.3),
        "tongueUp": (zero, 8.0 * body * (0.35 + 0.65 * top) + 3.0 * tip, 1.0 * body),
        "tongueDown": (zero, -6.0 * along * (0.4 + 0.6 * top), zero),
        "tongueTipUp": (zero, 8.0 * tip**1.3, -2.2 * tip),
        "tongueWide": (0.22 * x * along**0.5, -1.2 * along * top, zero),
        "tongueNarrow": (-0.26 * x * along**0.5, 1.0 * along * top, 0.8 * tip),
        "tongueIn": (0.05 * x * along, 2.4 * body * top, -12.0 * along**1.3),
    }
    shapes = {}
    for name, columns in moves.items():
        shape = canvas.zeros()
        shape[vertices] = np.stack(columns, 1)
        shapes[name] = canvas.symmetric(shape)
    return shapes
