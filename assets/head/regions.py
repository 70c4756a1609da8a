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


def around_mouth(canvas: Canvas, size: float = 1.0) -> Mask:
    """All but the mouth, the cheeks and the front of the chin: what the shapes of the lips hold still."""
    nose = rows(canvas, 0, ROW["columella"], right=11)
    return beyond(canvas, (0, -66, 90), (56 * size, 44 * size, 62 * size)) | nose


def rows(canvas: Canvas, first: int, last: int = 999, left: int = 0, right: int = 999) -> Mask:
    """Skin of the template's rows `first` to `last` and columns `left` to `right`, on both sides."""
    mask = np.zeros(len(canvas.rest), bool)
    block = canvas.head.grid[first : last + 1, left : right + 1]
    block = block[block >= 0]
    mask[block] = mask[canvas.head.mirror[block]] = True
    return mask
