"""Find lips, upper face and the length of a millimetre on a head of which nobody has published them.

Letters: V vertices, K frames that move the face furthest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from core.mesh import Floats, Mesh
from core.rig import Lips
from core.templates.axes import axes_from_shapes
from core.templates.lips import find_lips
from core.templates.scale import UNITS
from models.training.datasets.cropping import mouth_of
from models.training.datasets.line import Line
from models.training.metrics.masks import Mask, most_moved, named
from models.training.metrics.mouth import InnerLips

HEAD_SIZE, PARTING_WIDTH = 400.0, 40.0
"""Millimetres: diagonal of the box around a head with its neck; how much of a mouth parts widely."""
ABOVE_LIPS = 30.0
"""Millimetres over the lips at which the upper face begins: beneath the eyes, over what the mouth moves."""
EYES_ABOVE = 55.0
"""Millimetres over the lips that a crop has to reach up to if it is to have an upper face."""
LIPS_REACH = 9.0
"""Millimetres of red over and under the parting of the lips."""


def unknown_lips(
    mesh: Mesh, scale: float, rim: Lips | None, parting: NDArray[np.int64], widest: Floats
) -> Mask:
    """Find lips of which nobody has published a list: around where the mouth parts, or by what moves."""
    if rim is not None:
        parting = np.concatenate([rim.upper, rim.lower]).astype(np.int64)
    if not len(parting):
        moved = most_moved("what the true motion moves over half as far as anything", widest, 0.5)
        return named(moved.name, moved.vertices)
    distances, _ = KDTree(mesh.vertices[parting]).query(mesh.vertices)
    return named(
        f"within {LIPS_REACH:g} mm of the inner lips", np.flatnonzero(distances * scale < LIPS_REACH)
    )


def inner_lips(rim: Lips | None) -> InnerLips | None:
    """Take the middle of the inner rims."""
    return None if rim is None else InnerLips(int(rim.upper[rim.midline]), int(rim.lower[rim.midline]))


def upper_face(vertices: Floats, lips: Mask) -> Mask | None:
    """Find what lies well over the lips and in the front half; vertices (V, 3) in mm, y up, +z forward."""
    mouth = vertices[lips.vertices].mean(axis=0)
    middle = (vertices[:, 2].min() + vertices[:, 2].max()) / 2
    above = (vertices[:, 1] > mouth[1] + ABOVE_LIPS) & (vertices[:, 2] > middle)
    if vertices[:, 1].max() < mouth[1] + EYES_ABOVE or not above.any():
        return None
    return named(f"over {ABOVE_LIPS:g} mm above the lips, front half", np.flatnonzero(above))


def parting_vertices(mesh: Mesh, widest: Floats) -> NDArray[np.int64]:
    """Find the vertices that touch at rest and part in speech; none where nothing does."""
    motion = (mesh.vertices + widest).reshape(len(widest), -1)
    spoken = Line("", "", np.zeros(1, np.float32), 1, motion, 1.0, "vertices", template=mesh.vertices)
    try:
        return mouth_of([spoken], reach=0.0).mask.vertices
    except ValueError:
        return np.empty(0, np.int64)


def millimetres_of(mesh: Mesh, parting: NDArray[np.int64]) -> float:
    """Estimate how many millimetres a unit is: the nearest unit in use.

    Where a mouth parts, its width tells, of a crop as of a whole head; otherwise the size of the head does.
    """
    mouth = float(np.ptp(mesh.vertices[parting], axis=0).max()) if len(parting) else 0.0
    millimetre = mouth / PARTING_WIDTH if mouth > 0 else mesh.size / HEAD_SIZE
    return float(1 / min(UNITS[:7], key=lambda unit: abs(np.log(millimetre / unit))))


def inner_rim(mesh: Mesh, opened: Floats, width: float) -> Lips | None:
    """Find the inner lips from the frame that moves furthest, displacements (V, 3); None where none part."""
    if not len(mesh.face_sizes) or not opened.any():
        return None
    return find_lips(mesh, opened, axes_from_shapes(mesh.vertices, {"jawOpen": opened}), width)


def widest_frames(displacements: Sequence[Floats], count: int = 8) -> Floats:
    """Pick the frame of each line (F, V, 3) that moves furthest from rest; the furthest of all first."""
    frames = []
    for each in displacements:
        reach = np.square(each).sum(axis=(1, 2))
        frames.append((float(reach.max()), each[int(reach.argmax())]))
    frames.sort(key=lambda pair: -pair[0])
    return np.stack([frame for _, frame in frames[:count]])
