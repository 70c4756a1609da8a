"""Where lips pass through each other, and lids through each other or the eyeball, in poses of the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.head.sculpt import EYE, EYE_RADIUS
from core.mesh import FaceGroup, Floats, Mesh
from core.rig import Rig

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Crossings:
    """How deep one pose crosses itself, in millimetres; 0 where it does not.

    Attributes
    ----------
    lips : float
        Furthest that a lip is beyond the other along their line of contact.
    lids : float
        Furthest that the skin of the lids is within an eyeball, or its upper edge below the lower one.
    """

    lips: float
    lids: float


@dataclass(frozen=True)
class _Eye:
    """An eyeball's centre, the skin near it, and the edges of its lids from right to left."""

    centre: NDArray[np.float64]
    skin: Numbers
    upper: Numbers
    lower: Numbers

    def crossing(self, vertices: Floats) -> float:
        inside = EYE_RADIUS - float(np.linalg.norm(vertices[self.skin] - self.centre, axis=1).min())
        x, y, _ = vertices[self.upper].T
        below = np.interp(x, *vertices[self.lower, :2].T)
        return max(inside, float((below - y).max()))


class CrossingFinder:
    """Measures crossings in poses of the default head."""

    def __init__(self, rig: Rig) -> None:
        assert rig.lips is not None
        self._lips = rig.lips
        rest = rig.mesh.vertices
        skin = _vertices(rig.mesh, "skin")
        self._eyes: list[_Eye] = []
        for side in (1.0, -1.0):
            centre = EYE * [side, 1, 1]
            near = skin[np.linalg.norm(rest[skin] - centre, axis=1) < EYE_RADIUS + 8]
            self._eyes.append(_Eye(centre, near, *_edges(rest, near, centre)))

    def __call__(self, vertices: Floats) -> Crossings:
        """Measure a pose (V, 3)."""
        gap = vertices[self._lips.upper] - vertices[self._lips.lower]
        lids = [eye.crossing(vertices) for eye in self._eyes]
        return Crossings(max(0.0, -float(gap[:, 1].min())), max(0.0, *lids))


def _edges(rest: Floats, near: Numbers, centre: NDArray[np.float64]) -> tuple[Numbers, Numbers]:
    """Vertices along the edge of the upper and of the lower lid, from its right to its left."""
    q = rest[near] - centre
    front = near[(q[:, 2] > 0) & (np.abs(q[:, 0]) < 11)]
    upper, lower = front[rest[front, 1] > centre[1] + 1], front[rest[front, 1] < centre[1] - 1]
    columns = centre[0] + np.linspace(-9, 9, 13)
    return _edge(rest, upper, columns, 1.0), _edge(rest, lower, columns, -1.0)


def _edge(rest: Floats, lid: Numbers, columns: NDArray[np.float64], up: float) -> Numbers:
    """Vertices of a lid that are nearest to the opening of the eye in each column."""
    edge = []
    for x in columns:
        column = lid[np.abs(rest[lid, 0] - x) < 1.5]
        edge.append(int(column[(up * rest[column, 1]).argmin()]))
    unique = np.unique(edge)
    return np.asarray(unique[rest[unique, 0].argsort()])


def _vertices(mesh: Mesh, name: str) -> Numbers:
    group: FaceGroup = next(group for group in mesh.groups if group.name == name)
    ends = np.cumsum(mesh.face_sizes)
    corners = [mesh.face_vertices[ends[face] - mesh.face_sizes[face] : ends[face]] for face in group.faces]
    return np.unique(np.concatenate(corners)).astype(np.int64)
