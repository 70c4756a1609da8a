"""Landmarks of a picture in the metric space of a face: centimetres, whichever way the head is turned.

As in MediaPipe's face geometry, a canonical face says what is metric: the landmarks of a picture are turned,
scaled and moved onto it by what does not move when a face speaks. Ours are the landmarks of the default head.
The picture is taken to be orthographic, as MediaPipe's own depth is.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.landmark_points import landmarks_of
from core.library import default_rig

Doubles = NDArray[np.float64]

STEADY = np.array(
    (
        *(10, 151, 9, 8, 168, 6, 197, 195, 5, 4),  # down the middle, from the forehead to the nose's tip
        *(109, 67, 108, 69, 338, 297, 337, 299),  # forehead
        *(33, 133, 362, 263),  # corners of the eyes
        *(193, 122, 188, 174, 417, 351, 412, 399),  # flanks of the nose
    )
)
"""Landmarks that speech leaves where they are."""
ORIGIN = np.array([0.0, -2.7, -3.0])
"""Where the origin is, seen from the middle between the outer corners of the eyes, cm: inside the head, as
published landmarks have it."""


@cache
def canonical_face() -> Doubles:
    """Return the landmarks of the default head at rest, (468, 3) in cm: x to its left, y up, z forward."""
    face = landmarks_of(default_rig()).mesh.vertices.astype(np.float64) / 10
    return np.asarray(face - face[[33, 263]].mean(axis=0) - ORIGIN)


def metric(seen: Doubles) -> Doubles:
    """Put a face that was seen on a picture into metric space.

    Parameters
    ----------
    seen : ndarray of shape (468, 3)
        x to the right, y down, z away from the camera, all in the same unit.

    Returns
    -------
    ndarray of shape (468, 3), cm
    """
    scale, turn, shift = similarity((seen * [1, -1, -1])[STEADY], canonical_face()[STEADY])
    return np.asarray(scale * (seen * [1, -1, -1]) @ turn + shift)


def similarity(points: Doubles, onto: Doubles) -> tuple[float, Doubles, Doubles]:
    """Find the similarity that brings points nearest to others (Umeyama 1991).

    Parameters
    ----------
    points, onto : ndarray of shape (N, 3)

    Returns
    -------
    scale : float
    turn : ndarray of shape (3, 3)
        A rotation, never a reflection.
    shift : ndarray of shape (3,)
        ``scale * points @ turn + shift`` is near ``onto``.
    """
    middle, goal = points.mean(axis=0), onto.mean(axis=0)
    left, sizes, right = np.linalg.svd((points - middle).T @ (onto - goal))
    upright = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    turn = np.asarray(left * upright @ right)
    scale = float((sizes * upright).sum() / max(((points - middle) ** 2).sum(), 1e-30))
    return scale, turn, np.asarray(goal - scale * middle @ turn)
