"""The wrapped half of the skin: template, pins and the rings of eye, lips, nostril and ear."""

from __future__ import annotations

import numpy as np

from assets.head import landmarks
from assets.head.ear import add_ear, ear_root
from assets.head.sculpt import head
from assets.head.sdf import Points, drop
from assets.head.template import ROW, Ring, Template, make_template
from assets.head.wrap import Pins, wrap

EYE_RINGS = 6
"""Rings from the orbit to the edge of the lids."""
CREASE_RING = 3
LIP_SKIN_RINGS = 2
LIP_INNER_RINGS = 4
BUST_CUT = -184.0
PROFILE = {
    "tip": -34.0,
    "columella": -41.5,
    "subnasale": -47.5,
    "eye top": 13.0,
    "mouth bottom": -83.0,
}
"""Height of the rows whose midline vertex is pinned."""


def make_face() -> Template:
    """Build the half face: skin with openings at the eye, the mouth and the nostril, and the ear."""
    template = make_template()
    pins: Pins = {}
    _add_eye(template, pins)
    _add_lips(template, pins)
    _add_nostril(template, pins)
    frozen = add_ear(template)
    for vertex, place in zip(template.ear[0], ear_root(template), strict=True):
        pins[vertex] = place
    profile = template.grid[[ROW[row] for row in PROFILE], 0].tolist()
    _pin(pins, profile, drop(head, np.zeros(len(PROFILE)), np.array(list(PROFILE.values()))))
    bust = template.grid[ROW["bust"]]
    _pin(pins, bust.tolist(), landmarks.bust_edge(np.linspace(0, np.pi, len(bust)), BUST_CUT))
    wrap(template.mesh, pins, np.array(frozen, dtype=np.int64))
    return template


def _pin(pins: Pins, ring: Ring, places: Points) -> None:
    pins.update(zip(ring, places, strict=True))


def _rings(
    template: Template, rings: list[Ring], places: list[Points], names: list[str], closed: bool
) -> None:
    """Append rings inwards from the last one; chart points shrink towards the patch's middle."""
    mesh = template.mesh
    outer = mesh.chart[rings[0]]
    middle = outer.mean(0)
    if not closed:
        middle[0] = outer[:, 0].min()
    for depth, (place, name) in enumerate(zip(places, names, strict=True), 1):
        shrink = 1 - 0.8 * depth / len(places)
        chart = middle + (outer - middle) * (shrink if closed else [0.5 + 0.5 * shrink, shrink])
        ring = mesh.add(place, chart)
        mesh.band(name, rings[-1], ring, closed)
        rings.append(ring)


def _add_eye(template: Template, pins: Pins) -> None:
    ring = template.eye[0]
    margin = landmarks.lid_margin(len(ring))
    crease = landmarks.around_eye(len(ring), landmarks.CREASE, landmarks.LOWER_LID)
    edge = template.mesh.points[ring]
    t = np.linspace(0, 1, EYE_RINGS + 1)[1:, None, None]
    places = list(edge + (margin - edge) * t**0.8)
    _rings(template, template.eye, places, ["skin"] * EYE_RINGS, closed=True)
    _pin(pins, template.eye[-1], margin)
    corners = [0, len(ring) // 2]
    for number, distance in ((-2, 0.5), (-3, 1.1)):
        outside = np.array(template.eye[number])[corners].tolist()
        _pin(pins, outside, landmarks.beside(margin[corners], distance))
    for k in range(4, len(ring) // 2 - 3):
        pins[template.eye[CREASE_RING][k]] = crease[k]


def _add_lips(template: Template, pins: Pins) -> None:
    ring = template.mouth[0]
    red = landmarks.lip_rings(len(ring), LIP_INNER_RINGS)
    edge = template.mesh.points[ring]
    t = np.arange(1, LIP_SKIN_RINGS + 1)[:, None, None] / (LIP_SKIN_RINGS + 1)
    places = [*(edge + (red[0] - edge) * t), *red]
    names = ["skin"] * (LIP_SKIN_RINGS + 1) + ["lips"] * (LIP_INNER_RINGS + 1)
    _rings(template, template.mouth, places, names, closed=False)
    for ring, place in zip(template.mouth[LIP_SKIN_RINGS + 1 :], red, strict=True):
        _pin(pins, ring, place)
    corner = len(red[0]) // 2
    for number, distance in ((LIP_SKIN_RINGS, 0.9), (LIP_SKIN_RINGS - 1, 1.8)):
        _pin(pins, [template.mouth[number][corner]], landmarks.beside(red[0][[corner]], distance))


def _add_nostril(template: Template, pins: Pins) -> None:
    ring = template.nostril[0]
    rim = landmarks.nostril_ring(len(ring))
    places = [
        rim,
        0.75 * rim + 0.25 * rim.mean(0) + [0, 1.8, -0.2],
        0.6 * rim + 0.4 * rim.mean(0) + [0, 6, -1.5],
    ]
    _rings(template, template.nostril, places, ["skin"] * 3, closed=True)
    for ring, place in zip(template.nostril[1:], places, strict=True):
        _pin(pins, ring, place)
    mesh = template.mesh
    deep = template.nostril[-1]
    chart = mesh.chart[deep].mean(0, keepdims=True)
    middle = mesh.add(places[-1].mean(0, keepdims=True) + np.array([0, 1, 0]), chart)[0]
    pins[middle] = mesh.points[middle].copy()
    mesh.close("skin", deep, middle)
