"""Bending one head onto another: landmarks first, then closest points under a smoothness that is let go.

The scheme is that of non-rigid iterative closest points (Amberg, Romdhani and Vetter 2007, "Optimal Step
Nonrigid ICP Algorithms for Surface Registration") with a Laplacian on displacements as its stiffness.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator
from scipy.sparse.linalg import splu

from core.fitting.graph import SkinGraph
from core.fitting.landmarks import Landmarks, paired_positions, sample, shares_of_length
from core.fitting.sides import Sides
from core.fitting.surface import closest, vertex_normals
from core.mesh import Indices

Doubles = NDArray[np.float64]

STIFFNESS = (50.0, 15.0, 5.0, 2.0, 1.0)
"""Weight of smoothness against closeness, let go step by step."""

REACH = (20.0, 15.0, 10.0, 8.0, 8.0)
"""Millimetres within which closest points count, step by step."""

PIN = 30.0
"""Weight of a vertex on a rim against one that only touches the other surface."""


@dataclass(frozen=True)
class Head:
    """What registration needs to know of a head, in millimetres, y up and +z forward.

    Attributes
    ----------
    vertices : ndarray of shape (V, 3)
    triangles : ndarray of shape (T, 3)
        Of the skin alone.
    landmarks : Landmarks
    sides : Sides
    graph : SkinGraph
    """

    vertices: Doubles
    triangles: Indices
    landmarks: Landmarks
    sides: Sides
    graph: SkinGraph

    def outer_triangles(self) -> Indices:
        """Triangles in front of all rims."""
        return self.triangles[~self.sides.behind[self.triangles].any(axis=1)]


@dataclass(frozen=True)
class Similarity:
    """Rotation, scale and shift: ``x -> scale * rotation @ x + shift``."""

    rotation: Doubles
    scale: float
    shift: Doubles

    def apply(self, points: Doubles) -> Doubles:
        """Move points (..., 3)."""
        return self.scale * points @ self.rotation.T + self.shift

    def turn(self, directions: Doubles) -> Doubles:
        """Turn and scale displacements (..., 3)."""
        return self.scale * directions @ self.rotation.T

    def inverse(self) -> Similarity:
        """Return the similarity that undoes this one."""
        return Similarity(self.rotation.T, 1 / self.scale, -self.shift @ self.rotation / self.scale)


def align(source: Doubles, target: Doubles) -> Similarity:
    """Best similarity between paired points (N, 3) in the least-squares sense (Umeyama 1991)."""
    a, b = source - source.mean(axis=0), target - target.mean(axis=0)
    u, values, vt = np.linalg.svd(b.T @ a)
    flip = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = (u * flip) @ vt
    scale = float((values * flip).sum() / (a**2).sum())
    return Similarity(rotation, scale, target.mean(axis=0) - scale * rotation @ source.mean(axis=0))


def bend_by_landmarks(source: Head, target: Head) -> Doubles:
    """Move all vertices of the source by a thin-plate spline through the shared landmarks, (V, 3)."""
    here, there = _paired(source, target)
    _, first = np.unique(here.round(6), axis=0, return_index=True)
    spline = RBFInterpolator(here[first], there[first] - here[first], smoothing=1e-3 * np.ptp(here))
    return np.asarray(source.vertices + spline(source.vertices))


def _paired(source: Head, target: Head) -> tuple[Doubles, Doubles]:
    return paired_positions((source.vertices, source.landmarks), (target.vertices, target.landmarks))


def register(source: Head, target: Head, start: Doubles) -> Doubles:
    """Bend the skin of the source onto that of the target.

    Parameters
    ----------
    source, target : Head
    start : ndarray of shape (V, 3)
        Source vertices after `bend_by_landmarks`.

    Returns
    -------
    ndarray of shape (V, 3)
        Vertices behind the rims follow those in front smoothly.
    """
    pins, places = _pins(source, target)
    outer = np.zeros(len(start), bool)
    outer[np.unique(source.outer_triangles())] = True
    smooth = source.graph.laplacian()
    stiff = sp.csc_array(smooth.T @ smooth)
    placed = start
    for stiffness, reach in zip(STIFFNESS, REACH, strict=True):
        weight = np.zeros(len(start))
        goal = placed.copy()
        touch = np.flatnonzero(outer)
        goal[touch], weight[touch] = _touching(source, target, placed, touch, reach)
        goal[pins], weight[pins] = places, PIN
        # A trace of weight everywhere keeps parts that touch nothing where the landmarks put them.
        weight += 1e-4
        system = sp.csc_array(stiffness * stiff + sp.diags_array(weight))
        placed = placed + splu(system).solve(weight[:, None] * (goal - placed))
    return placed


def _pins(source: Head, target: Head) -> tuple[Indices, Doubles]:
    """Vertices on the source's curves, and the points at like shares of the target's curves."""
    pins: dict[int, Doubles] = {}
    for name, chain in source.landmarks.curves.items():
        if name in target.landmarks.curves:
            shares = shares_of_length(source.vertices[chain])
            places = sample(target.vertices[target.landmarks.curves[name]], shares)
            pins |= {int(vertex): place for vertex, place in zip(chain, places, strict=True)}
    return np.array(list(pins), np.int32), np.array(list(pins.values()))


def _touching(
    source: Head, target: Head, placed: Doubles, touch: NDArray[np.intp], reach: float
) -> tuple[Doubles, Doubles]:
    normals = vertex_normals(placed, source.triangles)[touch]
    contacts = closest(
        placed[touch],
        target.vertices,
        target.outer_triangles(),
        source.sides.side[touch],
        target.sides.side,
    )
    near = np.linalg.norm(contacts.position - placed[touch], axis=1) < reach
    alike = np.einsum("ni,ni->n", contacts.normal, normals) > 0.5
    return contacts.position, (near & alike).astype(np.float64)
