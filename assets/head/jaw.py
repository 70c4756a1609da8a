"""Shapes of the jaw: it turns about the joint; teeth, chin and tongue are rigid, the lower lip follows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.head.assemble import BORDER_RING
from assets.head.handles import Canvas
from assets.head.regions import beyond, rows
from assets.head.sdf import Points
from assets.head.template import ROW

JOINT = np.array([0.0, -12.0, 10.0])
"""Axis of the temporomandibular joints."""
OPEN_DEGREES = 26.0
OPEN_GLIDE = np.array([0.0, -8.0, 16.0])
"""The condyles slide forward and down as the mouth opens wide."""
CORNER_FOLLOWS = 0.45
"""How much of the jaw's motion the corners of the mouth take."""
CHIN_COLUMNS, JAW_COLUMNS = 9, 27
"""Columns of the template that are chin, and where the mandible's motion has faded to none."""


def jaw_weights(canvas: Canvas) -> NDArray[np.float64]:
    """How much of the jaw's motion each vertex takes, 0..1, shape (V,)."""
    head = canvas.head
    ears = (np.abs(canvas.rest[:, 0]) > 62) & (canvas.rest[:, 2] < 30)
    still = (
        rows(canvas, 0, ROW["subnasale"]) | rows(canvas, ROW["neck"] + 2) | rows(canvas, 0, left=JAW_COLUMNS)
    )
    field = canvas.held(still | ears)
    chin = head.grid[ROW["mouth bottom"] + 1 : ROW["menton"] + 1, :CHIN_COLUMNS]
    columns = np.arange(CHIN_COLUMNS, JAW_COLUMNS)
    fading = np.cos(np.pi / 2 * (columns - CHIN_COLUMNS) / len(columns)) ** 2
    knowns = [(chin.ravel(), np.ones(chin.size))]
    knowns += [(head.grid[row, columns], fading) for row in (ROW["pogonion"], ROW["menton"] - 1)]
    rim = canvas.along_lips(lambda u: CORNER_FOLLOWS * u**5, lambda u: 1 - (1 - CORNER_FOLLOWS) * u**4)
    knowns += [(ring, rim) for ring in (head.mouth[BORDER_RING], *head.bag, head.seam)]
    for vertices, weight in knowns:
        field[vertices] = field[head.mirror[vertices]] = weight[:, None]
    weights = np.clip(canvas.spread(field)[:, 0], 0, 1)
    weights[np.isin(head.parts, ("teethLower", "tongue"))] = 1
    return np.asarray((weights + weights[head.mirror]) / 2)


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
    opened = _opened(canvas, weights, 1.0) + _under_chin(canvas)
    opened = canvas.unfolded(canvas.symmetric(opened))
    forward = canvas.symmetric(weights[:, None] * np.array([0.0, -1.0, 7.0]))
    sideways = turned_about(canvas.rest, JOINT * [1, 1, 0] + [0, 0, -6], 4.5 * weights, axis=1) - canvas.rest
    return {
        "jawOpen": opened,
        "jawForward": forward,
        "jawLeft": sideways,
        "jawRight": canvas.mirrored(sideways),
        "mouthClose": _close(canvas, opened),
    }


def jaw_arc(canvas: Canvas) -> tuple[Points, Points]:
    """How far the half open jaw is off the straight way from closed to open; what closes the lips there."""
    weights = jaw_weights(canvas)
    bow = canvas.symmetric(_opened(canvas, weights, 0.5) - _opened(canvas, weights, 1.0) / 2)
    return bow, _close(canvas, bow)


def _opened(canvas: Canvas, weights: NDArray[np.float64], share: float) -> Points:
    turned = turned_about(canvas.rest, JOINT, share * OPEN_DEGREES * weights) - canvas.rest
    return np.asarray(turned + share * weights[:, None] * OPEN_GLIDE)


def _under_chin(canvas: Canvas) -> Points:
    """Bring the skin between chin and throat down: it has to go somewhere when the chin comes back."""
    return canvas.swell((0, -115, 50), (28, 16, 22), (0, -16.0, 6.0))


def _close(canvas: Canvas, opened: Points) -> Points:
    """Bring the lips back together wherever `opened` parted them, the upper one helping a little."""
    head, half = canvas.head, canvas.half
    seam = opened[head.seam]
    gap = seam[half + 1 :][::-1] - seam[:half]
    moves = np.concatenate([0.22 * gap, np.zeros((1, 3)), -0.78 * gap[::-1]])
    still = beyond(canvas, (0, -70, 88), (60, 50, 60)) | rows(canvas, 0, ROW["subnasale"])
    field = canvas.held(still | rows(canvas, ROW["pogonion"] + 1))
    for ring, share in ((head.mouth[BORDER_RING], 0.96), (head.bag[0], 1.0), (head.seam, 1.0)):
        canvas.set_both(field, ring, share * moves)
    return canvas.symmetric(canvas.spread(field))
