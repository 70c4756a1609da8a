"""A second figure in the same topology: the head bent into that of an older, heavier man.

Soft local pushes of space take everything along - skin, brows, teeth - except what is near the eyes, which
stay as they are so that the lids keep their fit; the channels are then made anew on the bent head.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from assets.head.assemble import Head
from assets.head.sculpt import EYE
from assets.head.sdf import Points, bump, ramp

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Push:
    """A mound of motion on the left and, mirrored, on the right: its centre, radii and move in mm."""

    centre: Vector
    radii: Vector
    move: Vector


PUSHES = (
    Push((58, -82, 8), (26, 34, 34), (7.5, -4.0, 1.0)),  # angle of the jaw
    Push((40, -100, 44), (22, 22, 30), (5.0, -5.0, 1.0)),  # jowl
    Push((0, -104, 84), (27, 18, 24), (0, -5.5, 3.5)),  # chin
    Push((26, -103, 72), (15, 15, 22), (3.0, -2.0, 0)),
    Push((0, -59.5, 103), (16, 4, 12), (0, -1.5, -1.2)),  # thinner lips
    Push((0, -77, 98), (16, 4.5, 12), (0, 1.7, -1.2)),
    Push((27, -50, 88), (4.5, 12, 12), (0, 0, -1.2)),  # fold beside the mouth
    Push((42, -44, 62), (14, 20, 24), (-2.2, 0, -1.6)),  # hollow of the cheek
    Push((50, -20, 40), (18, 14, 26), (2.6, 0, 1.0)),  # cheekbone
    Push((24, 25, 88), (24, 9, 20), (0.6, 0.4, 4.4)),  # ridge of the brow
    Push((0, 22, 96), (12, 12, 18), (0, 0, 2.4)),  # between the brows
    Push((0, 74, 84), (44, 26, 34), (0, 0, -6.5)),  # forehead
    Push((0, -16, 100), (8, 18, 16), (0, 0, 3.6)),  # bridge of the nose
    Push((0, -36, 108), (13, 13, 18), (0, -2.8, 3.4)),  # its tip
    Push((15, -38, 96), (8, 8, 12), (2.2, -1.2, 0.6)),  # its wings
    Push((76, -15, -12), (16, 40, 28), (2.4, 0, 0)),  # ears
    Push((78, 16, -10), (18, 16, 26), (1.2, 3.4, 0)),
    Push((75, -46, -8), (16, 14, 22), (0.8, -5.0, 1.0)),
    Push((0, -140, 34), (12, 14, 20), (0, 0, 5.5)),  # larynx
    Push((52, -150, -20), (40, 44, 60), (11.0, 0, 0)),  # neck
    Push((0, -150, -84), (60, 44, 34), (0, 0, -6.0)),
    Push((0, 30, -96), (80, 60, 40), (0, 0, -5.0)),  # back of the head
)
FITTED = (15.5, 25.0)
"""Millimetres from the eye's middle to which nothing moves, and from which all of a push does."""


def bent(points: Points) -> Points:
    """Return points (n, 3) of the first head in the place that they have on the second."""
    side = np.abs(points) * [1, 0, 0] + points * [0, 1, 1]
    sign = np.stack([np.sign(points[:, 0]), *np.ones((2, len(points)))], 1)
    move = np.zeros_like(points)
    for push in PUSHES:
        amount = bump(np.linalg.norm((side - push.centre) / push.radii, axis=1), 1.0)
        across = np.clip(side[:, 0] / 6, 0, 1)[:, None] * [1, 0, 0] + [0, 1, 1]
        move += amount[:, None] * push.move * across
    free = ramp(np.linalg.norm(side - EYE, axis=1), *FITTED)
    return np.asarray(points + free[:, None] * move * sign)


def second_head(head: Head) -> Head:
    """Return the second figure of a head."""
    return replace(head, points=bent(head.points).astype(np.float32).astype(float))
