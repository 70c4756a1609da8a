"""Shapes of the lids and the gaze: lids slide around the eyeball, the gaze turns it and drags them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.head.handles import Canvas
from assets.head.jaw import turned_about
from assets.head.sculpt import EYE, EYE_RADIUS, LID
from assets.head.sdf import Points, ramp

LID_RINGS = 6
"""Ring of the lids' front edge; later rings are their rims and backs."""
FOLLOW = np.array([0.0, 0.04, 0.22, 0.5, 0.72, 0.9, 1.0])
"""How much of the edge's turn each ring takes, from the orbit to the edge."""
DRAG = {"LookIn": -1.6, "LookOut": 1.6}
"""How far the gaze draws the lids sideways, mm."""
MEETING = 0.2
"""Where closing lids meet, from the lower edge (0) to the upper (1)."""
GAZE_DEGREES = {"Up": 26.0, "Down": 28.0, "In": 30.0, "Out": 30.0}


LIDS = {
    "Blink": (1.0, 1.0, 0.5),
    "Wide": (-0.3, -0.5, 0.0),
    "Squint": (0.14, 1.6, 0.3),
    "LookDown": (0.6, -0.8, 0.2),
    "LookUp": (-0.25, 0.35, 0.0),
    "LookIn": (0.0, 0.0, 0.0),
    "LookOut": (0.0, 0.0, 0.0),
}
"""How far the upper and the lower lid close (1: until they meet), and how they lift off the eyeball, mm."""


def eye_shapes(canvas: Canvas) -> dict[str, Points]:
    """Return the fourteen channels of the eyes."""
    shapes = {}
    for name in LIDS:
        shape = _lids(canvas, name)
        if name.startswith("Look"):
            _turn_eyeball(canvas, name.removeprefix("Look"), shape)
        if name == "Squint":
            shape += _pad(canvas)
        shapes[f"eye{name}Left"] = shape
        shapes[f"eye{name}Right"] = canvas.mirrored(shape)
    return shapes


def lid_parts(canvas: Canvas) -> dict[str, Points]:
    """Return what the left lids do in each channel that moves them, without gaze and cheek; not the blink."""
    return {name: _lids(canvas, name) for name in LIDS if name != "Blink"}


def blink_bow(canvas: Canvas, blink: Points) -> Points:
    """Return how far the left lids, half closed, stand out from halfway along the straight line to closed."""
    return _lids(canvas, "Blink", 0.5) - 0.5 * blink


def _lids(canvas: Canvas, name: str, share: float = 1.0) -> Points:
    upper, lower = _closing_angles(canvas)
    above, below, lift = (share * amount for amount in LIDS[name])
    shape = _slide(canvas, above * upper, below * lower, lift)
    return shape + _drag(canvas, DRAG[name]) if name in DRAG else shape


def _elevation(points: Points) -> NDArray[np.float64]:
    q = points - EYE
    return np.asarray(np.arctan2(q[:, 1], q[:, 2]))


def _closing_angles(canvas: Canvas) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the turns (radians, up positive) that bring the lids' edges to where they meet."""
    edge = _elevation(canvas.rest[canvas.head.eye[LID_RINGS]])
    count = len(edge)
    across = edge[(-np.arange(count)) % count]
    is_upper = np.arange(count) <= count // 2
    meeting = np.where(is_upper, across + MEETING * (edge - across), edge + MEETING * (across - edge))
    turn = meeting - edge
    return np.where(is_upper, turn, 0.0), np.where(is_upper, 0.0, turn)


def _slide(canvas: Canvas, above: NDArray[np.float64], below: NDArray[np.float64], lift: float) -> Points:
    """Turn the lids' rings about the eyeball's middle; skin near the edge keeps a lid's thickness off it."""
    shape = canvas.zeros()
    turn = above + below
    for number, ring in enumerate(canvas.head.eye):
        share = np.full(len(ring), FOLLOW[min(number, LID_RINGS)])
        rest = canvas.rest[ring]
        if number > LID_RINGS:  # the lids' backs would fold where they run together in the corners
            share = np.minimum(1.0, 0.4 + 1.2 * _off_corners(len(ring)))
        moved = turned_about(rest, EYE, -np.degrees(share * turn))
        if number <= LID_RINGS:
            q = moved - EYE
            off = np.linalg.norm(q, axis=1, keepdims=True)
            aim = np.maximum(off, EYE_RADIUS + LID + lift)
            near = ramp(np.abs(share * turn), 0, 0.3)[:, None] * ramp(off, EYE_RADIUS + 9, EYE_RADIUS + 3)
            moved = EYE + q / off * (off + near * (aim - off))
        shape[ring] += moved - rest
    edge = canvas.head.eye[LID_RINGS]
    lash = _left(canvas, "lash")
    nearest = np.linalg.norm(canvas.rest[lash][:, None] - canvas.rest[edge][None], axis=2).argmin(1)
    shape[lash] = turned_about(canvas.rest[lash], EYE, -np.degrees(turn[nearest])) - canvas.rest[lash]
    return shape


def _drag(canvas: Canvas, sideways: float) -> Points:
    """Draw the lids along sideways, most at their edges, as the cornea pushes them."""
    shape = canvas.zeros()
    for number, ring in enumerate(canvas.head.eye):
        share = FOLLOW[min(number, LID_RINGS)] * _off_corners(len(ring))
        turn = np.degrees(sideways / EYE_RADIUS) * share
        shape[ring] = turned_about(canvas.rest[ring], EYE, turn, axis=1) - canvas.rest[ring]
    return shape


def _off_corners(count: int) -> NDArray[np.float64]:
    """Along a ring around the eye: 0 at its corners, 1 in the middle of each lid."""
    half = count / 2
    return np.asarray(np.sin(np.pi * (np.arange(count) % half) / half))


def _left(canvas: Canvas, part: str) -> NDArray[np.int64]:
    vertices = canvas.part(part)
    return np.asarray(vertices[canvas.rest[vertices, 0] > 0])


def _turn_eyeball(canvas: Canvas, way: str, shape: Points) -> None:
    eye = _left(canvas, "eye")
    degrees = GAZE_DEGREES[way]
    axis, sign = {"Up": (0, -1), "Down": (0, 1), "In": (1, -1), "Out": (1, 1)}[way]
    turn = np.full(len(eye), sign * degrees)
    shape[eye] = turned_about(canvas.rest[eye], EYE, turn, axis) - canvas.rest[eye]


def _pad(canvas: Canvas) -> Points:
    """Orbicularis oculi: the skin under the eye rises a little."""
    x, y, z = canvas.rest.T
    amount = np.exp(-(((x - 34) / 15) ** 2) - ((y + 15) / 8) ** 2) * ramp(z, 45, 65) * ramp(y, -4, -10)
    amount[~canvas.head.is_skin] = 0
    return np.asarray(amount[:, None] * [0, 2.2, 0.8])
