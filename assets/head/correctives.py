"""Where channels meet and their plain sum is wrong: what is added by the product of their weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assets.head.handles import Canvas
from assets.head.jaw import jaw_arc
from assets.head.lip_poses import Arc, LipPose
from assets.head.sdf import Points
from assets.head.shapes_eyes import blink_bow, lid_parts
from assets.head.shapes_mouth import lip_shape
from core.rig import Corrective, Factor

Shapes = Mapping[str, Points]

OPENING = {"jawOpen": 1.0, "mouthFunnel": 0.17}
"""Share of what mouthClose closes that other channels open."""
OPENING_SIDED = {"mouthLowerDown": 0.16, "mouthUpperUp": 0.14}
MEETINGS: dict[tuple[str, str], LipPose] = {
    # All but keep the gap of the lips, from which speech is made.
    # A laugh: the upper lip bows up off its teeth, the corners draw back less than in either alone.
    ("jawOpen", "mouthSmile"): LipPose(
        upper=Arc((0, 2.6, 0.4), (-1.2, 0.6, 0.8)),
        lower=Arc((0, 0, 0), (-1.2, 0.6, 0.8)),
        upper_border=Arc((0, 2.2, 0.6), (-1.2, 0.6, 0.8)),
        lower_border=Arc((0, 0, 0), (-1.2, 0.6, 0.8)),
    ),
    # Round lips keep an open jaw round: the sides give way, the middle follows less.
    ("jawOpen", "mouthPucker"): LipPose(
        upper=Arc((0, -0.6, 0.4), (4.6, -1.0, -2.0)),
        lower=Arc((0, 2.0, 0.8), (4.6, 0, -2.0)),
        upper_border=Arc((0, -0.4, 0.2), (4.6, -1.0, -2.0)),
        lower_border=Arc((0, 1.6, 0.5), (4.6, 0, -2.0)),
    ),
    ("jawOpen", "mouthFunnel"): LipPose(
        upper=Arc((0, -1.0, 0.8), (3.4, -0.6, -1.6)),
        lower=Arc((0, 1.6, 0.6), (3.4, 0.4, -1.6)),
        upper_border=Arc((0, -0.8, 0.5), (3.4, -0.6, -1.6)),
        lower_border=Arc((0, 1.3, 0.4), (3.4, 0.4, -1.6)),
    ),
    # Both bring the corners in and forward; together they would meet in the middle.
    ("mouthFunnel", "mouthPucker"): LipPose(
        upper=Arc((0, 0, -3.2), (6.6, 0, -7.4)),
        lower=Arc((0, 0, -3.0), (6.6, 0, -7.4)),
        upper_border=Arc((0, 0, -2.6), (6.6, 0, -6.6)),
        lower_border=Arc((0, 0, -2.4), (6.6, 0, -6.4)),
    ),
}


def correctives(canvas: Canvas, shapes: Shapes) -> tuple[Corrective, ...]:
    """Return all correctives of the head, given the finished shapes of its channels."""
    return (*_jaw(canvas), *_excess_closing(canvas, shapes), *_lips(canvas), *_lids(canvas, shapes))


def _jaw(canvas: Canvas) -> list[Corrective]:
    """Keep the half open jaw on its arc, so that teeth and chin stay rigid, and closed lips with it."""
    bow, closing = jaw_arc(canvas)
    half = Factor({"jawOpen": -2.0}, 2.0)
    beyond = Factor({"mouthClose": 2.0, "jawOpen": -2.0})  # a mouth can close what is open, and no more
    return [
        _corrective("jawOpen halfway", (Factor({"jawOpen": 2.0}), half), bow),
        _corrective("mouthClose halfway", (Factor({"mouthClose": 2.0}), half), closing),
        _corrective("mouthClose beyond halfway", (beyond, half), -closing),
    ]


def _excess_closing(canvas: Canvas, shapes: Shapes) -> list[Corrective]:
    """Press lips that have met, on either side, instead of driving them through each other."""
    left = shapes["mouthPressLeft"] - canvas.left(shapes["mouthClose"])
    made = []
    for side, shape in (("Left", left), ("Right", canvas.mirrored(left))):
        opening = OPENING | {f"{name}{side}": share for name, share in OPENING_SIDED.items()}
        beyond = Factor({"mouthClose": 1.0} | {name: -share for name, share in opening.items()})
        made.append(_corrective(f"mouthClose beyond opening {side}", (beyond,), shape))
    return made


def _lips(canvas: Canvas) -> list[Corrective]:
    made = []
    for (first, second), pose in MEETINGS.items():
        whole = lip_shape(canvas, pose)
        halves = {second: whole}
        if second == "mouthSmile":
            left = canvas.left(whole)
            halves = {f"{second}Left": left, f"{second}Right": canvas.mirrored(left)}
        # A jaw whose lips are closed again opens no mouth.
        driver = {"jawOpen": 1.0, "mouthClose": -1.0} if first == "jawOpen" else {first: 1.0}
        made += [_product(first, other, shape, driver) for other, shape in halves.items()]
    return made


def _lids(canvas: Canvas, shapes: Shapes) -> list[Corrective]:
    """Keep closed lids closed whatever else they do, and closing ones on the eyeball's curve."""
    made = []
    for side, turn in (("Left", np.asarray), ("Right", canvas.mirrored)):
        blink = f"eyeBlink{side}"
        bow = turn(blink_bow(canvas, shapes["eyeBlinkLeft"]))
        halfway = (Factor({blink: 2.0}), Factor({blink: -2.0}, 2.0))
        made.append(_corrective(f"{blink} halfway", halfway, bow))
        for name, part in lid_parts(canvas).items():
            made.append(_product(blink, f"eye{name}{side}", -turn(part), {blink: 1.0}))
    return made


def _product(first: str, second: str, shape: Points, driver: Mapping[str, float]) -> Corrective:
    return _corrective(f"{first} with {second}", (Factor(driver), Factor({second: 1.0})), shape)


def _corrective(name: str, factors: tuple[Factor, ...], shape: Points) -> Corrective:
    return Corrective(name, factors, shape.astype(np.float32))
