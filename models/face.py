"""What the mouth does -> weights of the ARKit channels and of the tongue's (motion space ``arkit``).

One clear function. The lips' gap of a face is nearly linear in its channels; with `Reach` telling how much
each channel adds to it, the jaw moves as the jaw does and the lips make up the difference, so that the gap is
proportional to the opening and nothing is left of it where the lips meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.gestures import ARTICULATORS

Curve = NDArray[np.float32]
TUCK = 0.5
"""mouthRollLower of a lower lip drawn to the upper teeth."""


@dataclass(frozen=True)
class Reach:
    """Gap of the inner lips that a channel makes at weight 1, in that of jawOpen.

    Attributes
    ----------
    lower_down, upper_up, funnel, roll_lower : float
        Both sides together where there are two.
    close : float
        What mouthClose takes away.
    """

    lower_down: float = 0.16
    upper_up: float = 0.14
    funnel: float = 0.17
    roll_lower: float = 0.03
    close: float = 1.0


@dataclass(frozen=True)
class Face:
    """How large the gestures are.

    Attributes
    ----------
    jaw : float
        jawOpen of the lowest jaw in speech.
    opening : float
        Gap of the widest open vowel, in that of jawOpen.
    parting : float
        Weight to which the lips part by themselves, as in /s/ with the teeth together, before the jaw helps.
    upper_share : float
        How much the upper lip takes part in it, of the lower.
    """

    jaw: float = 0.4
    opening: float = 0.38
    parting: float = 0.5
    upper_share: float = 0.6
    reach: Reach = Reach()

    def weights(self, curves_FA: Curve) -> dict[str, Curve]:
        """Channel weights, 0..1.

        Parameters
        ----------
        curves_FA : ndarray of shape (F, A), float32
            Curves of `models.gestures.ARTICULATORS`.

        Returns
        -------
        dict of str to ndarray of shape (F,), float32
            Channels that are not named stay at 0.
        """
        of = dict(zip(ARTICULATORS, curves_FA.T, strict=True))
        channels = {**_rounded(of), **_sides(of), **_tongue(of)}
        channels |= self._gap(of, channels)
        return {name: np.clip(weight, 0, 1).astype(np.float32) for name, weight in channels.items()}

    def _gap(self, of: dict[str, Curve], channels: dict[str, Curve]) -> dict[str, Curve]:
        reach = self.reach
        wished = self.opening * of["opening"]
        lips = reach.lower_down + self.upper_share * reach.upper_up
        jaw = np.maximum(self.jaw * of["jaw"], wished - self.parting * lips)
        bared = 0.25 * of["labiodental"]  # the upper lip clears the teeth that the lower one rises to
        shaped = jaw + reach.funnel * channels["mouthFunnel"] + reach.upper_up * bared
        shaped = shaped + reach.roll_lower * TUCK * of["labiodental"]
        parting = np.maximum(wished - shaped, 0) / lips
        return {
            "jawOpen": jaw,
            "mouthClose": np.maximum(shaped - wished, 0) / reach.close,
            **_both("mouthLowerDown", parting),
            **_both("mouthUpperUp", bared + self.upper_share * parting),
        }


def _both(name: str, weight: Curve) -> dict[str, Curve]:
    return {f"{name}Left": weight, f"{name}Right": weight}


def _rounded(of: dict[str, Curve]) -> dict[str, Curve]:
    """Open rounded lips are a funnel, nearly closed ones a kiss; lips that meet have no funnel."""
    parted, open_ = (np.clip(of["opening"] / wide, 0, 1) for wide in (0.15, 0.6))
    return {
        "mouthFunnel": of["rounding"] * (0.25 * parted + 0.4 * open_),
        "mouthPucker": of["rounding"] * (0.85 - 0.4 * open_),
    }


def _sides(of: dict[str, Curve]) -> dict[str, Curve]:
    pressed, tucked = of["closure"], of["labiodental"]
    return {
        **_both("mouthStretch", 0.3 * of["spread"]),
        **_both("mouthSmile", 0.15 * of["spread"]),
        **_both("mouthPress", 0.4 * pressed),
        "mouthRollUpper": 0.15 * pressed,
        "mouthRollLower": np.maximum(0.15 * pressed, TUCK * tucked),
    }


def _tongue(of: dict[str, Curve]) -> dict[str, Curve]:
    return {
        "tongueTipUp": of["tongue_tip"] * (1 - of["tongue_out"]),
        "tongueOut": 0.35 * of["tongue_out"],
        "tongueUp": 0.8 * of["tongue_back"],
    }
