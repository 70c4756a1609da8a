"""A rig for a head without shapes: the default head is bent onto it, and its channels are carried over.

Displacements are carried through the registered surfaces and turned and scaled as the whole head is
(a first form of what Sumner and Popovic 2004, "Deformation Transfer for Triangle Meshes", do by gradients).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.fitting.carry import carry
from core.fitting.contacts import close_lids, close_lips, keep_outside
from core.fitting.eyeballs import find_eyeball, rotation_of, turned
from core.fitting.flame import flame_landmarks, flame_lips, is_flame
from core.fitting.graph import SkinGraph
from core.fitting.landmarks import Landmarks, paired_positions, shares_of_length
from core.fitting.profile import find_landmarks, skin_of
from core.fitting.register import Head, Similarity, align, bend_by_landmarks, register
from core.fitting.sides import find_sides
from core.library import default_rig
from core.mesh import Floats, Mesh
from core.rig import Lips, Rig
from core.templates.scale import nearest_unit

Doubles = NDArray[np.float64]
Progress = Callable[[float], None]

LIP_FADE, LID_FADE, LID_CLEARANCE = 22.0, 10.0, 0.5
"""Millimetres: how far corrections of lips and lids reach, and how far lids stay off the eyeballs."""

FACE_LIKE = 15.0
"""Millimetres that half of the landmarks may at most be away from where the default head has them."""


@dataclass(frozen=True)
class _Pair:
    """The default head and the one to be fitted, moved to where the default head is."""

    rig: Rig
    source: Head
    mesh: Mesh
    target: Head
    likeness: Similarity
    """From the default head's millimetres to the coordinates of the mesh."""


def fit(mesh: Mesh, landmarks: Landmarks | None = None, progress: Progress = lambda _share: None) -> Rig:
    """Make a rig for a head without shapes of its own.

    Parameters
    ----------
    mesh : Mesh
        With a slit between its lips.
    landmarks : Landmarks, optional
        Where its face is; known for the FLAME topology.
    progress : callable, optional
        Told the share of the work that is done, 0..1; may raise `Cancelled`.

    Returns
    -------
    Rig
        With the channels of the default head.

    Raises
    ------
    InputError
        If no landmarks are given and the topology is not known, or if they do not form a face.
    """
    known = landmarks is None and is_flame(mesh)
    if landmarks is None and not known:
        raise InputError(
            mesh.name,
            "no face found: it has no blendshapes of its own, is not of the FLAME topology, and "
            "no landmarks are given",
        )
    marks = landmarks or flame_landmarks()
    lips = flame_lips() if known else lips_between(mesh.vertices, marks)
    progress(0.0)
    pair = _aligned(mesh, marks)
    progress(0.2)
    placed = register(pair.source, pair.target, bend_by_landmarks(pair.source, pair.target))
    progress(0.8)
    basis = _carried(pair, placed)
    _make_meet(basis, pair, lips)
    _turn_eyeballs(basis, pair)
    progress(1.0)
    origin = "FLAME table" if known else "default head, by landmarks"
    shapes = np.asarray(pair.likeness.turn(basis), np.float32)
    return Rig(mesh, pair.rig.channels, shapes, lips, nearest_unit(pair.likeness.scale), origin)


def lips_between(vertices: Floats, landmarks: Landmarks) -> Lips:
    """Pair the rims of the lips of landmarks by their length, without the corners that they share."""
    upper, lower = landmarks.curves["upper_lip"], landmarks.curves["lower_lip"]
    upper, lower = upper[~np.isin(upper, lower)], lower[~np.isin(lower, upper)]
    if min(len(upper), len(lower)) < 3:
        raise InputError("landmarks", "the curves upper_lip and lower_lip are the same vertices")
    shares = [shares_of_length(vertices[rim]) for rim in (upper, lower)]
    nearest = np.abs(shares[0][:, None] - shares[1][None]).argmin(axis=1)
    return Lips(upper, lower[nearest], int(np.abs(shares[0] - 0.5).argmin()))


def _aligned(mesh: Mesh, marks: Landmarks) -> _Pair:
    rig = default_rig()
    source_marks = find_landmarks(rig)
    here, there = paired_positions((rig.mesh.vertices, source_marks), (mesh.vertices, marks))
    if np.linalg.matrix_rank(there - there.mean(axis=0), tol=1e-3 * np.ptp(there)) < 2:
        raise InputError(mesh.name, "its landmarks lie on a line or in one point")
    likeness = align(here, there)
    astray = np.linalg.norm(likeness.inverse().apply(there) - here, axis=1)
    if np.median(astray) > FACE_LIKE:
        raise InputError(mesh.name, "its landmarks do not form a face")
    source = _head(rig.mesh, rig.mesh.vertices.astype(np.float64), source_marks)
    target = _head(mesh, likeness.inverse().apply(mesh.vertices.astype(np.float64)), marks)
    return _Pair(rig, source, mesh, target, likeness)


def _head(mesh: Mesh, vertices: Doubles, marks: Landmarks) -> Head:
    triangles = skin_of(mesh, int(marks.curves["upper_lip"][0])).triangles
    graph = SkinGraph(vertices, triangles)
    return Head(vertices, triangles, marks, find_sides(graph, marks), graph)


def _carried(pair: _Pair, placed: Doubles) -> Doubles:
    """Carry the basis to the skin of the target, shape (C, V, 3); zero on its other parts."""
    channels, count = pair.rig.basis.shape[:2]
    fields = pair.rig.basis.transpose(1, 0, 2).reshape(count, channels * 3).astype(np.float64)
    carried = carry(pair.source, pair.target, placed, fields)
    return carried.reshape(-1, channels, 3).transpose(1, 0, 2).copy()


def _make_meet(basis: Doubles, pair: _Pair, lips: Lips) -> None:
    """Make lips and lids meet where they must, in place."""
    row, head = pair.rig.index, pair.target
    close = row["mouthClose"]
    basis[close] = close_lips(head, basis[row["jawOpen"]], basis[close], lips, LIP_FADE)
    for eye in ("left", "right"):
        blink = row[f"eyeBlink{eye.capitalize()}"]
        basis[blink] = close_lids(head, basis[blink], eye, LID_FADE)
        if eye in head.landmarks.eyeballs:
            ball = find_eyeball(head.vertices, pair.mesh.triangles, head.landmarks.eyeballs[eye])
            for name in pair.rig.channels:
                if name.startswith("eye"):
                    basis[row[name]] = keep_outside(head, basis[row[name]], ball, LID_CLEARANCE)


def _turn_eyeballs(basis: Doubles, pair: _Pair) -> None:
    """Let the eyeballs turn as those of the default head do, in place."""
    for eye in ("left", "right"):
        if eye not in pair.source.landmarks.eyeballs or eye not in pair.target.landmarks.eyeballs:
            continue
        model, ball = (
            find_eyeball(head.vertices, mesh.triangles, head.landmarks.eyeballs[eye])
            for head, mesh in ((pair.source, pair.rig.mesh), (pair.target, pair.mesh))
        )
        for number, moves in enumerate(pair.rig.basis[:, model.vertices].astype(np.float64)):
            if np.any(moves):
                rotation = rotation_of(pair.source.vertices[model.vertices], moves)
                basis[number, ball.vertices] = turned(ball, pair.target.vertices, rotation)
