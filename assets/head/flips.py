"""Which triangles of a pose are turned inside out.

A triangle is flipped when its normal stands more than 90 degrees from where its surroundings have carried it:
the rotation that best takes the triangles around it from rest to the pose (Kabsch, *A solution for the best
rotation to relate two sets of vectors*, 1976), applied to its normal at rest. So a lip that rolls in or a jaw
that turns as a whole is no flip, and a fold in the skin is one.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.mesh import Floats, Indices, Mesh

SAFE_COSINE = 0.87
"""Normals within 30 degrees of rest need no second look: no patch of a face turns by more than 60 degrees
while one of its triangles stays."""


class FlipFinder:
    """Finds flipped triangles in poses of one mesh."""

    def __init__(self, mesh: Mesh) -> None:
        self.mesh = mesh
        self.triangles = mesh.triangles
        self._rest = mesh.vertices.astype(np.float64)
        self._normals = _normals(self._rest, self.triangles)

    def __call__(self, vertices: Floats) -> Indices:
        """Return the numbers of the flipped triangles of a pose (V, 3)."""
        normals = _normals(vertices, self.triangles)
        turned = np.einsum("tx,tx->t", normals, self._normals) < SAFE_COSINE
        suspects = np.flatnonzero(turned)
        posed = vertices.astype(np.float64)
        carried = np.einsum("txy,ty->tx", self._rotations(suspects, posed), self._normals[suspects])
        flipped = np.einsum("tx,tx->t", carried, normals[suspects]) < 0
        return np.asarray(suspects[flipped], np.int32)

    def _rotations(self, chosen: NDArray[np.intp], posed: NDArray[np.float64]) -> NDArray[np.float64]:
        """Best rotation of the surroundings of each chosen triangle, (n, 3, 3)."""
        patch, weight = self._patches
        patch, weight = patch[chosen], weight[chosen][..., None]
        rest, now = self._rest[patch], posed[patch]
        rest = (rest - (weight * rest).sum(1, keepdims=True)) * weight
        u, _, vt = np.linalg.svd(np.einsum("tki,tkj->tij", now, rest))
        u[..., 2] *= np.linalg.det(u @ vt)[:, None]
        return np.asarray(u @ vt)

    @cached_property
    def _patches(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Vertices of the triangles around each triangle, (T, K), and their weights: equal, 0 for padding."""
        around: list[set[int]] = [set() for _ in range(len(self._rest))]
        for triangle in self.triangles.tolist():
            for corner in triangle:
                around[corner].update(triangle)
        rings = [sorted(around[a] | around[b] | around[c]) for a, b, c in self.triangles.tolist()]
        patch = np.zeros((len(rings), max(map(len, rings))), np.int64)
        weight = np.zeros(patch.shape)
        for row, ring in enumerate(rings):
            patch[row, : len(ring)] = ring
            weight[row, : len(ring)] = 1 / len(ring)
        return patch, weight


def _normals(vertices: NDArray[np.floating], triangles: Indices) -> NDArray[np.float64]:
    a, b, c = (vertices[triangles[:, k]].astype(np.float64) for k in range(3))
    normals = np.cross(b - a, c - a)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))
