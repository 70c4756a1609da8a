"""Eyeballs, the inner rims of the lids, the corner of the eye, lashes and brows."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from assets.head.sculpt import EYE, EYE_RADIUS, head
from assets.head.sdf import drop
from assets.head.template import HalfMesh, Ring, Template

PUPIL, IRIS, LIMBUS = 0.17, 0.44, 0.49
"""Polar angles of the pupil's edge, the iris' edge and the start of the white, in radians."""
POLAR = np.array([0, 0.09, 0.165, 0.175, 0.26, 0.35, 0.425, 0.445, 0.485, 0.5, 0.62, 0.8, 1.05, 1.5, np.pi])
AROUND = 24
BROW = (
    *((11.5, 17.2, 1.2), (14.0, 18.6, 2.3), (21.0, 21.2, 2.8)),
    *((31.0, 23.4, 2.2), (40.0, 22.4, 1.5), (49.0, 17.8, 0.4)),
)
"""Brow: x, y of its middle and half its width."""


def add_eyes(template: Template) -> None:
    """Append all parts of the left eye to the half mesh."""
    _add_lid_rims(template)
    _add_eyeball(template.mesh)
    _add_corner(template.mesh)
    _add_lashes(template)
    _add_brow(template.mesh)


def _add_lid_rims(template: Template) -> None:
    """Thickness of the lids, then their backs on the eyeball, out of sight."""
    mesh, margin = template.mesh, template.eye[-1]
    q = mesh.points[margin] - EYE
    off = np.linalg.norm(q, axis=1, keepdims=True)
    outward = mesh.points[margin] - mesh.points[margin].mean(0)
    outward[:, 2] = 0
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    for radius, back in ((EYE_RADIUS + 0.35, 0.0), (EYE_RADIUS + 0.4, 0.14), (EYE_RADIUS + 0.5, 0.34)):
        toward = q / off + back * outward
        toward /= np.linalg.norm(toward, axis=1, keepdims=True)
        place = EYE + toward * np.minimum(radius, off - 0.5)
        chart = mesh.chart[margin]
        ring = mesh.add(place, chart.mean(0) + (chart - chart.mean(0)) * (0.9 - back))
        mesh.band("skin", template.eye[-1], ring, closed=True)
        template.eye.append(ring)


def _add_eyeball(mesh: HalfMesh) -> None:
    """Append a sphere with a corneal bulge; its rings follow the edges of pupil, iris and limbus."""
    turn = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    polar, around = np.meshgrid(POLAR[1:-1], turn, indexing="ij")
    radius = EYE_RADIUS + 0.8 * np.exp(-((polar / 0.42) ** 4)) - 0.5 * np.exp(-(((polar - 0.3) / 0.12) ** 2))
    axis = np.stack([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), np.cos(polar)], -1)
    chart = 0.5 + 0.5 * (polar / np.pi)[..., None] * np.stack([np.cos(around), np.sin(around)], -1)
    points = EYE + radius[..., None] * axis
    rings = [mesh.add(p, c, "eye") for p, c in zip(points, chart, strict=True)]
    front, back = mesh.add(
        EYE + np.array([[0, 0, EYE_RADIUS + 0.8], [0, 0, -EYE_RADIUS]]),
        np.array([[0.5, 0.5], [0.0, 0.5]]),
        "eye",
    )
    for k in range(AROUND):
        mesh.face("eye", front, rings[0][k], rings[0][(k + 1) % AROUND])
        mesh.face("eye", back, rings[-1][(k + 1) % AROUND], rings[-1][k])
    for inner, outer in pairwise(rings):
        mesh.band("eye", inner, outer, closed=True)


def _add_corner(mesh: HalfMesh) -> None:
    """Fill the gap beside the eyeball with the pink of the inner corner (caruncle)."""
    centre, radii = np.array([18.6, -2.2, 71.0]), np.array([3.2, 2.4, 4.2])
    turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    polar, around = np.meshgrid(np.linspace(0, np.pi / 2, 5)[1:], turn, indexing="ij")
    axis = np.stack([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), np.cos(polar)], -1)
    chart = np.stack([around / 7, polar / 2], -1)
    rings = [mesh.add(p, c, "caruncle") for p, c in zip(centre + axis * radii, chart, strict=True)]
    pole = mesh.add(centre[None] + [0, 0, radii[2]], np.array([[0.5, 0.0]]), "caruncle")[0]
    for k in range(len(turn)):
        mesh.face("caruncle", pole, rings[0][k], rings[0][(k + 1) % len(turn)])
    for inner, outer in pairwise(rings):
        mesh.band("caruncle", inner, outer, closed=True)


def _add_lashes(template: Template) -> None:
    """Append a curved band along the upper lid, longest towards its outer third."""
    mesh = template.mesh
    margin = template.eye[-4]
    upper = margin[2 : len(margin) // 2 + 1]
    root = mesh.points[upper]
    t = np.linspace(0, 1, len(upper))
    length = 3.2 * np.clip(np.sin(np.pi * np.clip(t * 0.85 + 0.1, 0, 1)), 0, 1) * (0.35 + 0.65 * t)
    forward = (root - EYE) / np.linalg.norm(root - EYE, axis=1, keepdims=True)
    sideways = np.stack([0.15 + 0.5 * t, 0 * t, 0 * t], 1)
    rows: list[Ring] = []
    for share, rise in ((0.0, 0.0), (0.45, 0.06), (1.0, 0.55)):
        tip = root + share * length[:, None] * (forward + sideways * share + [0, rise, 0])
        tip -= 0.15 * forward
        rows.append(mesh.add(tip, np.stack([t, np.full(len(t), share)], 1), "lash"))
    for outer, inner in pairwise(rows):
        mesh.band("lash", inner, outer, closed=False)


def _add_brow(mesh: HalfMesh) -> None:
    """Append a low ridge on the skin, rounded across and tapered to its tail."""
    knots = np.array(BROW)
    x = np.linspace(knots[0, 0], knots[-1, 0], 22)
    middle, half = PchipInterpolator(knots[:, 0], knots[:, 1:])(x).T
    across = np.linspace(-1, 1, 6)
    xs = np.repeat(x[:, None], len(across), 1) + 0.25 * across * half[:, None]
    ys = middle[:, None] + across * half[:, None]
    places = drop(head, xs.ravel(), ys.ravel()).reshape(*xs.shape, 3)
    places[..., 2] += _thickness(across, half)
    chart = np.stack(
        np.meshgrid(np.linspace(0, 1, len(x)), np.linspace(0, 1, len(across)), indexing="ij"), -1
    )
    rows = [mesh.add(p, c, "brow") for p, c in zip(places, chart, strict=True)]
    for left, right in pairwise(rows):
        mesh.band("brow", left[::-1], right[::-1], closed=False)


def _thickness(across: NDArray[np.float64], half: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.1 * np.sqrt(1 - across**2) * np.minimum(1, half / 2.2)[:, None] - 0.25)
