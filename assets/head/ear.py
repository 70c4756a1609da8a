"""The ear: rings in a tilted frame, from the root on the skull over the helix into the concha."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from assets.head.sculpt import head
from assets.head.sdf import Points, bump, project, ramp, turned
from assets.head.template import Ring, Template

CENTRE = np.array([73.6, -15.0, -11.0])
FRAME = turned("z", 2) @ turned("x", 11) @ turned("y", 19)
"""Rows: outward, up and forward of the ear in the head's frame."""
OUTLINE = (
    (0, 12), (30, 14.5), (58, 21.5), (82, 27.5), (105, 29), (135, 24.5), (165, 18.5), (195, 16.5),
    (222, 18), (246, 23.5), (265, 28.5), (283, 27), (305, 18.5), (330, 13.5),
)  # fmt: skip
"""Degrees from forward towards up, and the rim's distance from the middle in mm."""
RINGS = (
    *((0.85, -3.4), (0.95, -2.8), (1.01, -1.0), (1.02, 0.8), (0.98, 2.2), (0.92, 2.3), (0.86, 1.0)),
    *((0.79, -0.4), (0.72, 0.5), (0.65, 1.8), (0.57, 1.2), (0.49, -1.8), (0.40, -5.0), (0.22, -6.4)),
)
"""Rings from the back over the rim to the concha: share of the outline's distance, height over the ear."""


def ear_root(template: Template) -> Points:
    """Where the ear leaves the skull: places for the edge of the ear's block, shape (n, 3)."""
    angle = _angles(template)
    share = 0.74 + 0.32 * _frontness(angle)
    return project(head, _place(angle, share, -6.0 + 3.0 * _frontness(angle)), 8, 6)


def add_ear(template: Template) -> Ring:
    """Append the ear's rings and its bottom; return all their vertices, which `wrap` must not move."""
    mesh, angle = template.mesh, _angles(template)
    edge, front = mesh.chart[template.ear[0]], _frontness(angle)
    root = (ear_root(template) - CENTRE) @ FRAME.T
    made: Ring = []
    for depth, (share, height) in enumerate(RINGS, 1):
        t = depth / len(RINGS)
        inward = (1 - front) * share + front * (1.06 - 0.84 * t)
        over = root[:, 0] * (1 - ramp(np.array(t), 0.45, 0.95)) - 6.4 * ramp(np.array(t), 0.45, 0.95)
        lift = (1 - front) * _relief(angle, share, height) + front * over + _tragus(angle, inward)
        ring = mesh.add(_place(angle, inward, lift), edge.mean(0) + (edge - edge.mean(0)) * (1 - 0.9 * t))
        mesh.band("skin", template.ear[-1], ring, closed=True)
        template.ear.append(ring)
        made += ring
    deep = template.ear[-1]
    middle = mesh.add(mesh.points[deep].mean(0, keepdims=True), edge.mean(0, keepdims=True))[0]
    mesh.close("skin", deep, middle)
    return [*made, middle]


def _frontness(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 where the ear runs into the cheek without a rim, 0 where the helix stands free."""
    return ramp(np.cos(angle + 0.1), 0.05, 0.95)


def _relief(angle: NDArray[np.float64], share: float, height: float) -> NDArray[np.float64]:
    """Helix, scapha and antihelix of one ring; the lobe is nearly flat."""
    lobe = ramp(-np.sin(angle), 0.62, 0.92)
    into_concha = ramp(np.array(share), 0.6, 0.44)
    flat = np.clip(height, -2.2, 1.0) if share > 0.9 else 0.8 + into_concha * (height - 0.8)
    return np.asarray(height * (1 - lobe) + lobe * flat)


def _tragus(angle: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    turn = np.angle(np.exp(1j * (angle + 0.12)))
    return np.asarray(4.4 * bump(share - 0.62, 0.16) * bump(turn, 0.4))


def _place(angle: NDArray[np.float64], share: NDArray[np.float64], height: NDArray[np.float64]) -> Points:
    degrees, distance = np.array(OUTLINE).T
    rim = CubicSpline(np.radians([*degrees, 360]), [*distance, distance[0]], bc_type="periodic")
    inward = np.clip(1 - share, 0, 1)
    radius = (rim(angle % (2 * np.pi)) * (1 - inward) + 17.5 * inward) * share
    up = radius * np.sin(angle) + 1.0 * inward
    forward = radius * np.cos(angle) + 3.0 * inward
    return np.asarray(CENTRE + np.stack([height, up, forward], 1) @ FRAME)


def _angles(template: Template) -> NDArray[np.float64]:
    """Angle of each vertex of the block's edge about the ear, evened out; starts forward and rises."""
    count = len(template.ear[0])
    return np.linspace(0, 2 * np.pi, count, endpoint=False)
