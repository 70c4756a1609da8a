"""From the half to the whole: crown, all parts, exact mirror image, groups and normals."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assets.head.eyes import add_eyes
from assets.head.face import LIP_INNER_RINGS, LIP_SKIN_RINGS, make_face
from assets.head.mouth import BAG, add_mouth
from assets.head.sdf import Points
from assets.head.template import ROW, Template
from core.mesh import FaceGroup, Mesh

SIDED = ("eye", "brow", "lash", "caruncle")
"""Parts that become two groups, left and right."""
SEAM_RING = LIP_SKIN_RINGS + LIP_INNER_RINGS + 2
BORDER_RING = LIP_SKIN_RINGS + 1
MATERIALS = {
    "brow": "hair",
    "lash": "hair",
    "caruncle": "gum",
    "gums": "gum",
    "teethUpper": "tooth",
    "teethLower": "tooth",
}
"""Materials of the groups whose material is not called like them."""


@dataclass(frozen=True)
class Head:
    """The whole head at rest.

    Attributes
    ----------
    points : ndarray of shape (V, 3)
    quads : ndarray of shape (Q, 4)
        Triangles repeat their last vertex.
    parts : ndarray of shape (V,) of str
    names : ndarray of shape (Q,) of str
    mirror : ndarray of shape (V,)
        The vertex at the mirrored place.
    chart : ndarray of shape (U, 2)
    chart_quads : ndarray of shape (Q, 4)
    eye, mouth, nostril : list of ndarray
        Rings of the left half, vertex numbers as in `Template`.
    grid : ndarray
        Vertex numbers of the skin's left half by row and column, -1 where there are none.
    """

    points: Points
    quads: NDArray[np.int64]
    parts: NDArray[np.str_]
    names: NDArray[np.str_]
    mirror: NDArray[np.int64]
    chart: Points
    chart_quads: NDArray[np.int64]
    eye: list[NDArray[np.int64]]
    mouth: list[NDArray[np.int64]]
    nostril: list[NDArray[np.int64]]
    grid: NDArray[np.int64]

    @property
    def is_skin(self) -> NDArray[np.bool_]:
        """Vertices of the connected skin, lips and mouth bag."""
        return np.asarray(self.parts == "skin")

    @property
    def seam(self) -> NDArray[np.int64]:
        """Line of contact of the lips on the left, upper midline - corner - lower midline."""
        return self.mouth[SEAM_RING]

    @property
    def bag(self) -> list[NDArray[np.int64]]:
        """Rings of the left half of the mouth's inside, from the lips back."""
        return self.mouth[SEAM_RING + 1 : SEAM_RING + 1 + len(BAG)]


def make_head() -> Head:
    """Build every part and mirror it."""
    template = make_face()
    seam = template.mouth[-1]
    half = len(seam) // 2
    template.mesh.points[seam[:half], 1] += 0.01
    template.mesh.points[seam[half + 1 :], 1] -= 0.01
    add_eyes(template)
    add_mouth(template)
    _close_crown(template)
    _turn_in_bust(template)
    return _mirrored(template)


def _turn_in_bust(template: Template) -> None:
    """Fold the cut edge under, so that the bust has thickness from every side."""
    mesh, ring = template.mesh, template.grid[ROW["bust"]].tolist()
    edge, chart = mesh.points[ring], mesh.chart[ring]
    axis = np.array([0.0, 0.0, -28.0])
    for share, drop in ((0.975, -2.6), (0.93, -3.4), (0.6, -3.0)):
        place = axis + (edge - axis) * [share, 1, share] + [0, drop, 0]
        inner = mesh.add(place, chart - np.array([0, 0.07 * (1 - share) / 0.2]))
        mesh.band("skin", ring, inner, closed=False)
        ring = inner
    middle = mesh.add(axis[None] + [0, edge[:, 1].mean() - 3, 0], chart.mean(0, keepdims=True) * [1, 0])[0]
    for a, b in pairwise(ring):
        mesh.face("skin", a, middle, b)


def _close_crown(template: Template) -> None:
    """Two rings and a pole on top."""
    mesh, ring = template.mesh, template.grid[0].tolist()
    edge, chart = mesh.points[ring], mesh.chart[ring]
    pole = np.array([0.0, edge[:, 1].max() + 0.5, edge[:, 2].mean()])
    for share in (0.66, 0.33):
        place = pole + (edge - pole) * [share, share**2, share]
        inner = mesh.add(place, chart + np.array([0, 0.02 * (1 - share)]))
        mesh.band("skin", ring[::-1], inner[::-1], closed=False)
        ring = inner
    top = mesh.add(pole[None], chart.mean(0, keepdims=True) + np.array([0, 0.02]))[0]
    for a, b in pairwise(ring):
        mesh.face("skin", a, b, top)


def _mirrored(template: Template) -> Head:
    mesh = template.mesh
    quads = np.array(mesh.quads)
    used = np.unique(quads)
    renumber = np.full(len(mesh.points), -1)
    renumber[used] = np.arange(len(used))
    points, quads = mesh.points[used], renumber[quads]
    parts, names = np.array(mesh.parts)[used], np.array(mesh.names)
    middle = np.abs(points[:, 0]) < 1e-9
    points[middle, 0] = 0
    count, off = len(points), np.flatnonzero(~middle)
    other = np.arange(count)
    other[off] = count + np.arange(len(off))
    whole = np.r_[other, off]
    left, right = _sided(names, "Left"), _sided(names, "Right")
    charts = np.concatenate([mesh.chart[used], [1, 0] + mesh.chart[used] * [-1, 1]])
    return Head(
        np.concatenate([points, points[off] * [-1, 1, 1]]).astype(np.float32).astype(float),
        np.concatenate([quads, _turned(other[quads])]),
        np.concatenate([parts, parts[off]]),
        np.concatenate([left, right]),
        whole,
        charts,
        np.concatenate([quads, _turned(quads + count)]),
        [renumber[ring] for ring in template.eye],
        [renumber[ring] for ring in template.mouth],
        [renumber[ring] for ring in template.nostril],
        np.where(template.grid >= 0, renumber[template.grid], -1),
    )


def _turned(quads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Reverse the winding; fans keep their diagonal, and triangles their repeated vertex last."""
    turned = quads[:, [0, 3, 2, 1]]
    triangle = quads[:, 2] == quads[:, 3]
    turned[triangle] = quads[triangle][:, [0, 2, 1, 1]]
    return turned


def _sided(names: NDArray[np.str_], side: str) -> NDArray[np.str_]:
    return np.array([name + side if name in SIDED else name for name in names.tolist()])


def to_mesh(head: Head) -> Mesh:
    """Return the head as a mesh with named groups and texture coordinates."""
    triangle = head.quads[:, 2] == head.quads[:, 3]
    keep = np.ones(head.quads.shape, bool)
    keep[triangle, 3] = False
    groups = [
        FaceGroup(name, np.flatnonzero(head.names == name).astype(np.int32), _material(name))
        for name in dict.fromkeys(head.names.tolist())
    ]
    return Mesh(
        head.points.astype(np.float32),
        np.where(triangle, 3, 4).astype(np.int32),
        head.quads[keep].astype(np.int32),
        np.clip(head.chart, 0, 1).astype(np.float32),
        head.chart_quads[keep].astype(np.int32),
        tuple(groups),
        "default head",
    )


def _material(name: str) -> str:
    name = name.removesuffix("Left").removesuffix("Right")
    return MATERIALS.get(name, name)
