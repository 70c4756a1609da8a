"""The face as a distance field: an adult head, a little softer than life.

Proportions follow Farkas, *Anthropometry of the Head and Face* (1994), between the means of young men and
women: bizygomatic breadth 134, head breadth 149, head length 190, sellion to gnathion 118, mouth 51,
nose 33 wide, pupils 64 apart. x is the head's left, y up with 0 at the pupils, z forward with 0 at the ear.
"""

from __future__ import annotations

import numpy as np

from assets.head.sdf import Distances, Points, bone, bump, carve, ellipsoid, join, ramp, sphere, tube, turned

EYE = np.array([32.0, 0.0, 66.5])
EYE_RADIUS = 13.2
LID = 1.5
"""Thickness of the lids over the eyeball."""
STOMION = np.array([0.0, -66.5, 99.2])
"""Middle of the line where the lips meet."""
CORNER = np.array([25.0, -67.3, 86.5])


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
    d -= _relief(side)
    return _lids(side, d)


def _skull(p: Points, soft: Points) -> Distances:
    d = ellipsoid(p, (0, 42, -20), (75, 76, 73))
    d = join(d, ellipsoid(p, (0, 40, 24), (66, 70, 69)), 40)
    d = join(d, ellipsoid(p, (0, -26, 42), (54, 70, 46)), 26)
    d = join(d, ellipsoid(soft, (42, -22, 56), (17, 14, 18), turned("y", 28)), 26)
    d = join(d, ellipsoid(soft, (33, -46, 58), (20, 25, 23)), 26)
    return join(d, bone(soft, (54, -16, 44, 8), (62, -10, 0, 7)), 26)


def _jaw(p: Points, soft: Points, d: Distances) -> Distances:
    d = join(d, bone(soft, (54, -20, 2, 11), (42, -64, 12, 10)), 24)
    d = join(d, tube(soft, [(41, -66, 14, 11), (28, -86, 46, 11), (11, -98, 76, 10)], 6, 3), 26)
    d = join(d, ellipsoid(soft, (42, -42, 28), (13, 34, 26)), 30)
    d = join(d, ellipsoid(p, (0, -96, 79.5), (15.5, 14, 15.5)), 24)
    return join(d, ellipsoid(p, (0, -63, 63), (36, 30, 29)), 20)


def _neck(p: Points, soft: Points, d: Distances) -> Distances:
    d = join(d, bone(p, (0, -60, -18, 46), (0, -220, -34, 47)), 26)
    d = join(d, bone(soft, (55, -44, -22, 9), (13, -176, 18, 7)), 26)
    d = join(d, ellipsoid(p, (0, -124, 12), (12, 20, 19)), 28)
    d = join(d, bone(soft, (28, -128, -48, 18), (98, -214, -34, 30)), 40)
    return join(d, ellipsoid(p, (0, -236, -26), (122, 50, 64)), 50)


def _brow_and_orbit(soft: Points, side: Points, d: Distances) -> Distances:
    ridge = tube(soft, [(4, 18, 86.5, 5), (21, 22, 83, 5), (37, 21, 74.5, 4.6), (47, 14, 64.5, 3)], 8)
    d = join(d, ridge, 26)
    d = carve(d, ellipsoid(side, (93, 24, 46), (26, 36, 40)), 46)
    d = carve(d, ellipsoid(side, (32.5, -1.5, 92), (20, 12.6, 17.5), turned("y", 22)), 18)
    d = carve(d, ellipsoid(side, (18, -1, 91), (7, 9, 11)), 10)
    return join(d, ellipsoid(side, (34, 14, 70.5), (16.5, 6, 10), turned("y", 18)), 10)


def _nose(p: Points, side: Points, d: Distances) -> Distances:
    nose = join(
        bone(p, (0, 8, 84.2, 5.0), (0, -16, 96, 5.6)), bone(p, (0, -16, 96, 5.6), (0, -31, 106.5, 7.0)), 4
    )
    nose = join(nose, bone(p, (0, 6, 73, 8.6), (0, -35, 92.5, 14.2)), 14)
    nose = join(nose, ellipsoid(p, (0, -34.2, 107.5), (8.4, 7.8, 9.2)), 7)
    nose = join(nose, ellipsoid(side, (11.4, -38.4, 97.6), (5.4, 6.6, 9.6), turned("y", -16)), 4)
    nose = join(nose, bone(p, (0, -39.5, 108, 3.2), (0, -44.5, 98, 3.6)), 4)
    d = join(d, nose, 11)
    return carve(d, ellipsoid(side, (6.6, -45.2, 101), (3.0, 4.0, 5.4), turned("y", -22)), 3)


def _lips(p: Points, side: Points, d: Distances) -> Distances:
    d = join(d, ellipsoid(p, (0, -54.5, 83), (21, 10.5, 13.5)), 12)
    upper = tube(
        side,
        [
            (0, -62.2, 99.2, 4.6),
            (6, -61.6, 98.4, 4.9),
            (12, -62.8, 96.0, 4.4),
            (18, -64.6, 92, 3.4),
            (25, -67, 85.2, 1.4),
        ],
        12,
    )
    lower = tube(
        side,
        [
            (0, -71.6, 96, 6.0),
            (8, -71.1, 95, 6.0),
            (15, -69.9, 91.6, 4.8),
            (21, -68.4, 87.4, 2.8),
            (25.5, -67.4, 84.4, 1.4),
        ],
        12,
    )
    return join(d, join(upper, lower, 3), 6)


def _relief(side: Points) -> Distances:
    """Shallow detail of the front: philtrum, sulcus under the lip, folds; positive raises the skin."""
    x, y, z = side.T
    philtrum = -1.0 * bump(x, 3.2) * bump(y + 55, 5) + 0.55 * bump(x - 6, 2.8) * bump(y + 55.5, 5)
    sulcus = -1.8 * bump(y + 82.5, 6) * bump(x, 19)
    cheek_fold = -0.7 * bump(x - 23 - (-44 - y) * 0.32, 4.5) * bump(y + 51, 14)
    corner = -1.0 * bump(x - 28, 4) * bump(y + 68, 6)
    return np.asarray((philtrum + sulcus + cheek_fold + corner) * ramp(z, 60, 80))


def _lids(side: Points, d: Distances) -> Distances:
    d = join(d, sphere(side, EYE, EYE_RADIUS + LID), 6)
    x, y, z = side.T
    crease = np.interp(x, [15.5, 19, 24, 31, 38, 44, 50], [3.0, 7.2, 10.6, 12.0, 11.5, 9.0, 4.6])
    return np.asarray(d + 1.2 * bump(y - crease, 1.5) * ramp(x, 16, 22) * ramp(x, 50, 44) * (z > 50))
