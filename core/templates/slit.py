"""The rims of a slit in a face, found from a pose in which it is shut and one in which it is open.

A mouth at rest and with the jaw open, or an eye in a blink and at rest, show the same thing: vertices that
nearly touch in one pose and part in the other. Those are the two sides; the rims run through them along the
mesh's edges, where the sides are nearest each other when shut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from core.mesh import Indices, Mesh

Doubles = NDArray[np.float64]

NEIGHBOURS = 24
"""Vertices looked at around each one in search of the other side."""

PARTED = 0.25
"""Two vertices are on opposite sides if they part by more than this share of the slit's widest opening."""

FEWEST_PAIRS = 5


@dataclass(frozen=True)
class Slit:
    """Two rims as pairs of vertices, from the head's right to its left.

    Attributes
    ----------
    upper, lower : ndarray of shape (K,), int32
    """

    upper: Indices
    lower: Indices


def find_slit(mesh: Mesh, shut: Doubles, opened: Doubles, width: float) -> Slit | None:
    """Find the rims of the foremost slit between two poses.

    Parameters
    ----------
    mesh : Mesh
        For its edges.
    shut, opened : ndarray of shape (V, 3)
        Positions as (left, up, front).
    width : float
        Rough width of the slit in the same units; sides further apart than a tenth of it do not touch.

    Returns
    -------
    Slit or None
        None where nothing opens.
    """
    # Vertices doubled along a UV seam move as one; lips that touch exactly are still two.
    _, first, welded = np.unique(
        np.concatenate([shut, opened], axis=1), axis=0, return_index=True, return_inverse=True
    )
    edges = _edges(mesh, welded.ravel())
    shut, opened = shut[first], opened[first]
    pairs = _across(shut, opened, _components(edges, len(shut)), width / 10)
    if len(pairs) == 0:
        return None
    gap = np.full(len(shut), np.inf)
    apart = np.linalg.norm(shut[pairs[:, 0]] - shut[pairs[:, 1]], axis=1)
    np.minimum.at(gap, pairs.ravel(), np.repeat(apart, 2))
    upper = _rim(edges, np.unique(pairs[:, 0]), shut, gap, width / 100)
    # Where sides touch over a broad band, the second rim must run along the first.
    gap = np.asarray(cKDTree(shut[upper]).query(shut)[0])
    lower = _rim(edges, np.unique(pairs[:, 1]), shut, gap, width / 100)
    if min(len(upper), len(lower)) < FEWEST_PAIRS:
        return None
    upper, lower = _paired(shut, upper, lower)
    return Slit(first[upper].astype(np.int32), first[lower].astype(np.int32))


def _edges(mesh: Mesh, welded: NDArray[np.intp]) -> NDArray[np.intp]:
    """All edges of all polygons as pairs of welded vertices, each once, shape (E, 2)."""
    following = np.roll(mesh.face_vertices, -1)
    ends = np.cumsum(mesh.face_sizes) - 1
    following[ends] = mesh.face_vertices[ends - mesh.face_sizes + 1]
    edges = np.sort(np.stack([welded[mesh.face_vertices], welded[following]], axis=1), axis=1)
    return np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0)


def _components(edges: NDArray[np.intp], count: int) -> NDArray[np.int32]:
    graph = sp.coo_matrix((np.ones(len(edges)), edges.T), (count, count))
    return np.asarray(connected_components(graph, directed=False)[1])


def _across(shut: Doubles, opened: Doubles, component: NDArray[np.int32], reach: float) -> NDArray[np.intp]:
    """Pairs (upper, lower) of vertices that nearly touch when shut and part when opened, shape (N, 2)."""
    k = min(NEIGHBOURS, len(shut))
    distance, near = cKDTree(shut).query(shut, k=k, distance_upper_bound=reach)
    first, rank = np.nonzero(np.isfinite(distance))
    a, b = first, np.asarray(near)[first, rank]
    parting = (opened[a, 1] - opened[b, 1]) - (shut[a, 1] - shut[b, 1])
    # Both lips, and both lids, are one skin: this leaves out teeth, eyeballs and lashes.
    pairs = np.stack([a, b], axis=1)[(component[a] == component[b]) & (parting > reach / 4)]
    if len(pairs) == 0:
        return np.empty((0, 2), np.intp)
    skins = np.unique(component[pairs[:, 0]])
    reaches = [np.percentile(shut[pairs[component[pairs[:, 0]] == skin], 2], 90) for skin in skins]
    pairs = pairs[component[pairs[:, 0]] == skins[int(np.argmax(reaches))]]
    parting = (opened[pairs, 1] - shut[pairs, 1]) @ np.array([1.0, -1.0])
    return np.asarray(pairs[parting > PARTED * parting.max()])


def _rim(
    edges: NDArray[np.intp], side: NDArray[np.intp], positions: Doubles, gap: Doubles, grain: float
) -> NDArray[np.intp]:
    """Cheapest path along a side from its rightmost vertex to its leftmost: where it is nearest the other."""
    local = np.full(len(positions), -1)
    local[side] = np.arange(len(side))
    a, b = edges[(local[edges] >= 0).all(axis=1)].T
    length = np.linalg.norm(positions[a] - positions[b], axis=1)
    cost = length * (1 + ((gap[a] + gap[b]) / grain) ** 2)
    graph = sp.coo_matrix((cost, (local[a], local[b])), (len(side), len(side)))
    start = int(positions[side, 0].argmin())
    distance, before = dijkstra(
        sp.csr_array(graph), directed=False, indices=np.array([start]), return_predecessors=True
    )
    distance, before = distance[0], before[0]
    reached = np.flatnonzero(np.isfinite(distance))
    path = [int(reached[positions[side[reached], 0].argmax()])]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return side[path[::-1]]


def _paired(
    positions: Doubles, upper: NDArray[np.intp], lower: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pair the vertices of the coarser rim with the nearest of the other, in step along both."""
    swap = len(lower) < len(upper)
    coarse, fine = (lower, upper) if swap else (upper, lower)
    _, nearest = cKDTree(positions[fine]).query(positions[coarse])
    partner = np.maximum.accumulate(nearest)
    apart = np.linalg.norm(positions[coarse] - positions[fine[partner]], axis=1)
    # Where one vertex has several partners (a rim that runs on into the corner), the nearest is the one.
    order = np.lexsort((apart, partner))
    _, first = np.unique(partner[order], return_index=True)
    coarse, partner = coarse[order[first]], fine[partner[order[first]]]
    return (partner, coarse) if swap else (coarse, partner)
