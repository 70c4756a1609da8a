"""Vertex colours: skin with blush and baked ambient occlusion, lips, eyes, teeth, gums, tongue, hair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.head.assemble import BORDER_RING, SEAM_RING, Head
from assets.head.ear import CENTRE as EAR
from assets.head.eyes import IRIS, LIMBUS, PUPIL
from assets.head.sculpt import EYE, hair
from assets.head.sculpt import head as field
from assets.head.sdf import Points, bump, gradient, ramp
from assets.head.wrap import neighbours

Colours = NDArray[np.float64]
SKIN = np.array([230.0, 188, 162])
BLUSH = np.array([220.0, 140, 120])
LIPS = np.array([192.0, 112, 102])
INSIDE = np.array([104.0, 44, 42])
GUM = np.array([190.0, 112, 106])
TOOTH = np.array([240.0, 233, 216])
TONGUE = np.array([190.0, 104, 98])
HAIR = np.array([66.0, 46, 36])
WHITE = np.array([240.0, 237, 232])
IRIS_COLOUR = np.array([96.0, 120, 124])
DARK = np.array([24.0, 20, 20])


def vertex_colours(head: Head) -> NDArray[np.uint8]:
    """Colour of every vertex, shape (V, 3)."""
    colours = np.tile(SKIN, (len(head.points), 1))
    skin = head.is_skin
    colours[skin] = _skin(head)[skin]
    plain = {
        "caruncle": GUM,
        "tongue": TONGUE,
        "brow": HAIR,
        "lash": DARK,
        "teethUpper": TOOTH,
        "teethLower": TOOTH,
    }
    for part, colour in plain.items():
        colours[head.parts == part] = colour
    gum = np.unique(head.quads[head.names == "gums"])
    tooth = np.unique(head.quads[np.char.startswith(head.names, "teeth")])
    colours[np.setdiff1d(gum, tooth)] = GUM
    eye = head.parts == "eye"
    colours[eye] = _eye(head.points[eye])
    shaded = colours * (_occlusion(head) * _depth(head))[:, None]
    shaded = (shaded + shaded[head.mirror]) / 2
    return np.asarray(np.clip(np.rint(shaded), 0, 255).astype(np.uint8))


def _skin(head: Head) -> Colours:
    p = head.points * [0, 1, 1] + np.abs(head.points) * [1, 0, 0]
    x, y, z = p.T
    colours = np.tile(SKIN, (len(p), 1))
    cheek = 0.3 * bump(np.hypot((x - 40) / 17, (y + 30) / 14), 1) * ramp(z, 30, 55)
    nose = 0.28 * bump(np.hypot(x / 12, (y + 36) / 9), 1) * ramp(z, 92, 104)
    ear = 0.25 * ramp(x, 66, 74) * ramp(np.abs(y + 15), 40, 30)
    lids = 0.22 * bump(np.hypot((x - 32) / 17, y / 9), 1) * ramp(z, 55, 70)
    for amount in (cheek, nose, ear, lids):
        colours += amount[:, None] * (BLUSH - colours)
    off_ear = ramp(np.linalg.norm((p - EAR) / [20, 36, 24], axis=1), 0.9, 1.1)
    scalp = 0.86 * _blurred(head, hair(p), 2) * off_ear
    colours += scalp[:, None] * (HAIR - colours)
    _paint_openings(head, colours)
    return colours


def _paint_openings(head: Head, colours: Colours) -> None:
    """Paint the lips, the dark line between them, the mouth's inside and the nostrils, in place."""
    lips = [*(0.0,) * BORDER_RING, 0.55, 0.95]
    for number, ring in enumerate(head.mouth):
        both = np.r_[ring, head.mirror[ring]]
        target = LIPS if number <= SEAM_RING + 1 else INSIDE
        colours[both] += (lips[number] if number < len(lips) else 1.0) * (target - colours[both])
        if number in (SEAM_RING, SEAM_RING + 1):
            colours[both] *= 0.5
    for ring, share in zip(head.nostril[1:], (0.35, 0.9, 1.0), strict=True):
        both = np.r_[ring, head.mirror[ring]]
        colours[both] += share * (0.6 * INSIDE - colours[both])


def _eye(points: Points) -> Colours:
    q = points * np.sign(points[:, :1]) * [1, 0, 0] + points * [0, 1, 1] - EYE
    polar = np.arctan2(np.hypot(q[:, 0], q[:, 1]), q[:, 2])
    colours = np.tile(WHITE, (len(q), 1))
    colours += (ramp(polar, 0.7, 1.4)[:, None] * 0.25) * (BLUSH - colours)
    colours *= 1 - 0.22 * ramp(q[:, 1], 1.0, 7.0)[:, None]
    ring = (
        IRIS_COLOUR
        * (0.75 + 0.6 * ramp(polar, PUPIL, IRIS))[:, None]
        * ramp(polar, LIMBUS, IRIS - 0.06)[:, None]
    )
    colours = np.where((polar < LIMBUS)[:, None], np.maximum(ring, DARK), colours)
    colours[polar < PUPIL] = DARK * 0.6
    glint = (np.abs(q[:, 0]) < 0.1) & (q[:, 1] > 0) & (np.abs(polar - 0.26) < 0.02)
    colours[glint] = 255
    return colours


def _occlusion(head: Head) -> NDArray[np.float64]:
    """Share of light that reaches the skin, from the distance field along the normal; 1 elsewhere."""
    light = np.ones(len(head.points))
    outer = head.is_skin.copy()
    for ring in [*head.bag, *head.eye[-3:]]:
        outer[np.r_[ring, head.mirror[ring]]] = False
    p = head.points[outer]
    normal = gradient(field, p)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    shade = np.zeros(len(p))
    for height, weight in ((1.5, 0.2), (3.0, 0.3), (6.0, 0.3), (12.0, 0.2)):
        shade += weight * np.clip(1 - field(p + height * normal) / height, 0, 1)
    light[outer] = np.clip(1.02 - 0.5 * shade, 0.45, 1)
    return np.where(outer, _blurred(head, light, 2), light)


def _depth(head: Head) -> NDArray[np.float64]:
    """Share of light that reaches the inside of the mouth: less towards the throat; 1 elsewhere."""
    inside = np.isin(head.parts, ("teethUpper", "teethLower", "tongue"))
    for ring in head.bag[2:]:
        inside[np.r_[ring, head.mirror[ring]]] = True
    return np.where(inside, 0.4 + 0.6 * ramp(head.points[:, 2], 36, 92), 1.0)


def _blurred(head: Head, values: NDArray[np.float64], times: int) -> NDArray[np.float64]:
    """Average each vertex with its neighbours a few times."""
    graph = neighbours(head.quads, len(head.points))
    degree = np.maximum(np.asarray(graph.sum(1)).ravel(), 1)
    for _ in range(times):
        values = (values + graph @ values / degree) / 2
    return values
