"""Where shapes may act, as functions of the head at rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.head.handles import Canvas
from assets.head.template import ROW

Mask = NDArray[np.bool_]


def beyond(canvas: Canvas, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Mask:
    """Vertices outside an ellipsoid and its mirror image, and the deep mouth: what a shape must not move."""
    p = canvas.rest * [0, 1, 1] + np.abs(canvas.rest) * [1, 0, 0]
    outside = np.linalg.norm((p - centre) / radii, axis=1) > 1
    return np.asarray(outside | deep_mouth(canvas))


def deep_mouth(canvas: Canvas) -> Mask:
    """Vertices of the bag from the gums back."""
    mask = np.zeros(len(canvas.rest), bool)
    for ring in canvas.head.bag[4:]:
        mask[ring] = mask[canvas.head.mirror[ring]] = True
    return mask


def around_mouth(canvas: Canvas, margin: float = 1.0) -> Mask:
    """Held vertices for the shapes of the lips: all but the mouth, the cheeks and the chin's front."""
    return beyond(canvas, (0, -66, 90), (56 * margin, 44 * margin, 62 * margin)) | above(
        canvas, "columella", 12
    )


def above(canvas: Canvas, row: str, columns: int) -> Mask:
    """Skin of the front columns at and above a row of the template (the nose stays put)."""
    mask = np.zeros(len(canvas.rest), bool)
    block = canvas.head.grid[: ROW[row] + 1, :columns]
    block = block[block >= 0]
    mask[block] = mask[canvas.head.mirror[block]] = True
    return mask
