"""Rigs of meshes that others have learnt to move: found by their polygons, whatever their figure."""

from __future__ import annotations

from functools import cache

import numpy as np

from core.errors import InputError
from core.landmark_points import landmarks_of
from core.library import default_rig
from core.mesh import Indices, Mesh
from core.rig import Rig

FACE_GROUPS = ("skin", "lips")
FACE_REACH = 1.0
"""Millimetres by which some channel must move a corner of a polygon for it to belong to the face."""


@cache
def default_face() -> tuple[Indices, Rig]:
    """Return the part of the default head that speech and expression move, as a rig of its own.

    Returns
    -------
    vertices : ndarray of shape (n,), int32
        Their numbers on the whole head.
    rig : Rig
    """
    rig = default_rig()
    mesh = rig.mesh
    first = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    moved = np.linalg.norm(rig.basis, axis=-1).max(axis=0) > FACE_REACH
    kept = np.zeros(len(mesh.face_sizes), bool)
    kept[np.concatenate([group.faces for group in mesh.groups if group.name in FACE_GROUPS])] = True
    kept &= np.logical_or.reduceat(moved[mesh.face_vertices], first)
    corners = mesh.face_vertices[np.repeat(kept, mesh.face_sizes)]
    vertices, numbers = np.unique(corners, return_inverse=True)
    part = rig.cut_to(vertices.astype(np.int32))
    face = Mesh(part.mesh.vertices, mesh.face_sizes[kept], numbers.astype(np.int32), name="face")
    return vertices.astype(np.int32), Rig(
        face, rig.channels, part.basis, None, rig.millimetre, "default head", correctives=part.correctives
    )


def rig_of(mesh: Mesh) -> Rig:
    """Return a rig of a mesh whose topology is known, or of as many points as MediaPipe's face mesh has.

    Raises
    ------
    InputError
        If it is neither the default head, nor its face, nor of a topology that can be fitted.
    """
    for known in (default_rig(), default_face()[1]):
        if np.array_equal(known.mesh.face_vertices, mesh.face_vertices):
            return known
    if not len(mesh.face_vertices):
        marks = landmarks_of(default_rig())
        if len(mesh.vertices) == len(marks.mesh.vertices):
            return marks
        raise InputError(mesh.name, "has no polygons, without which its face cannot be found")
    from core.fitting.stored import stored_fit

    return stored_fit(mesh)
