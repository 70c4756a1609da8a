"""How long a millimetre is on a head of any size."""

from __future__ import annotations

import numpy as np

from core.mesh import Floats

PUPIL_DISTANCE = 63.0
"""Millimetres between adults' pupils, mean of both sexes (Dodgson 2004, "Variation and extrema of human
interpupillary distance")."""

JAW_WIDTH = 77.0
"""Rough width in millimetres of what an opening jaw moves at least half as far as the chin."""

UNITS = (1000.0, 100.0, 10.0, 1.0, 0.1, 0.01, 0.001, 1 / 25.4, 1 / 304.8)
"""Length of a millimetre in the units that heads are modelled in: micrometres to metres, inches, feet."""


def millimetre_from_eyes(right_eye: Floats, left_eye: Floats) -> float:
    """Estimate a millimetre from the middles of both eyes, each of shape (3,)."""
    return nearest_unit(float(np.linalg.norm(right_eye - left_eye)) / PUPIL_DISTANCE)


def nearest_unit(millimetre: float) -> float:
    """Return the unit in use within a fifth of an estimate, else the estimate.

    A head of life size in metres then has exactly 0.001, and one of another size keeps what was measured, so
    that tolerances mean the same share of the face.
    """
    for unit in UNITS:
        if abs(np.log(millimetre / unit)) < np.log(1.2):
            return unit
    return millimetre


def millimetre_from_jaw(across: Floats, displacement: Floats) -> float:
    """Estimate a millimetre from an opening jaw, where no eyes are known.

    Parameters
    ----------
    across : ndarray of shape (V,)
        Position of each vertex between the head's right and left.
    displacement : ndarray of shape (V, 3)
        Of the jawOpen shape.
    """
    reach = np.linalg.norm(displacement, axis=1)
    width = float(np.ptp(across[reach > reach.max() / 2]))
    return nearest_unit(width / JAW_WIDTH) if width > 0 else 1.0
