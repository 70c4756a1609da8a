"""Eyeballs: parts of their own that turn and do not bend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.fitting.graph import SkinGraph
from core.mesh import Indices

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Eyeball:
    """One eyeball of a mesh.

    Attributes
    ----------
    vertices : ndarray of shape (n,), int32
        Vertex numbers.
    centre : ndarray of shape (3,)
        It turns about this point.
    radius : float
        Distance of its farthest vertex, the tip of the cornea, from the centre.
    """

    vertices: Indices
    centre: Doubles
    radius: float


def find_eyeball(vertices: Doubles, triangles: Indices, vertex: int) -> Eyeball:
    """Describe the part of a mesh that hangs together with one vertex, as an eyeball."""
    part = SkinGraph(vertices, triangles).parts()
    members = np.flatnonzero(part == part[vertex]).astype(np.int32)
    centre = sphere_centre(vertices[members])
    reach = np.linalg.norm(vertices[members] - centre, axis=1)
    return Eyeball(members, centre, float(reach.max()))


def sphere_centre(points: Doubles) -> Doubles:
    """Centre of the sphere that fits points (N, 3) best, by linear least squares."""
    middle = points.mean(axis=0)
    local = points - middle
    system = np.concatenate([2 * local, np.ones((len(local), 1))], axis=1)
    solution, *_ = np.linalg.lstsq(system, (local**2).sum(axis=1), rcond=None)
    return np.asarray(middle + solution[:3])


def rotation_of(points: Doubles, moves: Doubles) -> Doubles:
    """Rotation (3, 3) that best explains how points (N, 3) move (Kabsch 1976)."""
    before = points - points.mean(axis=0)
    after = points + moves - (points + moves).mean(axis=0)
    u, _, vt = np.linalg.svd(after.T @ before)
    return np.asarray((u * np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])) @ vt)


def turned(ball: Eyeball, positions: Doubles, rotation: Doubles) -> Doubles:
    """Displacements (n, 3) of an eyeball's vertices when it turns about its centre."""
    arm = positions[ball.vertices] - ball.centre
    return arm @ rotation.T - arm
