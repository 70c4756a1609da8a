"""Shrink-wrap the template onto the sculpted field: pin landmarks, warp the rest, relax, project."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import splu

from assets.head.sculpt import head
from assets.head.sdf import Points, project, ramp
from assets.head.template import HalfMesh

Pins = dict[int, Points]


def neighbours(quads: NDArray[np.int64], count: int) -> sp.csr_matrix:
    """Symmetric 0/1 adjacency of a quad mesh, shape (count, count)."""
    edges = np.concatenate([quads[:, [k, (k + 1) % 4]] for k in range(4)])
    edges = np.unique(np.sort(edges[edges[:, 0] != edges[:, 1]], axis=1), axis=0)
    ones = np.ones(len(edges))
    upper = sp.coo_matrix((ones, (edges[:, 0], edges[:, 1])), (count, count))
    return sp.csr_matrix(upper + upper.T)


def mean_of_neighbours(quads: NDArray[np.int64], points: Points) -> sp.csr_matrix:
    """Averaging operator; vertices on the midline count their mirrored neighbours too."""
    graph = neighbours(quads, len(points))
    middle = (np.abs(points[:, 0]) < 1e-9).astype(float)
    graph = graph + sp.diags(middle) @ graph @ sp.diags(1 - middle)
    degree = np.asarray(graph.sum(1)).ravel()
    return sp.csr_matrix(sp.diags(1 / np.maximum(degree, 1)) @ graph)


def wrap(mesh: HalfMesh, pins: Pins, frozen: NDArray[np.int64], rounds: int = 40) -> None:
    """Bring the mesh's vertices onto the head, in place.

    Parameters
    ----------
    mesh : HalfMesh
    pins : dict of int to ndarray of shape (3,)
        Vertices that must be at given points.
    frozen : ndarray of int
        Vertices made elsewhere (the ear): smoothed a little, but not projected.
    rounds : int
        Of tangential relaxation.
    """
    quads = np.array(mesh.quads)
    points = mesh.points
    used = np.zeros(len(points), bool)
    used[quads.ravel()] = True
    middle = np.abs(points[:, 0]) < 1e-9
    free = used.copy()
    free[frozen] = False
    points[free] = project(head, points[free], 6, 8)
    points = _warp(points, quads, pins, frozen)
    points[middle, 0] = 0
    mean = mean_of_neighbours(quads, points)
    held = np.array(list(pins), dtype=np.int64)
    places = np.array(list(pins.values()))
    free[held] = False
    rim = _open_rim(quads, points)
    for _ in range(rounds):
        slide = mean @ points - points
        slide[~free | rim] = 0
        points = points + 0.35 * slide
        points[middle, 0] = 0
        points[free] = project(head, points[free], 1, 3)
        points[middle, 0] = 0
    points[free] = project(head, points[free], 3, 2)
    points[held] = places
    points = _soften(points, mean, free & ~rim)
    for _ in range(2):
        points[frozen] += 0.35 * (mean @ points - points)[frozen]
    points[middle, 0] = 0
    mesh.points = points


def _warp(points: Points, quads: NDArray[np.int64], pins: Pins, frozen: NDArray[np.int64]) -> Points:
    """Move pinned vertices home and carry the others along harmonically."""
    count = len(points)
    graph = neighbours(quads, count)
    degree = np.asarray(graph.sum(1)).ravel()
    stiff = np.full(count, 0.004)
    target = np.zeros((count, 3))
    held = np.array(list(pins), dtype=np.int64)
    stiff[held] = stiff[frozen] = 1e4
    target[held] = 1e4 * (np.array(list(pins.values())) - points[held])
    system = sp.diags(degree + stiff) - graph
    return points + splu(system.tocsc()).solve(target)


def _open_rim(quads: NDArray[np.int64], points: Points) -> NDArray[np.bool_]:
    """Vertices on the mesh's open border except the midline: they stay where they are."""
    edges = np.sort(np.concatenate([quads[:, [k, (k + 1) % 4]] for k in range(4)]), axis=1)
    edges = edges[edges[:, 0] != edges[:, 1]]
    unique, uses = np.unique(edges, axis=0, return_counts=True)
    rim = np.zeros(len(points), bool)
    rim[unique[uses == 1].ravel()] = True
    return rim & (np.abs(points[:, 0]) > 1e-9)


def _soften(points: Points, mean: sp.csr_matrix, free: NDArray[np.bool_]) -> Points:
    """Smooth the few regions where many masses of the field meet, without projecting again."""
    x, y, z = np.abs(points[:, 0]), points[:, 1], points[:, 2]
    amount = np.maximum.reduce(
        [
            0.3 * ramp(np.hypot(x / 30, (y + 68) / 15), 0.9, 1.2) * ramp(y, -48, -52),
            ramp(y, 24, 40),
            0.9 * ramp(x, 40, 56) * ramp(y, -114, -100),
            ramp(-y, 104, 118),
            ramp(-z, -22, -5),
        ]
    )
    for _ in range(6):
        points = points + 0.5 * (amount * free)[:, None] * (mean @ points - points)
    return points
