"""The head that figures are measured on: which vertices are lips, and how long a millimetre is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from core.landmark_points import landmarks_of
from core.library import default_rig
from core.mesh import Floats, Indices, Mesh
from core.rig import Lips, Rig
from core.templates.scale import nearest_unit
from core.templates.topology import default_face
from models.training.datasets.line import DatasetError
from models.training.datasets.mediapipe import SPACE as LANDMARKS
from models.training.landmarks import contours
from models.training.metrics.masks import Mask, named
from models.training.metrics.mouth import FLAME_LIPS, MEDIAPIPE_LIPS, InnerLips
from models.training.reports.finding_parts import (
    inner_lips,
    inner_rim,
    millimetres_of,
    parting_vertices,
    unknown_lips,
    upper_face,
)

FLAME_VERTICES = 5023
MOUTH_WIDTH = 50.0
"""Millimetres from corner to corner."""
CENTIMETRE = 10.0


@dataclass(frozen=True, eq=False)
class JudgedHead:
    """A head in millimetres, and its parts.

    Attributes
    ----------
    name : str
        What to call it beside figures.
    mesh : Mesh
        At rest; without polygons where the motion is that of landmarks.
    millimetres : float
        How many of them a unit of the dataset is.
    lips : Mask
    upper : Mask or None
        The upper face; None where the head is a crop without one.
    inner : InnerLips or None
        Where the mouth opens; None where no mouth slit was found.
    rim : Lips or None
        Where the camera finds the face.
    rig : Rig or None
        Poses the same vertices by channels, where that is known.
    """

    name: str
    mesh: Mesh
    millimetres: float
    lips: Mask
    upper: Mask | None
    inner: InnerLips | None
    rim: Lips | None = None
    rig: Rig | None = None

    def __str__(self) -> str:
        shown = f"{self.name}, {self.millimetres:.6g} mm a unit"
        upper = "none" if self.upper is None else self.upper.name
        return f"{shown}; lips: {self.lips.name}; upper face: {upper}"


def default_head(whole: bool = False, lips: Mask | None = None) -> JudgedHead:
    """Return the head that ships with the program, or the part of it that speech and expression move.

    Parameters
    ----------
    lips : Mask, optional
        Of the whole head; otherwise the red lips.

    Raises
    ------
    DatasetError
        The mask asks for vertices that do not move.
    """
    numbers, rig = _known()[0 if whole else 1]
    name = "the default head" if whole else "the face of the default head"
    if lips is not None:
        still = np.setdiff1d(lips.vertices, numbers)
        if len(still):
            raise DatasetError(Path(lips.name), f"asks for vertex {still[0]}, which is none of {name}")
        lips = Mask(lips.name, np.searchsorted(numbers, lips.vertices))
    return _of_rig(name, numbers, rig, rig.mesh, 1.0, lips)


def head_of(
    space: str, mesh: Mesh, widest: Floats, lips: Mask | None = None, millimetres: float | None = None
) -> JudgedHead:
    """Find the parts of a dataset's head.

    Parameters
    ----------
    space : str
        Motion space: vertices or landmarks.
    mesh : Mesh
        The template in the dataset's unit.
    widest : ndarray of shape (K, V, 3)
        Displacements of frames that move the face furthest, the very furthest first.
    lips : Mask, optional
        The user's own; otherwise those of a known topology, or what lies around the parting mouth.
    millimetres : float, optional
        Of a unit; otherwise estimated from the size of the head, among the units in use.

    Raises
    ------
    DatasetError
        The mask asks for vertices that are not there.
    """
    count = len(mesh.vertices)
    if lips is not None and lips.vertices[-1] >= count:
        raise DatasetError(Path(lips.name), f"asks for vertex {lips.vertices[-1]} of {count}")
    if space == LANDMARKS:
        return _landmarks(mesh, lips, millimetres or CENTIMETRE)
    for numbers, rig in _known():
        if len(rig.mesh.vertices) == count:
            scale = millimetres or 1 / nearest_unit(float(mesh.size / rig.mesh.size))
            return _of_rig("a head of the default topology", numbers, rig, mesh, scale, lips)
    parting = parting_vertices(mesh, widest)
    scale = millimetres or millimetres_of(mesh, parting)
    rim = inner_rim(mesh, widest[0], MOUTH_WIDTH / scale)
    inner = FLAME_LIPS if count == FLAME_VERTICES else inner_lips(rim)
    name = f"a head of {count} vertices ({space.partition(':')[2]})"
    return _head(name, mesh, scale, lips or unknown_lips(mesh, scale, rim, parting, widest), inner, rim)


def _landmarks(mesh: Mesh, lips: Mask | None, scale: float) -> JudgedHead:
    """Stretch a surface between landmarks, to be looked at; it is not measured."""
    triangles = contours.surface().astype(np.int32)
    sizes = np.full(len(triangles), 3, np.int32)
    mesh = replace(mesh, face_sizes=sizes, face_vertices=triangles.ravel())
    around = np.array(contours.INNER_LIPS + contours.OUTER_LIPS)
    mask = lips or named("MediaPipe's landmarks of the lips", around)
    head = _head("MediaPipe's 468 landmarks", mesh, scale, mask, MEDIAPIPE_LIPS, None)
    return replace(head, rig=landmarks_of(default_rig()))


@cache
def _known() -> tuple[tuple[Indices, Rig], ...]:
    """Numbers on the default head and rigs of the topologies whose lips are known."""
    whole = default_rig()
    return (np.arange(len(whole.mesh.vertices), dtype=np.int32), whole), default_face()


def _of_rig(name: str, numbers: Indices, rig: Rig, mesh: Mesh, scale: float, lips: Mask | None) -> JudgedHead:
    whole = default_rig()
    red = next(group.faces for group in whole.mesh.groups if group.name == "lips")
    corners = whole.mesh.face_vertices[
        np.isin(np.repeat(np.arange(len(whole.mesh.face_sizes)), whole.mesh.face_sizes), red)
    ]
    mask = lips or named("the default head's red lips", np.flatnonzero(np.isin(numbers, corners)))
    rim = None
    if whole.lips is not None:
        upper, lower = (
            np.searchsorted(numbers, rim).astype(np.int32) for rim in (whole.lips.upper, whole.lips.lower)
        )
        rim = Lips(upper, lower, whole.lips.midline)
    mesh = replace(rig.mesh, vertices=mesh.vertices)
    return replace(_head(name, mesh, scale, mask, inner_lips(rim), rim), rig=rig)


def _head(
    name: str, mesh: Mesh, scale: float, lips: Mask, inner: InnerLips | None, rim: Lips | None
) -> JudgedHead:
    mesh = mesh.posed(mesh.vertices * np.float32(scale))
    return JudgedHead(name, mesh, scale, lips, upper_face(mesh.vertices, lips), inner, rim)
