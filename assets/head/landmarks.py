"""Curves of the face that the template's rings are pinned to, in the x-y plane or in space."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator

from assets.head.sculpt import CORNER, EYE, EYE_RADIUS, LID, head
from assets.head.sdf import Points, drop

UPPER_LID = ((16.8, -2.4), (18.6, 0.1), (23, 3.9), (29.5, 5.5), (36, 5.2), (42.5, 3.2), (47.8, 0.4))
LOWER_LID = ((16.8, -2.4), (19.5, -3.6), (26, -5.5), (33, -6.0), (39.5, -5.0), (44.5, -2.6), (47.8, 0.4))
CREASE = ((15, 2.5), (18.5, 6.8), (24, 10.2), (31, 11.6), (38, 11.0), (44, 8.6), (51, 3.0))
UPPER_BORDER = ((0, -59.9), (4.8, -58.4), (11.5, -60.3), (18, -63.3), (26.4, -67.2))
LOWER_BORDER = ((0, -76.6), (6.5, -76.3), (13, -74.5), (19, -71.6), (26.4, -67.2))
SEAM = ((0, -66.9, 101.4), (5.5, -66.4, 100.9), (12, -66.8, 98.2), (18.5, -67.2, 93.4), (24.8, -67.3, 86.8))


def along(knots: tuple[tuple[float, ...], ...], count: int) -> Points:
    """Points at even arc length on a smooth curve through `knots`, shape (count, 2 or 3)."""
    rows = np.asarray(knots, float)
    if len(rows[0]) == 3:
        fine = CubicSpline(rows[:, 0], rows[:, 1:], bc_type=((1, np.zeros(2)), "not-a-knot"))
        x = np.linspace(rows[0, 0], rows[-1, 0], 400)
        dense = np.c_[x, fine(x)]
    else:
        t = np.r_[0, np.cumsum(np.linalg.norm(np.diff(rows, axis=0), axis=1))]
        dense = PchipInterpolator(t, rows)(np.linspace(0, t[-1], 400))
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(dense, axis=0), axis=1))]
    where = np.linspace(0, length[-1], count)
    return np.stack([np.interp(where, length, column) for column in dense.T], 1)


def around_eye(
    count: int, upper: tuple[tuple[float, ...], ...], lower: tuple[tuple[float, ...], ...]
) -> Points:
    """Return a closed ring on the skin: from the inner canthus over `upper`, back under `lower`."""
    half = count // 2
    plan = np.concatenate([along(upper, half + 1), along(lower, half + 1)[-2:0:-1]])
    return drop(head, plan[:, 0], plan[:, 1])


def lid_margin(count: int) -> Points:
    """Front edge of the lids: a lid's thickness off the eyeball, easing into the canthi."""
    ring = around_eye(count, UPPER_LID, LOWER_LID)
    q = ring - EYE
    off = np.linalg.norm(q, axis=1, keepdims=True)
    return np.asarray(EYE + q / off * np.clip(off, EYE_RADIUS + 0.8 * LID, None))


def beside(corners: Points, distance: float) -> Points:
    """Points on the skin next to corners of the eye or mouth, away from its middle, shape (n, 3).

    Where the ring around an opening is not held outside the opening's own corner, relaxing draws it across.
    """
    middle = EYE[0] if len(corners) > 1 else 0.0
    x = corners[:, 0] + distance * np.sign(corners[:, 0] - middle)
    return drop(head, x, corners[:, 1])


def lip_rings(count: int, inner: int) -> list[Points]:
    """Rings of the red of the lips, from its border to the line of contact: 1 + `inner` + 1 rings.

    A quadratic arc joins border and contact, fullest in the middle third and flat at the corners.
    """
    half = count // 2
    border = _border(half)
    contact = along(SEAM, half + 1)
    seam = np.concatenate([contact, contact[-2::-1]])
    side = np.r_[np.ones(half), 0, -np.ones(half)]
    fullness = np.clip(1 - (np.abs(seam[:, 0]) / CORNER[0]) ** 2.2, 0, 1)
    toward = np.where(side > 0, 0.85, 0.65)[:, None]
    control = (1 - toward) * border + toward * seam
    control[:, 1] += np.where(side > 0, -0.4, -0.6) * fullness
    control[:, 2] = np.maximum(border[:, 2], seam[:, 2] + 0.5) + fullness * np.where(side > 0, 2.6, 3.2)
    t = np.linspace(0, 1, inner + 2)[:, None, None]
    return list((1 - t) ** 2 * border + 2 * t * (1 - t) * control + t**2 * seam)


def _border(half: int) -> Points:
    upper, lower = along(UPPER_BORDER, half + 1), along(LOWER_BORDER, half + 1)
    plan = np.concatenate([upper, lower[-2::-1]])
    return drop(head, plan[:, 0], plan[:, 1])


def bust_edge(angles: NDArray[np.float64], y: float) -> Points:
    """Cut of the bust: the outline of the head's field in a level plane, shape (n, 3).

    Parameters
    ----------
    angles : ndarray of shape (n,)
        Directions about the neck's axis, 0 to the front, pi to the back.
    y : float
        Height of the plane.
    """
    toward = np.stack([np.sin(angles), np.zeros_like(angles), np.cos(angles)], 1)
    axis = np.array([0.0, y, -28.0])
    radius = np.full(len(angles), 150.0)
    for _ in range(80):
        radius -= np.clip(head(axis + radius[:, None] * toward), -2, 8) * 0.6
    return np.asarray(axis + radius[:, None] * toward)


def nostril_ring(count: int) -> Points:
    """Rim of the nostril: a slanted oval under the nose, from the septum forward, shape (count, 3)."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    across, along_ = -np.cos(turn), np.sin(turn)
    centre, wide, long_ = np.array([6.6, -44.4, 100.2]), np.array([2.7, 0.5, 0.3]), np.array([-1.6, 1.2, 4.6])
    return np.asarray(centre + across[:, None] * wide + along_[:, None] * long_)
