"""Which landmarks of MediaPipe's face mesh lie next to each other along the lines of a face."""

from __future__ import annotations

from functools import cache
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from core.landmark_points import landmarks_of
from core.library import default_rig
from models.training.landmarks.metric import Doubles, canonical_face

Numbers = NDArray[np.int64]

INNER_LIPS = (
    *(78, 191, 80, 81, 82, 13, 312, 311, 310, 415),
    *(308, 324, 318, 402, 317, 14, 87, 178, 88, 95),
)
OUTER_LIPS = (
    *(61, 185, 40, 39, 37, 0, 267, 269, 270, 409),
    *(291, 375, 321, 405, 314, 17, 84, 181, 91, 146),
)
RIGHT_EYE = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
LEFT_EYE = (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249)
RIGHT_BROW = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
LEFT_BROW = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276)
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
NOSE = (168, 6, 197, 195, 5, 4, 1)
NOSTRILS = (98, 97, 2, 326, 327)

JAW_OPEN = 0.5
OPENINGS = (INNER_LIPS, RIGHT_EYE, LEFT_EYE)


def closed(row: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Pairs of neighbours on a closed line."""
    return (*pairwise(row), (row[-1], row[0]))


@cache
def open_face() -> Doubles:
    """Return the canonical face with its jaw open, (468, 3): of a shut mouth, triangles span the lips."""
    rig = landmarks_of(default_rig())
    return np.asarray(canonical_face() + JAW_OPEN * rig.basis[rig.index["jawOpen"]] / 10)


def surface() -> Numbers:
    """Triangles (T, 3) between the landmarks, counter-clockwise from the front; lips and eyes are open."""
    face = open_face()
    corners = Delaunay(face[:, :2]).simplices.astype(np.int64)
    inside = np.any([np.isin(corners, opening).all(axis=1) for opening in OPENINGS], axis=0)
    corners = corners[~inside]
    a, b, c = (face[corners[:, k], :2] for k in range(3))
    turned = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0] < 0
    return np.asarray(np.where(turned[:, None], corners[:, ::-1], corners))


def edges(triangles: Numbers) -> Numbers:
    """Pairs of neighbours (E, 2) in triangles (T, 3), each once."""
    pairs = np.array(list(chain.from_iterable(closed(tuple(row)) for row in triangles.tolist())))
    return np.unique(np.sort(pairs, axis=1), axis=0)
