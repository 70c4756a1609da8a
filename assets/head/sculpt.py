"""The face as a distance field: an adult head, a little softer than life.

Proportions follow Farkas, *Anthropometry of the Head and Face* (1994), between the means of young men and
women: bizygomatic breadth 134, head breadth 149, head length 190, sellion to gnathion 118, mouth 51,
nose 33 wide, pupils 64 apart. x is the head's left, y up with 0 at the pupils, z forward with 0 at the ear.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator

from assets.head.sdf import Distances, Points, bone, bump, carve, ellipsoid, join, ramp, sphere, tube, turned

EYE = np.array([32.0, 0.0, 66.5])
EYE_RADIUS = 13.2
LID = 1.5
"""Thickness of the lids over the eyeball."""
STOMION = np.array([0.0, -66.5, 99.2])
"""Middle of the line where the lips meet."""
CORNER = np.array([25.0, -67.3, 86.5])
# Centre lines of the tubes: x, y, z and radius.
JAW_LINE = ((40, -64, 14, 10), (27, -84, 46, 10), (10, -96, 76, 9))
BROW_RIDGE = ((4, 18, 86.5, 5), (21, 22, 83, 5), (37, 21, 74.5, 4.6), (47, 14, 64.5, 3))
UPPER_LIP = (
    *((0, -62.2, 99.2, 4.6), (6, -61.6, 98.4, 4.9), (12, -62.8, 96.0, 4.4)),
    *((18, -64.6, 92, 3.4), (25, -67, 85.2, 1.4)),
)
LOWER_LIP = (
    *((0, -71.6, 96, 6.0), (8, -71.1, 95, 6.0), (15, -69.9, 91.6, 4.8)),
    *((21, -68.4, 87.4, 2.8), (25.5, -67.4, 84.4, 1.4)),
)
HAIRLINE = (
    *((0, 77), (20, 76), (38, 66), (54, 52), (66, 36), (75, 10), (82, 5)),
    *((92, 16), (108, 8), (125, -32), (150, -54), (180, -58)),
)
"""Height of the hairline over degrees about the head, from the forehead over temple and ear to the nape."""
_hairline = PchipInterpolator(*np.array(HAIRLINE).T)


def head(p: Points) -> Distances:
    """Distance to the skin without ears, shape (N,)."""
    side = np.abs(p) * [1, 0, 0] + p * [0, 1, 1]
    soft = side.copy()
    soft[:, 0] = np.sqrt(p[:, 0] ** 2 + 4)
    d = _skull(p, soft)
    d = _jaw(p, soft, d)
    d = _neck(p, soft, d)
    d = _brow_and_orbit(soft, side, d)
    d = _nose(p, side, d)
    d = _lips(p, side, d)
    d -= _relief(side) + 2.6 * hair(side)
    return _lids(side, d)


def hair(p: Points) -> Distances:
    """How much close-cropped hair covers each place, 0..1; soft at the hairline."""
    around = np.degrees(np.arctan2(np.abs(p[:, 0]), p[:, 2] + 10))
    line = _hairline(around)
    return ramp(p[:, 1] - line, -5, 7)


def _skull(p: Points, soft: Points) -> Distances:
    d = ellipsoid(p, (0, 42, -20), (75, 76, 73))
    d = join(d, ellipsoid(p, (0, 40, 24), (66, 70, 69)), 40)
    d = join(d, ellipsoid(p, (0, -24, 42), (50, 68, 46)), 26)
    d = join(d, ellipsoid(p, (0, 4, 4), (61, 34, 52)), 24)
    d = join(d, ellipsoid(soft, (39, -22, 55), (16, 13, 18), turned("y", 28)), 22)
    d = join(d, ellipsoid(soft, (31, -46, 58), (17, 24, 22)), 26)
    return join(d, bone(soft, (50, -18, 44, 5), (59, -14, 0, 5)), 34)


def _jaw(p: Points, soft: Points, d: Distances) -> Distances:
    d = join(d, bone(soft, (54, -20, 2, 10), (41, -62, 12, 9)), 28)
    d = join(d, tube(soft, JAW_LINE, 6, 3), 30)
    d = join(d, ellipsoid(soft, (42, -42, 28), (13, 34, 26)), 30)
    d = join(d, ellipsoid(p, (0, -94.5, 79.5), (15, 13.5, 15.5)), 24)
    return join(d, ellipsoid(p, (0, -63, 63), (36, 30, 29)), 20)


def _neck(p: Points, soft: Points, d: Distances) -> Distances:
    d = join(d, bone(p, (0, -60, -18, 44), (0, -220, -34, 45)), 30)
    d = join(d, ellipsoid(p, (0, -36, -36), (46, 50, 34)), 44)
    d = join(d, bone(soft, (55, -44, -22, 9), (13, -176, 18, 7)), 26)
    d = join(d, ellipsoid(p, (0, -124, 12), (12, 20, 19)), 28)
    d = join(d, bone(soft, (24, -134, -48, 16), (76, -226, -34, 26)), 46)
    return join(d, ellipsoid(p, (0, -252, -26), (100, 50, 60)), 50)


def _brow_and_orbit(soft: Points, side: Points, d: Distances) -> Distances:
    d = join(d, tube(soft, BROW_RIDGE, 8), 26)
    d = carve(d, ellipsoid(side, (110, 26, 44), (26, 38, 44)), 60)
    d = carve(d, ellipsoid(side, (32.5, -1.5, 92), (20, 12.6, 17.5), turned("y", 22)), 18)
    d = carve(d, ellipsoid(side, (18, -1, 91), (6, 8, 9.5)), 10)
    return join(d, ellipsoid(side, (34, 14, 70.5), (16.5, 6, 10), turned("y", 18)), 10)


def _nose(p: Points, side: Points, d: Distances) -> Distances:
    bridge = bone(p, (0, 8, 84.0, 4.8), (0, -16, 94.4, 5.2))
    nose = join(bridge, bone(p, (0, -16, 94.4, 5.2), (0, -30, 103.2, 6.6)), 4)
    nose = join(nose, bone(p, (0, 6, 73, 8.6), (0, -34, 90.5, 13.0)), 14)
    nose = join(nose, ellipsoid(p, (0, -33.5, 104.8), (8.2, 7.4, 9.0)), 7)
    nose = join(nose, ellipsoid(side, (11.4, -38.2, 95.6), (5.2, 6.4, 9.0), turned("y", -16)), 3.5)
    nose = join(nose, bone(p, (0, -39, 105.4, 3.0), (0, -44.5, 96.5, 3.4)), 4)
    d = join(d, nose, 9)
    return carve(d, ellipsoid(side, (6.6, -45.0, 99), (2.8, 3.8, 5.2), turned("y", -22)), 3)


def _lips(p: Points, side: Points, d: Distances) -> Distances:
    d = join(d, ellipsoid(p, (0, -54.5, 83), (21, 10.5, 13.5)), 12)
    upper, lower = tube(side, UPPER_LIP, 12), tube(side, LOWER_LIP, 12)
    return join(d, join(upper, lower, 3), 6)


def _relief(side: Points) -> Distances:
    """Shallow detail of the front: philtrum, sulcus under the lip, folds; positive raises the skin."""
    x, y, z = side.T
    philtrum = -0.55 * bump(x, 3.6) * bump(y + 55, 5) + 0.3 * bump(x - 6.4, 3.0) * bump(y + 55.5, 5)
    sulcus = -1.8 * bump(y + 82.5, 6) * bump(x, 19)
    cheek_fold = -0.7 * bump(x - 23 - (-44 - y) * 0.32, 4.5) * bump(y + 51, 14)
    corner = -1.0 * bump(x - 28, 4) * bump(y + 68, 6)
    return np.asarray((philtrum + sulcus + cheek_fold + corner) * ramp(z, 60, 80))


def _lids(side: Points, d: Distances) -> Distances:
    d = join(d, sphere(side, EYE, EYE_RADIUS + LID), 6)
    x, y, z = side.T
    crease = np.interp(x, [15.5, 19, 24, 31, 38, 44, 50], [3.0, 7.2, 10.6, 12.0, 11.5, 9.0, 4.6])
    return np.asarray(d + 1.2 * bump(y - crease, 1.5) * ramp(x, 16, 22) * ramp(x, 50, 44) * (z > 50))
