"""A mesh as a graph of vertices: parts, distances along the skin, and fields that fade across it."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.sparse.linalg import splu

from core.mesh import Indices

Doubles = NDArray[np.float64]
Mask = NDArray[np.bool_]


class SkinGraph:
    """Edges of a triangle mesh, weighted by their length.

    Parameters
    ----------
    vertices : ndarray of shape (V, 3)
    triangles : ndarray of shape (T, 3)
    """

    def __init__(self, vertices: Doubles, triangles: Indices) -> None:
        self.count = len(vertices)
        edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
        self.edges = np.unique(np.sort(edges, axis=1), axis=0)
        length = np.linalg.norm(vertices[self.edges[:, 0]] - vertices[self.edges[:, 1]], axis=1)
        self.length = np.maximum(length, 1e-6 * max(float(length.mean()), 1e-30))

    def _matrix(self, values: Doubles, keep: Mask | None = None) -> sp.csr_array:
        edges = self.edges if keep is None else self.edges[keep]
        values = values if keep is None else values[keep]
        both = (np.concatenate([edges[:, 0], edges[:, 1]]), np.concatenate([edges[:, 1], edges[:, 0]]))
        return sp.csr_array((np.concatenate([values, values]), both), (self.count, self.count))

    def parts(self, without: Indices | None = None) -> NDArray[np.int32]:
        """Return the number of each vertex's connected part, (V,), edges to some vertices taken away."""
        cut = np.empty(0, np.int32) if without is None else without
        keep = np.asarray(~np.isin(self.edges, cut).any(axis=1))
        return np.asarray(connected_components(self._matrix(self.length, keep), directed=False)[1])

    def distance(self, start: Indices) -> Doubles:
        """Distance along edges from the nearest of some vertices, (V,); infinite on other parts."""
        return np.asarray(dijkstra(self._matrix(self.length), indices=start, min_only=True))

    def path(self, start: int, end: int) -> list[int]:
        """Vertices of the shortest path from one vertex to another, both included."""
        _, before = dijkstra(
            self._matrix(self.length), indices=np.array([start]), return_predecessors=True, min_only=False
        )
        path = [end]
        while path[-1] != start and before[0, path[-1]] >= 0:
            path.append(int(before[0, path[-1]]))
        return path[::-1]

    def laplacian(self) -> sp.csr_array:
        """Graph Laplacian (V, V): rows sum to zero, edges weigh as the inverse of their length."""
        weights = self._matrix(float(self.length.mean()) / self.length)
        return sp.csr_array(sp.diags_array(weights.sum(axis=1)) - weights)

    def spread(self, values: Doubles, known: Mask) -> Doubles:
        """Fill in a field harmonically where it is not known.

        Parameters
        ----------
        values : ndarray of shape (V, K)
        known : ndarray of shape (V,), bool
            Parts of the mesh without any known vertex are set to zero.

        Returns
        -------
        ndarray of shape (V, K)
        """
        part = self.parts()
        reached = np.isin(part, np.unique(part[known]))
        free = ~known & reached
        filled = np.where(known[:, None], values, 0.0)
        if free.any():
            system = self.laplacian()
            inner = sp.csc_array(system[free][:, free])
            filled[free] = splu(inner).solve(-(system[free][:, known] @ values[known]))
        return filled
