"""Which side of a mouth or an eye every vertex is on, and what lies behind the rims.

Closed lips are the trap of all fitting: the nearest point of the lower lip is on the upper one. Distances
along the skin, not through the air, tell the sides apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.fitting.graph import SkinGraph
from core.fitting.landmarks import Landmarks
from core.mesh import Indices

SLITS = (
    ("upper_lip", "lower_lip", 30.0),
    ("right_upper_lid", "right_lower_lid", 14.0),
    ("left_upper_lid", "left_lower_lid", 14.0),
)
"""Rims of each slit and how far from them, in millimetres, sides are told apart."""


@dataclass(frozen=True)
class Sides:
    """Sides of the slits of a face.

    Attributes
    ----------
    side : ndarray of shape (V,), int8
        0 away from all slits, else +1, +2, +3 above and -1, -2, -3 below the slits of `SLITS`.
    behind : ndarray of shape (V,), bool
        Vertices of the mouth's bag and the eyes' sockets.
    """

    side: NDArray[np.int8]
    behind: NDArray[np.bool_]


def find_sides(graph: SkinGraph, landmarks: Landmarks) -> Sides:
    """Tell sides and insides apart.

    Parameters
    ----------
    graph : SkinGraph
        Of a head in millimetres.
    landmarks : Landmarks
        With the rims of at least one slit; of the two parts into which a rim cuts the skin, the smaller one
        is behind it.
    """
    side = np.zeros(graph.count, np.int8)
    behind = np.zeros(graph.count, bool)
    whole = graph.parts()
    for number, (upper_name, lower_name, reach) in enumerate(SLITS, start=1):
        if upper_name not in landmarks.curves or lower_name not in landmarks.curves:
            continue
        upper, lower = landmarks.curves[upper_name], landmarks.curves[lower_name]
        loop = closed_loop(graph, upper, lower)
        part = graph.parts(without=loop)
        rest = whole == whole[upper[0]]
        rest[loop] = False
        behind |= rest & (part != np.bincount(part[rest]).argmax())
        up, down = graph.distance(upper), graph.distance(lower)
        near = np.flatnonzero(np.minimum(up, down) < reach)
        lead = down[near] - up[near]
        side[near] = number * np.sign(lead) * (np.abs(lead) > 1)
    return Sides(side, behind)


def with_corners(graph: SkinGraph, upper: Indices, lower: Indices) -> tuple[Indices, Indices]:
    """Lengthen two rims to the corners that they share, the middles of the shortest paths between their ends.

    Parameters
    ----------
    graph : SkinGraph
    upper, lower : ndarray of shape (n,) and (m,)
        From right to left.
    """
    starts = _halves(graph.path(int(upper[0]), int(lower[0])))
    ends = _halves(graph.path(int(upper[-1]), int(lower[-1])))
    return (
        np.array([*starts[0][::-1], *upper[1:-1], *ends[0]], np.int32),
        np.array([*starts[1], *lower[1:-1], *ends[1][::-1]], np.int32),
    )


def _halves(path: list[int]) -> tuple[list[int], list[int]]:
    middle = len(path) // 2
    return path[: middle + 1], path[middle:]


def closed_loop(graph: SkinGraph, upper: Indices, lower: Indices) -> Indices:
    """Join two rims to one loop along edges, bridging gaps between their vertices by shortest paths."""
    ring = [*upper.tolist(), *lower[::-1].tolist()]
    known = {tuple(edge) for edge in graph.edges[np.isin(graph.edges, ring).all(axis=1)].tolist()}
    loop: set[int] = set(ring)
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        if a != b and (min(a, b), max(a, b)) not in known:
            loop.update(graph.path(a, b))
    return np.array(sorted(loop), np.int32)
