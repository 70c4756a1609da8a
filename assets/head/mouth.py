"""Inside of the mouth: the bag behind the lips, both rows of teeth with their gums, and the tongue."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from assets.head.sculpt import CORNER, STOMION
from assets.head.sdf import Points
from assets.head.template import HalfMesh, Ring, Template

# depth behind the lips, rise of the roof, fall of the floor, widening at the sides
BAG = (
    (-2.4, 0.03, 0.03, 1.0),
    (-6.2, 1.6, 1.6, 1.0),
    (-8.8, 7.0, 6.5, 1.0),
    (-12.0, 13.0, 12.0, 1.06),
    (-18.0, 14.5, 14.5, 1.22),
    (-36.0, 13.0, 16.0, 1.3),
    (-52.0, 10.0, 14.0, 1.15),
    (-60.0, 4.0, 8.0, 0.8),
)
ARCH = ((0, 0.0), (8, -1.6), (15, -6.2), (20, -13), (24, -24), (26.5, -36), (27.5, -46))
"""Outer face of the upper teeth: x and depth behind the incisors."""
UPPER_TEETH = ((8.4, 10.4), (6.6, 9.3), (7.6, 10.4), (6.9, 8.6), (6.7, 8.2), (9.8, 7.4), (9.4, 7.0))
LOWER_TEETH = ((5.3, 8.8), (5.8, 9.0), (6.8, 10.2), (6.9, 8.8), (7.0, 8.2), (10.6, 7.4), (10.2, 7.0))
"""Width and height of each crown from the middle back (Wheeler's Dental Anatomy)."""
CROWN = (
    *((1.9, -1.5), (1.45, 0.9), (1.05, 1.0), (0.96, 0.7), (0.7, 1.3), (0.35, 1.2), (0.05, 0.6)),
    *((0.0, -0.8), (0.12, -2.6), (1.1, -5.2)),
)
"""Section of a tooth from the gum over the edge to the back: share of its height, and thickness there."""
UPPER_EDGE = np.array([0.0, -68.6, 91.2])
LOWER_EDGE = np.array([0.0, -68.0, 88.9])


TONGUE = (
    *((84.0, -72.5, 3.0, 2.0), (82.8, -71.2, 7.5, 4.6), (80.0, -69.8, 11.5, 7.0), (75.0, -67.6, 15.0, 10.0)),
    *((68.0, -65.2, 17.5, 13.0), (58.0, -63.6, 19.0, 16.0), (47.0, -64.5, 19.5, 18.0)),
    *((38.0, -68.0, 18.0, 20.0), (30.0, -76.0, 16.0, 18.0)),
)
"""Sections of the tongue from tip to root: z, height of its back, half width and thickness."""


def add_mouth(template: Template) -> None:
    """Append bag, teeth, gums and tongue to the half mesh."""
    _add_bag(template)
    _add_teeth(template.mesh, "teethUpper", UPPER_TEETH, UPPER_EDGE, 1.0)
    _add_teeth(template.mesh, "teethLower", LOWER_TEETH, LOWER_EDGE, -1.0)
    _add_tongue(template.mesh)


def _add_bag(template: Template) -> None:
    mesh, path = template.mesh, template.mouth[-1]
    seam = mesh.points[path]
    count = len(path)
    side = np.sign(count // 2 - np.arange(count))
    reach = np.abs(seam[:, 0]) / CORNER[0]
    chart = mesh.chart[path]
    for depth, (back, rise, fall, wide) in enumerate(BAG, 1):
        swell = side * np.clip(1 - reach ** (2 if depth < 3 else 4), 0, 1)
        place = seam * [wide, 1, 1]
        place[:, 1] += swell * np.where(side > 0, rise, fall)
        if depth == 1:
            place[:, 1] -= 0.8 * np.abs(swell)  # the slit slants, so that no line of sight passes it
        flat = np.clip((-back - 3) / 20, 0, 0.3)
        place[:, 2] = (1 - flat) * seam[:, 2] + flat * STOMION[2] + back * (1 + 0.15 * reach)
        ring = mesh.add(
            place, [0.5, chart[:, 1].mean()] + (chart - [0.5, chart[:, 1].mean()]) * (1 - 0.09 * depth)
        )
        mesh.band("mouth", template.mouth[-1], ring, closed=False)
        template.mouth.append(ring)
    deep = template.mouth[-1]
    for k in range(count // 2 - 1):
        mesh.face("mouth", deep[k], deep[count - 1 - k], deep[count - 2 - k], deep[k + 1])
    k = count // 2
    mesh.face("mouth", deep[k - 1], deep[k + 1], deep[k])


def _add_teeth(
    mesh: HalfMesh, part: str, crowns: tuple[tuple[float, float], ...], edge: Points, up: float
) -> None:
    """One row: a strip along the arch, scalloped by each crown; the rows past the necks are gum."""
    width, height = np.array(crowns).T
    ends = np.r_[0, np.cumsum(width)]
    share = np.r_[-1, -0.72, 0, 0.72]
    s = np.r_[
        np.concatenate([a + (share + 1) / 2 * w for a, w in zip(ends[:-1], width, strict=True)]), ends[-1]
    ]
    tooth = np.minimum(np.searchsorted(ends, s + 1e-6, side="right") - 1, len(width) - 1)
    across = (s - ends[tooth]) / width[tooth] * 2 - 1
    across[-1] = 1
    path, outward = _arch(s, 1.0 if up > 0 else 0.9)
    gap = np.abs(across) ** 8
    tall = height[tooth] * (1 - 0.12 * gap)
    molar = np.clip((s - 26) / 6, 0, 1)
    rows = []
    for rise, thick in CROWN:
        bulge = np.full(len(s), thick)
        if thick > 0 and 0 < rise < 1:
            bulge -= 1.3 * gap
        if thick < -1 and rise < 1.2:
            bulge -= 3.5 * molar
        lift = rise * tall + (0.7 * gap if rise < 0.1 else 0)
        row = edge + np.stack([path[:, 0], up * lift, path[:, 1]], 1)
        row[:, [0, 2]] += outward * bulge[:, None]
        row[0, 0] = 0.0
        rows.append(mesh.add(row, np.stack([s / 60, np.full(len(s), rise / 2)], 1), part))
    for number, (a, b) in enumerate(pairwise(rows)):
        name = "gums" if number < 2 else part
        mesh.band(name, a if up > 0 else b, b if up > 0 else a, closed=False)


def _arch(s: NDArray[np.float64], scale: float) -> tuple[Points, Points]:
    """Points (x, z) at arc length `s` on the dental arch and the outward normals there."""
    knots = np.array(ARCH)
    fine_x = np.linspace(0, knots[-1, 0], 600)
    fine = np.stack([fine_x, PchipInterpolator(*knots.T)(fine_x)], 1) * scale
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(fine, axis=0), axis=1))]
    s = s * length[-1] / s[-1]
    path = np.stack([np.interp(s, length, column) for column in fine.T], 1)
    tangent = np.gradient(path, axis=0)
    tangent[0] = [1, 0]
    outward = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    return path, outward / np.linalg.norm(outward, axis=1, keepdims=True)


def _add_tongue(mesh: HalfMesh) -> None:
    """Cross-sections from tip to root; each runs from the groove of the back around the side to below."""
    turn = np.linspace(0, np.pi, 11)
    rows: list[Ring] = []
    for number, (z, back, wide, thick) in enumerate(TONGUE):
        x = wide * np.sin(turn) ** 0.85
        x[-1] = 0.0
        groove = 1.3 * np.exp(-((turn / 0.45) ** 2)) * min(number / 3, 1)
        y = back - thick / 2 + thick / 2 * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.8 - groove
        chart = np.stack([turn / np.pi, np.full(len(turn), number / 9)], 1)
        rows.append(mesh.add(np.stack([x, y, np.full(len(x), z)], 1), chart, "tongue"))
    tip = mesh.add(np.array([[0, -73.6, 84.6]]), np.array([[0.5, 1.0]]), "tongue")[0]
    for k in range(len(turn) - 1):
        mesh.face("tongue", rows[0][k], tip, rows[0][k + 1])
    for front, rear in pairwise(rows):
        mesh.band("tongue", rear, front, closed=False)
