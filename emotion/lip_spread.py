"""How the skin around the lips follows them, smoothly along the surface.

Letters: K pairs of inner-lip vertices, M vertices near the lips, V all of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from core.mesh import Floats, Indices, Mesh
from core.rig import Lips


def spread_of(mesh: Mesh, lips: Lips, reach: float) -> tuple[Indices, sparse.csr_array, sparse.csr_array]:
    """Find the vertices near the lips, and what share of the correction of each lip vertex they take.

    Parameters
    ----------
    mesh : Mesh
    lips : Lips
    reach : float
        How far along the skin a lip takes its surroundings with it, in the mesh's unit.

    Returns
    -------
    ndarray of shape (M,), int32
    csr_array of shape (M, K)
        Shares of the corrections of the upper lip.
    csr_array of shape (M, K)
        Those of the lower lip.
    """
    upper = _surface_distance(mesh, lips.upper, reach)
    lower = _surface_distance(mesh, lips.lower, reach)
    on_upper = upper.min(axis=0) <= lower.min(axis=0)
    distance = np.where(on_upper, upper, lower)
    moved = np.flatnonzero(np.isfinite(distance.min(axis=0)))
    share = _shares(distance[:, moved], reach)
    up = _pinned(np.where(on_upper[moved, None], share, 0), moved, lips.upper, lips.lower)
    low = _pinned(np.where(on_upper[moved, None], 0, share), moved, lips.lower, lips.upper)
    return moved.astype(np.int32), sparse.csr_array(up), sparse.csr_array(low)


def _shares(distance: Floats, reach: float) -> Floats:
    """All of the correction at the lips, fading to none at ``reach``, blended over nearby pairs; (M, K)."""
    near = distance.min(axis=0)
    with np.errstate(invalid="ignore"):
        kernel = np.exp(-(((distance - near) / (0.15 * reach)) ** 2))
    kernel = np.where(np.isfinite(distance), kernel, 0.0)
    fade = 0.5 + 0.5 * np.cos(np.pi * np.minimum(near / reach, 1.0))
    return np.asarray((kernel / kernel.sum(axis=0) * fade).T, np.float32)


def _pinned(share: Floats, moved: NDArray[np.intp], own: Indices, others: Indices) -> Floats:
    """Give the vertices of a lip exactly their own correction; a corner that is its own partner stays."""
    rows = np.searchsorted(moved, own)
    share[rows] = 0.0
    share[np.searchsorted(moved, others)] = 0.0
    pairs = np.flatnonzero(own != others)
    share[rows[pairs], pairs] = 1.0
    return share


def _surface_distance(mesh: Mesh, sources: Indices, reach: float) -> Floats:
    """Distance along edges from each source, (K, V); infinite beyond ``reach``."""
    corners = mesh.triangles
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    edges = np.unique(np.sort(edges, axis=1), axis=0)  # a repeated entry would add up
    length = np.linalg.norm(mesh.vertices[edges[:, 0]] - mesh.vertices[edges[:, 1]], axis=1)
    length = np.maximum(length, 1e-9)  # a zero would read as "no edge"
    count = len(mesh.vertices)
    graph = sparse.csr_array((length, (edges[:, 0], edges[:, 1])), shape=(count, count))
    return np.asarray(csgraph.dijkstra(graph, directed=False, indices=sources, limit=reach), np.float32)
