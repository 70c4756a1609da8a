"""What the lips do in each channel, as moves of two curves: the line of contact and the border of the red.

Moves are millimetres to the left, up and forward on the left side; the right side mirrors them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.head.sdf import Points

Vector = tuple[float, float, float]
NONE: Vector = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Arc:
    """Move along one lip: from that of its middle to that of its corner, each coordinate by its own power."""

    middle: Vector = NONE
    corner: Vector = NONE
    powers: Vector = (1.1, 2.2, 2.0)

    def __call__(self, reach: NDArray[np.float64]) -> Points:
        """Return the moves (n, 3) at `reach` (n,), 0 in the middle to 1 at the corner."""
        share = reach[:, None] ** np.array(self.powers)
        return np.asarray((1 - share) * np.array(self.middle) + share * np.array(self.corner))


@dataclass(frozen=True)
class Swell:
    """A soft mound of motion on the skin: its centre, radii and move."""

    centre: Vector
    radii: Vector
    move: Vector


@dataclass(frozen=True)
class LipPose:
    """One channel of the lips.

    Attributes
    ----------
    upper, lower : Arc
        Moves of the line of contact, by lip.
    upper_border, lower_border : Arc
        Moves of the border of the red.
    swells : tuple of Swell
        What cheeks, chin and nose do with it.
    reach : float
        Size of the region that follows; 1 is from nose to chin and to the middle of the cheeks.
    """

    upper: Arc = Arc()
    lower: Arc = Arc()
    upper_border: Arc = Arc()
    lower_border: Arc = Arc()
    swells: tuple[Swell, ...] = ()
    reach: float = 1.0


def _both(contact: Arc, upper_border: Arc, lower_border: Arc, *swells: Swell, reach: float = 1.0) -> LipPose:
    """Return a pose whose lips stay together."""
    return LipPose(contact, contact, upper_border, lower_border, swells, reach)


_DIMPLE = Arc((0, 0, -0.8), (4.2, 1.8, -6.0), (1.5, 2.0, 2.5))

WHOLE: dict[str, LipPose] = {
    "mouthFunnel": LipPose(
        Arc((0, 4.4, 6.8), (-7.0, 0, 11.3)),
        Arc((0, -5.4, 6.4), (-7.0, 0, 10.9)),
        Arc((0, 3.6, 5.4), (-7.0, 0, 9.9)),
        Arc((0, -3.8, 4.6), (-7.0, 0, 9.1)),
    ),
    "mouthPucker": _both(
        Arc((0, 0.6, 8.6), (-10.5, 0.2, 12.2)),
        Arc((0, 2.0, 7.2), (-10.5, 0.8, 10.8)),
        Arc((0, -1.2, 6.8), (-10.5, -0.6, 10.6)),
    ),
    "mouthRollUpper": LipPose(
        upper=Arc((0, -1.6, -4.8), powers=(1, 2.5, 2.5)),
        upper_border=Arc((0, -4.6, -4.0), powers=(1, 2.5, 2.5)),
        reach=0.9,
    ),
    "mouthRollLower": LipPose(
        lower=Arc((0, 0.4, -4.6), powers=(1, 2.5, 2.5)),
        lower_border=Arc((0, 5.2, -3.2), powers=(1, 2.5, 2.5)),
        swells=(Swell((0, -94, 97), (17, 10, 16), (0, 0.6, 1.4)),),
        reach=0.9,
    ),
    "mouthShrugUpper": LipPose(
        upper=Arc((0, 3.0, 2.0)), upper_border=Arc((0, 4.0, 2.2)), reach=0.9
    ),
    "mouthShrugLower": LipPose(
        Arc((0, 3.2, 1.0), (0, -0.8, 0), (1, 2.5, 2)),
        Arc((0, 3.2, 2.6), (0, -0.8, 0), (1, 2.5, 2)),
        Arc((0, 2.6, 0.8)),
        Arc((0, 4.4, 3.8), (0, -0.8, 0), (1, 2.5, 2)),
        (Swell((0, -95, 97), (18, 10, 16), (0, 4.2, 1.4)),),
    ),
}  # fmt: skip
"""Channels of the whole mouth."""

SIDED: dict[str, LipPose] = {
    # Zygomaticus major: corners back and up along the cheek, which rises and fills.
    "mouthSmile": _both(
        Arc((0, 0.3, -1.5), (8.0, 10.2, -7.5), (1.1, 2.3, 2.0)),
        Arc((0, -0.8, -2.2), (8.0, 9.9, -7.2), (1.1, 2.0, 2.0)),
        Arc((0, 1.9, -2.6), (8.0, 10.0, -7.6), (1.1, 2.4, 2.0)),
        Swell((38, -30, 74), (16, 14, 20), (1.2, 5.0, 3.2)),
        Swell((27, -44, 84), (9, 10, 14), (2.0, 2.6, 1.2)),
        Swell((34, -16, 76), (15, 6, 18), (0.2, 1.5, 0.6)),
        reach=1.15,
    ),
    # Depressor anguli oris.
    "mouthFrown": _both(
        Arc((0, -0.2, 0), (0.8, -6.8, -1.2), (1, 1.9, 2)),
        Arc((0, 0, 0), (0.8, -6.0, -1.2), (1, 2.0, 2)),
        Arc((0, 0.5, 0), (0.8, -6.4, -1.2), (1, 2.2, 2)),
        Swell((0, -93, 97), (16, 9, 14), (0, 1.4, 0.7)),
    ),
    # Buccinator: corners straight back into the cheek.
    "mouthDimple": _both(_DIMPLE, _DIMPLE, _DIMPLE, Swell((39, -64, 68), (9, 14, 16), (1.6, 0.8, 1.2))),
    # Risorius and platysma: corners out and a little down, lips thin against the teeth.
    "mouthStretch": LipPose(
        Arc((0, 0, -1.2), (8.0, -2.0, -6.2), (1.2, 2, 2.2)),
        Arc((0, -0.6, -1.2), (8.0, -2.0, -6.2), (1.2, 2, 2.2)),
        Arc((0, -0.5, -1.2), (8.0, -2.0, -6.2), (1.2, 2, 2.2)),
        Arc((0, 0.2, -1.2), (8.0, -1.8, -6.2), (1.2, 2, 2.2)),
        reach=1.1,
    ),
    "mouthPress": _both(
        Arc((0, 1.0, 0.2), (0.6, 0.5, -0.6)),
        Arc((0, -0.5, 0.1), (0.7, 0.3, -0.6)),
        Arc((0, 3.2, 1.2), (0.7, 0.5, -0.4)),
        reach=0.9,
    ),
    # Depressor labii inferioris: bares the lower teeth.
    "mouthLowerDown": LipPose(lower=Arc((0, -7.6, -1.0)), lower_border=Arc((0, -6.6, -0.4)), reach=0.9),
    # Levator labii: bares the upper teeth, the fold beside the nose deepens.
    "mouthUpperUp": LipPose(
        upper=Arc((0, 6.8, -0.8), powers=(1, 2.4, 2)),
        upper_border=Arc((0, 6.2, 0.6), powers=(1, 2.4, 2)),
        swells=(Swell((20, -44, 92), (12, 12, 16), (0.9, 3.6, 1.2)),),
    ),
    # Levator labii superioris alaeque nasi: wing of the nose and the lip below it, wrinkles at the root.
    "noseSneer": LipPose(
        upper=Arc((0, 0.8, 0)),
        upper_border=Arc((0, 2.0, 0.4)),
        swells=(
            Swell((15, -37, 98), (9, 13, 16), (0.8, 5.4, 0.6)),
            Swell((23, -38, 88), (11, 13, 16), (0.2, 2.6, 1.0)),
            Swell((8, 4, 88), (8, 12, 12), (0, 2.0, 0.9)),
        ),
    ),
}
"""Channels with a left and a right half, given for both at once."""
