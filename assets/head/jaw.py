"""Shapes of the jaw: it turns about the joint; teeth, chin and tongue are rigid, the lower lip follows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.head.assemble import BORDER_RING
from assets.head.handles import Canvas
from assets.head.regions import beyond, deep_mouth
from assets.head.sdf import Points
from assets.head.template import ROW

JOINT = np.array([0.0, -12.0, 10.0])
"""Axis of the temporomandibular joints."""
OPEN_DEGREES = 28.0
OPEN_GLIDE = np.array([0.0, -3.0, 10.0])
"""The condyles slide forward and down as the mouth opens wide."""
CORNER_FOLLOWS = 0.45


def jaw_weights(canvas: Canvas) -> NDArray[np.float64]:
    """How much of the jaw's motion each vertex takes, 0..1, shape (V,)."""
    head = canvas.head
    held = np.ones(len(canvas.rest), bool)
    held[canvas.skin] = False
    fixed = _block(canvas, 0, ROW["subnasale"], 0, 99) | _block(canvas, ROW["neck"] + 2, 999, 0, 99)
    fixed |= _block(canvas, 0, 999, 27, 99)
    ears = (np.abs(canvas.rest[:, 0]) > 62) & (canvas.rest[:, 2] < 30)
    held |= fixed | ears
    handles, values = [np.flatnonzero(held)], [np.zeros(held.sum())]
    for row in range(ROW["mouth bottom"] + 1, ROW["menton"] + 1):
        _give(canvas, handles, values, head.grid[row, :9], np.ones(9))
    columns = np.arange(9, 27)
    follow = np.cos(np.pi / 2 * (columns - 9) / 18) ** 2
    for row in (ROW["pogonion"], ROW["menton"] - 1):
        _give(canvas, handles, values, head.grid[row, columns], follow)
    for ring in (head.mouth[BORDER_RING], head.seam, *head.bag):
        _give(canvas, handles, values, ring, _along_rim(canvas))
    known = np.concatenate(handles)
    moves = np.repeat(np.concatenate(values)[:, None], 3, 1)
    weights = np.clip(canvas.spread(known, moves, held)[:, 0], 0, 1)
    weights = (weights + weights[head.mirror]) / 2
    weights[np.isin(head.parts, ("teethLower", "tongue"))] = 1
    return np.asarray(weights)


def _along_rim(canvas: Canvas) -> NDArray[np.float64]:
    """Weight along the lips: 1 on the lower, 0 on the upper, in between at the corner."""
    return canvas.along_lips(lambda u: CORNER_FOLLOWS * u**5, lambda u: 1 - (1 - CORNER_FOLLOWS) * u**4)


def _block(canvas: Canvas, first: int, last: int, left: int, right: int) -> NDArray[np.bool_]:
    mask = np.zeros(len(canvas.rest), bool)
    block = canvas.head.grid[first : last + 1, left : right + 1]
    block = block[block >= 0]
    mask[block] = mask[canvas.head.mirror[block]] = True
    return mask


def _give(
    canvas: Canvas,
    handles: list[NDArray[np.int64]],
    values: list[NDArray[np.float64]],
    vertices: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> None:
    there = vertices >= 0
    handles.append(np.r_[vertices[there], canvas.head.mirror[vertices[there]]])
    values.append(np.r_[weights[there], weights[there]])


def turned_about(p: Points, centre: Points, degrees: NDArray[np.float64], axis: int = 0) -> Points:
    """Turn points about an axis through `centre`; positive degrees about x bring the front down."""
    angle = np.radians(degrees)
    a, b = ((1, 2), (2, 0), (0, 1))[axis]
    q = p - centre
    turned = q.copy()
    turned[:, a] = q[:, a] * np.cos(angle) - q[:, b] * np.sin(angle)
    turned[:, b] = q[:, a] * np.sin(angle) + q[:, b] * np.cos(angle)
    return np.asarray(turned + centre)


def jaw_shapes(canvas: Canvas) -> dict[str, Points]:
    """jawOpen, jawForward, jawLeft, jawRight and mouthClose."""
    weights = jaw_weights(canvas)
    opened = turned_about(canvas.rest, JOINT, OPEN_DEGREES * weights) - canvas.rest
    opened += weights[:, None] * OPEN_GLIDE
    opened = canvas.symmetric(opened)
    forward = canvas.symmetric(weights[:, None] * np.array([0.0, -1.0, 7.0]))
    sideways = turned_about(canvas.rest, JOINT * [1, 1, 0] + [0, 0, -6], 4.5 * weights, axis=1) - canvas.rest
    return {
        "jawOpen": opened,
        "jawForward": forward,
        "jawLeft": sideways,
        "jawRight": canvas.mirrored(sideways),
        "mouthClose": _close(canvas, opened),
    }


def _close(canvas: Canvas, opened: Points) -> Points:
    """Bring the lips back together wherever `opened` parted them, the upper one helping a little."""
    head, half = canvas.head, canvas.half
    seam = opened[head.seam]
    gap = seam[half + 1 :][::-1] - seam[:half]
    moves = np.concatenate([0.22 * gap, np.zeros((1, 3)), -0.78 * gap[::-1]])
    held = beyond(canvas, (0, -70, 88), (60, 50, 60)) | deep_mouth(canvas) | ~head.is_skin
    held |= _block(canvas, 0, ROW["subnasale"], 0, 99) | _block(canvas, ROW["pogonion"] + 1, 999, 0, 99)
    steps = [(head.seam, 1.0), (head.bag[0], 1.0), (head.mouth[BORDER_RING], 0.96)]
    parts = [canvas.both(ring, share * moves) for ring, share in steps]
    handles, values = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
    return canvas.symmetric(canvas.spread(handles, values, held))
