"""Where to stand so that the face fills the picture, whatever the head's units and axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.mesh import Mesh
from core.rig import Lips
from editor.render.subject import Subject

Vector = NDArray[np.float64]

VIEW_ANGLE = 16.0
"""Degrees from bottom to top: a portrait lens, which does not swell the nose."""

# Proportions of an adult head, in mm (Farkas 1994): corner to corner of the mouth, mouth to crown.
MOUTH_WIDTH, MOUTH_TO_CROWN = 50.0, 180.0
# Chin to hairline measures about 185 mm; in this height it fills seven tenths.
PICTURE_HEIGHT, CENTRE_ABOVE_MOUTH = 270.0, 46.0
# The camera turns about the middle of the head, not about the lips.
CENTRE_BEHIND_MOUTH = 90.0


@dataclass(frozen=True)
class Framing:
    """A camera position.

    Attributes
    ----------
    focus, up, front : ndarray of shape (3,)
        Point looked at, and unit directions.
    height : float
        Height of the picture at the face, in the mesh's units.
    depth : float
        How far the face is in front of the focus.
    """

    focus: Vector
    up: Vector
    front: Vector
    height: float
    depth: float

    @property
    def position(self) -> Vector:
        """Where the camera stands."""
        distance = self.height / 2 / float(np.tan(np.radians(VIEW_ANGLE / 2)))
        return np.asarray(self.focus + self.front * (distance + self.depth))


def frame_face(subject: Subject) -> Framing:
    """Frame the face from the front; the whole mesh, y up, where no mouth is known."""
    if subject.lips is None or len(subject.lips.upper) < 2:
        return _frame_all(subject.mesh)
    return _frame_mouth(subject.mesh, subject.lips)


def _frame_all(mesh: Mesh) -> Framing:
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    extent = (high - low).astype(np.float64)
    height = float(max(extent[0], extent[1]) * 1.1) or 1.0
    middle = (low + high) / 2.0
    return Framing(middle, np.array([0.0, 1, 0]), np.array([0.0, 0, 1]), height, float(extent[2]) / 2)


def _frame_mouth(mesh: Mesh, lips: Lips) -> Framing:
    rim = (mesh.vertices[lips.upper] + mesh.vertices[lips.lower]).astype(np.float64) / 2
    across = rim[-1] - rim[0]
    mouth = (rim[-1] + rim[0]) / 2
    up, front = _axes(across, mouth - mesh.vertices.mean(axis=0, dtype=np.float64))
    crown = float(((mesh.vertices - mouth) @ up).max())
    millimetre = max(crown / MOUTH_TO_CROWN, float(np.linalg.norm(across)) / MOUTH_WIDTH)
    depth = CENTRE_BEHIND_MOUTH * millimetre
    focus = mouth + up * (CENTRE_ABOVE_MOUTH * millimetre) - front * depth
    return Framing(focus, up, front, PICTURE_HEIGHT * millimetre, depth)


def _axes(across: Vector, mouth_from_centre: Vector) -> tuple[Vector, Vector]:
    """Up and front, as axes of the file: the mouth lies in front of a head's centre, and rather below."""
    side = int(np.argmax(np.abs(across)))
    left = np.eye(3)[side] * np.sign(across[side] or 1.0)
    ups = [sign * np.eye(3)[axis] for axis in range(3) if axis != side for sign in (1.0, -1.0)]
    pairs = [(up, np.cross(left, up)) for up in ups]
    return max(pairs, key=lambda pair: mouth_from_centre @ (pair[1] - 0.5 * pair[0]))
