"""The 468 points of MediaPipe's face mesh on the default head, and how channels move them.

They turn the head that ships with the program into a talking set of landmarks, and landmarks that someone
else's model predicts back into channel weights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from core import paths
from core.mesh import Floats, Indices, Mesh
from core.rig import Rig


@dataclass(frozen=True, eq=False)
class LandmarkPoints:
    """Points that stay on a surface while it moves.

    Attributes
    ----------
    corners : ndarray of shape (N, 3), int32
        Vertices of the triangle that each point lies in.
    shares : ndarray of shape (N, 3), float32
        Barycentric coordinates in it.
    vertices : int
        V of the surface that they were made for.
    """

    corners: Indices
    shares: Floats
    vertices: int

    def of(self, values: Floats) -> Floats:
        """Interpolate values (..., V, K) of the surface's vertices at the points, (..., N, K).

        Raises
        ------
        ValueError
            If the values belong to another surface.
        """
        if values.shape[-2] != self.vertices:
            raise ValueError(f"landmarks of {self.vertices} vertices do not fit values of {values.shape}")
        moved: Floats = np.einsum("nc,...nck->...nk", self.shares, values[..., self.corners, :])
        return np.asarray(moved, np.float32)


@cache
def mediapipe_points() -> LandmarkPoints:
    """Read the 468 points of MediaPipe's face mesh on the default head, in MediaPipe's order."""
    with np.load(paths.MEDIAPIPE_POINTS, allow_pickle=False) as stored:
        return LandmarkPoints(stored["corners"], stored["shares"], int(stored["vertices"]))


def landmarks_of(rig: Rig) -> Rig:
    """Return the landmarks of a default head as a rig of 468 vertices without polygons.

    Its ``mesh.vertices`` (468, 3) are the face at rest in the head's millimetres and its ``basis``
    (C, 468, 3) the field of each channel; `core.composing.decode` poses it at next to no cost, correctives
    included, and what it gives is exactly where the whole head would have its landmarks.

    Parameters
    ----------
    rig : Rig
        A default head, of any shape.

    Raises
    ------
    ValueError
        If it is another head.
    """
    points, none = mediapipe_points(), np.empty(0, np.int32)
    mesh = Mesh(points.of(rig.mesh.vertices), none, none, name="landmarks")
    correctives = tuple(replace(each, shape=points.of(each.shape)) for each in rig.correctives)
    return Rig(mesh, rig.channels, points.of(rig.basis), None, rig.millimetre, rig.origin, None, correctives)
