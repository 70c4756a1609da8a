"""Landmarks of the FLAME topology, by vertex number: any head of 5,023 vertices that has its polygons.

The mouth and the eyes of this mesh are nets of rings: counted along edges from the hole at the back of the
mouth, the fourth ring is the rim where the lips meet and the seventh the border of their red; counted from
the deepest vertex of an eye's socket, the fourth ring is the margin of the lids.
"""

from __future__ import annotations

import hashlib

import numpy as np

from core.fitting.landmarks import Landmarks
from core.mesh import Mesh
from core.rig import Lips

VERTICES = 5023
EDGES = "963f669aa6db0571"
"""SHA-256 (first 16 digits) of all edges as sorted pairs: the topology, whatever its triangles' order."""


def _chain(numbers: str) -> tuple[int, ...]:
    return tuple(map(int, numbers.split()))


POINTS = {
    "glabella": 3540,
    "sellion": 3555,
    "nose_tip": 3526,
    "subnasale": 3556,
    "sulcus": 3790,
    "pogonion": 3401,
    "gnathion": 3400,
    "right_ala": 3092,
    "left_ala": 1604,
    "right_ear": 989,
    "left_ear": 29,
}
CURVES = {
    "upper_lip": _chain(
        "2844 2840 2838 2837 2853 2852 2787 2786 3531 1669 1670 1737 1738 1720 1721 1723 1729"
    ),
    "lower_lip": _chain(
        "2844 2718 2719 2891 2890 2892 2928 2937 3509 1848 1826 1789 1787 1788 1583 1582 1729"
    ),
    "upper_vermilion": _chain("2829 2831 2834 2864 2812 2810 2775 3541 1658 1693 1695 1749 1717 1714 1712"),
    "lower_vermilion": _chain("2713 2880 2881 2898 2905 2948 3503 1865 1802 1795 1774 1773 1577"),
    "right_upper_lid": _chain("2437 2447 2448 2449 2450 2451 2453 2495 3689 2494 2491 2486 2485 2487 3632"),
    "right_lower_lid": _chain(
        "2437 2436 2406 2403 2402 2271 2264 2267 2359 2358 2355 2276 2273 2505 2506 2508 3632"
    ),
    "left_upper_lid": _chain("3833 1336 1329 1331 1340 1343 3855 1344 1218 1216 1202 1201 1200 1195 1175"),
    "left_lower_lid": _chain("3833 1357 1355 1354 824 827 991 994 995 814 807 822 1093 1096 1113 1170 1175"),
}
EYEBALLS = {"left": 3931, "right": 4477}

GAUGE_UPPER = _chain("2840 2838 2837 2853 2852 2787 2786 3531 1669 1670 1737 1738 1720 1721 1723")
GAUGE_LOWER = _chain("2845 2869 2894 2895 2896 2907 2938 3504 1849 1804 1793 1792 1791 1758 1730")
"""Pairs between which the opening of the lips is measured on this topology, 3531 and 3504 in the middle."""


def is_flame(mesh: Mesh) -> bool:
    """Tell whether a mesh has the FLAME topology."""
    if len(mesh.vertices) != VERTICES or not (mesh.face_sizes == 3).all():
        return False
    return _edge_hash(mesh) == EDGES


def _edge_hash(mesh: Mesh) -> str:
    corners = mesh.triangles
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    unique = np.unique(np.sort(edges, axis=1), axis=0).astype("<i4")
    return hashlib.sha256(unique.tobytes()).hexdigest()[:16]


def flame_landmarks() -> Landmarks:
    """Return the landmarks of the topology."""
    curves = {name: np.array(chain, np.int32) for name, chain in CURVES.items()}
    return Landmarks(POINTS, curves, EYEBALLS)


def flame_lips() -> Lips:
    """Return the pairs of vertices between which the opening of the lips is measured."""
    return Lips(np.array(GAUGE_UPPER, np.int32), np.array(GAUGE_LOWER, np.int32), GAUGE_UPPER.index(3531))
