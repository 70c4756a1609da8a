"""Shapes of the lips: poses of their curves, spread over the skin."""

from __future__ import annotations

from assets.head.assemble import BORDER_RING
from assets.head.handles import Canvas
from assets.head.lip_poses import SIDED, WHOLE, Arc, LipPose
from assets.head.regions import around_mouth
from assets.head.sdf import Points

LEADING = Arc((9.5, 0, 0), (8.0, 0.6, -3.4), (1, 1, 2))
TRAILING = Arc((9.5, 0, 0), (8.0, -0.3, 1.8), (1, 1, 2))
"""Moves of the two halves of a mouth that is drawn to the left."""


def mouth_shapes(canvas: Canvas) -> dict[str, Points]:
    """Return all channels of the lips but mouthClose, and those of the sneering nose."""
    shapes = {name: lip_shape(canvas, pose) for name, pose in WHOLE.items()}
    for name, pose in SIDED.items():
        left = canvas.left(lip_shape(canvas, pose))
        shapes |= {f"{name}Left": left, f"{name}Right": canvas.mirrored(left)}
    left = _sideways(canvas)
    return {**shapes, "mouthLeft": left, "mouthRight": canvas.mirrored(left)}


def lip_shape(canvas: Canvas, pose: LipPose) -> Points:
    """Spread a pose of the lips over the skin and add its swells; symmetric."""
    head = canvas.head
    contact = canvas.along_lips(pose.upper, pose.lower)
    border = canvas.along_lips(pose.upper_border, pose.lower_border)
    field = canvas.held(around_mouth(canvas, pose.reach))
    for ring, moves in ((head.mouth[BORDER_RING], border), (head.bag[0], contact), (head.seam, contact)):
        canvas.set_both(field, ring, moves)
    shape = canvas.spread(field)
    for swell in pose.swells:
        shape += canvas.swell(swell.centre, swell.radii, swell.move)
    return canvas.symmetric(shape)


def _sideways(canvas: Canvas) -> Points:
    """Draw the whole mouth to the left."""
    head = canvas.head
    field = canvas.held(around_mouth(canvas, 1.1))
    for ring in (head.mouth[BORDER_RING], head.bag[0], head.seam):
        field[head.mirror[ring]] = TRAILING(canvas.reach)
        field[ring] = LEADING(canvas.reach)
    return canvas.spread(field)
