"""Closest points on a triangle mesh, with a say in which side of a slit they may lie on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from core.mesh import Indices

Doubles = NDArray[np.float64]

CANDIDATES = 24
"""Triangles looked at exactly for each point, those whose middles are nearest."""


@dataclass(frozen=True)
class Contacts:
    """Where points touch a surface.

    Attributes
    ----------
    corners : ndarray of shape (N, 3)
        Vertex numbers of the triangle of each point.
    shares : ndarray of shape (N, 3)
        Barycentric coordinates in it.
    position : ndarray of shape (N, 3)
    normal : ndarray of shape (N, 3)
        Of the surface there, interpolated.
    """

    corners: Indices
    shares: Doubles
    position: Doubles
    normal: Doubles

    def interpolate(self, values: Doubles) -> Doubles:
        """Interpolate values (V, K) of the surface's vertices at the contacts, (N, K)."""
        return np.asarray(np.einsum("nc,nc...->n...", self.shares, values[self.corners]))


def vertex_normals(vertices: Doubles, triangles: Indices) -> Doubles:
    """Return unit normals (V, 3), weighted by area; zero on vertices without triangles."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    normals = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normals, triangles[:, k], np.cross(b - a, c - a))
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30))


def closest(
    points: Doubles,
    vertices: Doubles,
    triangles: Indices,
    point_sides: NDArray[np.int8] | None = None,
    vertex_sides: NDArray[np.int8] | None = None,
) -> Contacts:
    """Find the closest point of a surface to each of many points.

    Parameters
    ----------
    points : ndarray of shape (N, 3)
    vertices : ndarray of shape (V, 3)
    triangles : ndarray of shape (T, 3)
    point_sides, vertex_sides : ndarray of shape (N,) and (V,), optional
        Side of a slit, 0 for none: a point of one side never touches another side.
    """
    corners = np.zeros((len(points), 3), np.int32)
    shares = np.zeros((len(points), 3))
    normals = vertex_normals(vertices, triangles)
    sides = np.zeros(len(points), np.int8) if point_sides is None else point_sides
    for side in np.unique(sides):
        mine = sides == side
        allowed = triangles
        if vertex_sides is not None and side != 0:
            of_corners = vertex_sides[triangles]
            allowed = triangles[((of_corners == side) | (of_corners == 0)).all(axis=1)]
        corners[mine], shares[mine] = _closest(points[mine], vertices, allowed)
    position = np.einsum("nc,nci->ni", shares, vertices[corners])
    normal = np.einsum("nc,nci->ni", shares, normals[corners])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30)
    return Contacts(corners, shares, position, normal)


def _closest(points: Doubles, vertices: Doubles, triangles: Indices) -> tuple[Indices, Doubles]:
    count = min(CANDIDATES, len(triangles))
    _, near = cKDTree(vertices[triangles].mean(axis=1)).query(points, k=count)
    near = np.asarray(near).reshape(len(points), count)
    shares = barycentric_of_closest(points[:, None], vertices[triangles[near]])
    position = np.einsum("nkc,nkci->nki", shares, vertices[triangles[near]])
    best = np.linalg.norm(position - points[:, None], axis=2).argmin(axis=1)
    rows = np.arange(len(points))
    return triangles[near[rows, best]], shares[rows, best]


def barycentric_of_closest(points: Doubles, corners: Doubles) -> Doubles:
    """Barycentric coordinates of the point of each triangle that is closest to each point.

    Parameters
    ----------
    points : ndarray of shape (..., 3)
    corners : ndarray of shape (..., 3, 3)
        Three corners of each triangle.

    Returns
    -------
    ndarray of shape (..., 3)
        Ericson 2005, "Real-Time Collision Detection", section 5.1.5, as projections: the plane's point where
        it lies inside, else the nearest of the points on the three edges.
    """
    a, b, c = corners[..., 0, :], corners[..., 1, :], corners[..., 2, :]
    inside = _barycentric(points, a, b, c)
    edges = []
    for start, end, first in ((a, b, 0), (b, c, 1), (c, a, 2)):
        along = end - start
        t = np.einsum("...i,...i", points - start, along)
        t = np.clip(t / np.maximum(np.einsum("...i,...i", along, along), 1e-30), 0, 1)
        share = np.zeros(inside.shape)
        share[..., first], share[..., (first + 1) % 3] = 1 - t, t
        edges.append(share)
    choices = np.stack(edges, axis=-2)
    spots = np.einsum("...ec,...ci->...ei", choices, corners)
    best = np.linalg.norm(spots - points[..., None, :], axis=-1).argmin(axis=-1)
    nearest = np.take_along_axis(choices, best[..., None, None], axis=-2)[..., 0, :]
    return np.where((inside >= 0).all(axis=-1, keepdims=True), inside, nearest)


def _barycentric(points: Doubles, a: Doubles, b: Doubles, c: Doubles) -> Doubles:
    u, v, w = b - a, c - a, points - a
    uu, uv, vv = (np.einsum("...i,...i", x, y) for x, y in ((u, u), (u, v), (v, v)))
    wu, wv = np.einsum("...i,...i", w, u), np.einsum("...i,...i", w, v)
    area = uu * vv - uv * uv
    flat = area <= 1e-30
    safe = np.where(flat, 1.0, area)
    second = np.where(flat, -1.0, (vv * wu - uv * wv) / safe)
    third = np.where(flat, -1.0, (uu * wv - uv * wu) / safe)
    return np.stack([1 - second - third, second, third], axis=-1)
