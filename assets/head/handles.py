"""Shapes from handles: displacements given on curves, spread over the skin as a thin plate would.

The bi-Laplacian is solved on the connected skin with the mouth's slit in it, so the upper lip does not feel
what the lower one does (Botsch and Sorkine, *On Linear Variational Surface Deformation Methods*, 2008).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

from assets.head.assemble import Head, to_mesh
from assets.head.flips import FlipFinder
from assets.head.sdf import Points, bump, ramp
from assets.head.wrap import neighbours
from core.mesh import Mesh

Numbers = NDArray[np.int64]
Along = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Something that varies along a lip, by how far a vertex is from its middle (0) to the corner (1)."""

UNFOLD_ROUNDS = 40
UNFOLD_SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)


class Canvas:
    """The head at rest with what shapes are made of: its mirror, its lip curve and the spreading of handles.

    Attributes
    ----------
    head : Head
    rest : ndarray of shape (V, 3)
    """

    def __init__(self, head: Head) -> None:
        self.head = head
        self.rest = head.points

    @cached_property
    def skin(self) -> Numbers:
        """Vertices of the connected skin."""
        return np.flatnonzero(self.head.is_skin)

    @cached_property
    def mesh(self) -> Mesh:
        """The head as a mesh."""
        return to_mesh(self.head)

    @cached_property
    def half(self) -> int:
        """Place of the corner on every ring of the mouth."""
        return len(self.head.seam) // 2

    @cached_property
    def reach(self) -> NDArray[np.float64]:
        """Place of each vertex of a mouth ring's left half: 0 upper midline, 1 corner, 0 lower midline."""
        x = self.rest[self.head.seam, 0]
        return np.asarray(x / x.max())

    def zeros(self) -> Points:
        """No displacement, shape (V, 3)."""
        return np.zeros_like(self.rest)

    def held(self, still: NDArray[np.bool_]) -> Points:
        """Begin a field for `spread`: zero where the head must stay still, NaN where it is to be solved."""
        known = still | ~self.head.is_skin
        return np.repeat(np.where(known, 0.0, np.nan)[:, None], 3, axis=1)

    def set_both(self, field: Points, vertices: Numbers, moves: Points | float) -> None:
        """Set a field on vertices of the left half and, mirrored, on the right."""
        field[vertices] = moves
        field[self.head.mirror[vertices]] = moves * np.array([-1, 1, 1])

    def mirrored(self, shape: Points) -> Points:
        """Return the mirror image of a displacement field."""
        return np.asarray(shape[self.head.mirror] * [-1, 1, 1])

    def symmetric(self, shape: Points) -> Points:
        """Return the field made exactly symmetric."""
        return np.asarray((shape + self.mirrored(shape)) / 2)

    def left(self, shape: Points, blend: float = 12.0) -> Points:
        """Return the left part of a symmetric field; left and right add up to the whole."""
        return np.asarray(shape * ramp(self.rest[:, 0], -blend, blend)[:, None])

    def along_lips(self, upper: Along, lower: Along) -> NDArray[np.float64]:
        """Evaluate functions of `reach` along a mouth ring's left half; the corner takes their mean."""
        above, below = upper(self.reach[: self.half + 1]), lower(self.reach[self.half :])
        corner = (above[-1:] + below[:1]) / 2
        return np.concatenate([above[:-1], corner, below[1:]])

    def spread(self, field: Points) -> Points:
        """Fill in a field between what is known of it.

        Parameters
        ----------
        field : ndarray of shape (V, 3)
            NaN on the skin's vertices that are to be solved for; known everywhere else.
        """
        shape = field.copy()
        free = np.isnan(field[self.skin, 0])
        known = self.skin[~free]
        right = -self._plate[free][:, ~free] @ shape[known]
        shape[self.skin[free]] = splu(self._plate[free][:, free].tocsc()).solve(right)
        return shape

    def unfolded(self, shape: Points) -> Points:
        """Smooth a shape, on the way from rest to full, where it would turn triangles inside out."""
        shape = shape.copy()
        for _ in range(UNFOLD_ROUNDS):
            poses = (np.asarray(self.rest + share * shape, np.float32) for share in UNFOLD_SHARES)
            folded = np.unique(np.concatenate([self._flips(pose) for pose in poses]))
            if not len(folded):
                break
            about = np.zeros(len(shape))
            about[self.mesh.triangles[folded]] = 1.0
            for share in (0.75, 0.5, 0.25):
                about = np.maximum(about, share * (self._mean @ about > 0))
            shape += 0.6 * about[:, None] * (self._mean @ shape - shape)
        return shape

    def swell(
        self,
        centre: tuple[float, float, float],
        radii: tuple[float, float, float],
        move: tuple[float, float, float],
    ) -> Points:
        """Return a smooth mound of displacement on the visible skin, given for the left side."""
        x, y, z = self.rest.T
        p = np.stack([np.abs(x), y, z], 1)
        amount = bump(np.linalg.norm((p - centre) / radii, axis=1), 1.0) * self.outside
        sides = np.stack([np.clip(x / 4, -1, 1), np.ones_like(x), np.ones_like(x)], 1)
        return np.asarray(amount[:, None] * move * sides)

    @cached_property
    def outside(self) -> NDArray[np.float64]:
        """1 on the visible skin, 0 in the mouth and on all other parts."""
        amount = self.head.is_skin.astype(float)
        for ring in self.head.bag:
            amount[ring] = amount[self.head.mirror[ring]] = 0
        return amount

    @cached_property
    def _flips(self) -> FlipFinder:
        return FlipFinder(self.mesh)

    @cached_property
    def _mean(self) -> sp.csr_matrix:
        graph = neighbours(self.head.quads, len(self.rest))
        return sp.csr_matrix(sp.diags(1 / np.maximum(np.asarray(graph.sum(1)).ravel(), 1)) @ graph)

    @cached_property
    def _plate(self) -> sp.csr_matrix:
        count = len(self.skin)
        local = np.full(len(self.rest), -1)
        local[self.skin] = np.arange(count)
        quads = local[self.head.quads[self.head.is_skin[self.head.quads].all(1)]]
        edges = neighbours(quads, count).tocoo()
        points = self.rest[self.skin]
        length = np.linalg.norm(points[edges.row] - points[edges.col], axis=1)
        graph = sp.csr_matrix((1 / np.maximum(length, 0.4), (edges.row, edges.col)), (count, count))
        degree = np.asarray(graph.sum(1)).ravel()
        laplacian = sp.diags(degree) - graph
        return sp.csr_matrix(laplacian @ laplacian)

    def attach(self, followers: Numbers, leaders: Numbers, shape: Points) -> None:
        """Let vertices of a separate part move with the nearest vertices of the skin, in place."""
        distance, nearest = cKDTree(self.rest[leaders]).query(self.rest[followers], k=4)
        weight = 1 / (np.asarray(distance) + 0.2) ** 2
        weight /= weight.sum(1, keepdims=True)
        shape[followers] = (weight[..., None] * shape[leaders[nearest]]).sum(1)

    def part(self, name: str) -> Numbers:
        """Vertices of a part."""
        return np.flatnonzero(self.head.parts == name)
