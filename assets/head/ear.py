"""The ear: rings in a tilted frame, from the root on the skull over the helix into the concha."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from assets.head.sculpt import head
from assets.head.sdf import Points, bump, project, ramp, turned
from assets.head.template import Ring, Template

CENTRE = np.array([69.5, -15.0, -12.5])
FRAME = turned("z", 8) @ turned("x", 11) @ turned("y", -25)
"""Rows: outward, up and forward of the ear in the head's frame."""
OUTLINE = (
    (0, 12.5), (30, 15.5), (58, 23), (82, 29.5), (105, 31), (135, 26), (165, 19.5), (195, 17),
    (222, 18.5), (246, 24), (265, 29.5), (283, 28), (305, 19), (330, 14),
)  # fmt: skip
"""Degrees from forward towards up, and the rim's distance from the middle in mm."""
# share of the outline's distance, height over the ear's plane, and how much of the relief reaches the front
RINGS = (
    (0.84, -3.4, 0.0), (0.95, -2.8, 0.0), (1.01, -1.0, 0.1), (1.02, 0.8, 0.3), (0.98, 2.2, 0.4),
    (0.92, 2.3, 0.4), (0.86, 1.0, 0.3), (0.79, -0.4, 0.2), (0.72, 0.5, 0.2), (0.65, 1.8, 0.2),
    (0.57, 1.2, 0.2), (0.49, -1.8, 0.6), (0.40, -5.0, 1.0), (0.22, -6.4, 1.0),
)  # fmt: skip


def ear_root(template: Template) -> Points:
    """Where the ear's back leaves the skull: places for the edge of the ear's block, shape (n, 3)."""
    angle = _angles(template)
    return project(head, _place(angle, np.full(len(angle), 0.72), np.full(len(angle), -5.0)), 8, 6)


def add_ear(template: Template) -> Ring:
    """Append the ear's rings and its bottom; return all their vertices, which `wrap` must not move."""
    mesh, angle = template.mesh, _angles(template)
    edge = mesh.chart[template.ear[0]]
    made: Ring = []
    for depth, (share, height, front) in enumerate(RINGS, 1):
        place = _place(angle, np.full(len(angle), share), _height(angle, share, height, front))
        chart = edge.mean(0) + (edge - edge.mean(0)) * (1 - 0.9 * depth / len(RINGS))
        ring = mesh.add(place, chart)
        mesh.band("skin", template.ear[-1], ring, closed=True)
        template.ear.append(ring)
        made += ring
    deep = template.ear[-1]
    middle = mesh.add(mesh.points[deep].mean(0, keepdims=True), edge.mean(0, keepdims=True))[0]
    mesh.close("skin", deep, middle)
    return [*made, middle]


def _height(angle: NDArray[np.float64], share: float, height: float, front: float) -> NDArray[np.float64]:
    """Relief of one ring: flat on the lobe, mostly flat in front where the ear runs into the cheek."""
    to_front = ramp(np.cos(angle), 0.45, 0.85) * ramp(np.abs(np.sin(angle) + 0.05), 0.75, 0.3)
    lobe = ramp(-np.sin(angle), 0.62, 0.9)
    flat = np.clip(height, -2.2, 1.0) if share > 0.9 else 0.6 - 3.0 * max(0.55 - share, 0)
    relief = height * (1 - to_front * (1 - front)) * (1 - lobe) + lobe * flat
    tragus = 3.6 * bump(np.array(share - 0.66), 0.13) * bump(np.angle(np.exp(1j * (angle + 0.1))), 0.36)
    return np.asarray(relief + tragus - 1.5 * to_front * (share > 0.75))


def _place(angle: NDArray[np.float64], share: NDArray[np.float64], height: NDArray[np.float64]) -> Points:
    degrees, distance = np.array(OUTLINE).T
    rim = CubicSpline(np.radians([*degrees, 360]), [*distance, distance[0]], bc_type="periodic")
    radius = rim(angle % (2 * np.pi)) * share
    inward = 1 - share
    up = radius * np.sin(angle) + 2.5 * inward
    forward = radius * np.cos(angle) + 2.0 * inward
    return np.asarray(CENTRE + np.stack([height, up, forward], 1) @ FRAME)


def _angles(template: Template) -> NDArray[np.float64]:
    """Angle of each vertex of the block's edge about the ear, evened out; starts forward and rises."""
    count = len(template.ear[0])
    return np.linspace(0, 2 * np.pi, count, endpoint=False)
