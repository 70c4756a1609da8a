"""How each articulator of the mouth answers each phone: targets, dominance and timing.

The constants of the lips' opening were fitted to measured lips (their correlation, 23 speakers); those of
the other articulators are set by phonetic knowledge (after JALI, Edwards et al. 2016).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.phones import BILABIALS, PHONES, SILENCE

ARTICULATORS: tuple[str, ...] = (
    "opening",  # gap of the inner lips, 1 = the widest open vowel
    "closure",  # lips pressed together
    "labiodental",  # lower lip to the upper teeth
    "rounding",  # lips protruded and narrowed
    "spread",  # corners of the mouth drawn apart
    "jaw",  # 1 = the lowest of speech
    "tongue_tip",  # tip to the ridge behind the upper teeth
    "tongue_out",  # tip between the teeth
    "tongue_back",  # back of the tongue to the palate
)
REST = "REST"
"""A pause so long that the mouth takes its rest posture."""
CLASSES: tuple[str, ...] = (*PHONES, REST)

_GROUPS: dict[str, tuple[str, ...]] = {
    "open": ("AA", "AE", "AO", "AW", "AY", "EH", "OY"),
    "mid": ("AH", "EY", "OW", "ER"),
    "close": ("IH", "IY", "UW", "UH"),
    "liquid": ("R", "Y", "L"),
    "alveolar": ("T", "D", "N"),
    "velar": ("K", "G", "NG", "HH"),
    "dental": ("TH", "DH"),
    "sibilant": ("S", "Z", "SH", "ZH", "CH", "JH"),
    "hushing": ("SH", "ZH", "CH", "JH"),
    "labiodental": ("F", "V"),
    "bilabial": BILABIALS,
    "rounded": ("UW", "UH", "OW", "AO", "OY", "W"),
    "pause": (SILENCE, REST),
}
_GROUPS["vowel"] = _GROUPS["open"] + _GROUPS["mid"] + _GROUPS["close"]


def _table(default: float, values: Mapping[str, float]) -> NDArray[np.float64]:
    """One number per class; a key is a class, a group or several of them, later entries overrule."""
    table = dict.fromkeys(CLASSES, default)
    for names, value in values.items():
        for name in names.split():
            table.update(dict.fromkeys(_GROUPS.get(name, (name,)), value))
    return np.array([table[name] for name in CLASSES])


@dataclass(frozen=True)
class Gesture:
    """How one articulator answers each class of phone.

    Attributes
    ----------
    target, dominance : ndarray of shape (P + 1,)
    before, after : ndarray of shape (P + 1,), seconds
        Time constants of the influence before and after the middle half of the phone.
    lead : ndarray of shape (P + 1,), seconds
        How long the mouth is ahead of the sound.
    """

    target: NDArray[np.float64]
    dominance: NDArray[np.float64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    lead: NDArray[np.float64]


def _gesture(
    rest: float, targets: dict[str, float], dominance: dict[str, float], before: float, after: float
) -> Gesture:
    return Gesture(
        _table(rest, targets), _table(0.2, dominance), _table(before, {}), _table(after, {}), _table(0.02, {})
    )


OPENING = Gesture(
    target=_table(
        0.0,
        {
            **{"AA": 0.93, "AE": 1.05, "AY": 1.0, "AW": 0.79, "AO OY": 0.48, "EH": 0.73, "EY": 0.72},
            **{"IY": 0.48, "IH": 0.44, "OW": 0.39, "AH": 0.35, "ER": 0.23, "UW UH W": 0.12, "R": 0.14},
            **{"Y": 0.43, "L": 0.37, "HH": 0.66, "K G NG": 0.50, "T D": 0.50, "N": 0.29, "dental": 0.25},
            **{"S Z": 0.32, "hushing": 0.44, "labiodental": 0.12, "bilabial": 0.0, SILENCE: 0.24, REST: 0.03},
        },
    ),
    dominance=_table(
        0.0,
        {
            **{"open": 0.78, "mid": 0.48, "close": 0.85, "W": 0.82, "liquid": 0.41, "alveolar": 0.37},
            **{"velar": 0.32, "dental sibilant": 0.42, "labiodental": 1.05, "bilabial": 1.7, "pause": 0.08},
        },
    ),
    before=_table(
        0.229, {"vowel": 0.045, "dental sibilant labiodental": 0.055, "bilabial": 0.03, "pause": 0.186}
    ),
    after=_table(
        0.042, {"vowel": 0.036, "dental sibilant labiodental": 0.062, "bilabial": 0.049, "pause": 0.048}
    ),
    lead=_table(0.038, {"bilabial": 0.061}),
)

GESTURES: dict[str, Gesture] = {
    "opening": OPENING,
    "labiodental": _gesture(0, {"labiodental": 1}, {"labiodental": 2, "bilabial": 1}, 0.04, 0.035),
    "rounding": _gesture(
        0,
        {"UW W": 1, "OW": 0.85, "OY": 0.7, "UH": 0.65, "AO": 0.6, "hushing": 0.65, "R ER": 0.5, "AW": 0.25},
        {"vowel": 0.7, "rounded": 1.2, "hushing": 0.8, "liquid": 0.3, "R": 0.6, "W": 1.5, "pause": 0.3},
        *(0.09, 0.07),
    ),
    "spread": _gesture(
        0,
        {
            "IY": 1,
            "Y EY": 0.7,
            "AE": 0.55,
            "IH EH": 0.5,
            "S Z": 0.5,
            "AY": 0.25,
            "T D N dental": 0.3,
            "K G": 0.25,
        },
        {"vowel": 0.7, "IY": 1.1, "rounded": 1.2, "S Z": 0.5, "hushing": 0.8, "pause": 0.3},
        *(0.07, 0.06),
    ),
    "jaw": _gesture(
        0.2,
        {
            **{
                "AA": 1,
                "AE AY": 0.95,
                "AW": 0.9,
                "AO": 0.75,
                "OY": 0.65,
                "EH": 0.65,
                "EY AH": 0.5,
                "OW": 0.5,
            },
            **{
                "ER IH UH": 0.33,
                "IY": 0.24,
                "UW": 0.22,
                "HH": 0.4,
                "velar": 0.3,
                "L": 0.27,
                "bilabial": 0.14,
            },
            **{"labiodental": 0.12, "S Z": 0.05, "hushing": 0.09, "dental": 0.16, "W": 0.14, "pause": 0.02},
        },
        {
            **{
                "vowel": 0.7,
                "sibilant": 1.3,
                "bilabial": 0.6,
                "labiodental": 0.8,
                "alveolar": 0.45,
                "L": 0.35,
            },
            **{"velar": 0.25, "HH": 0.1, "pause": 0.3},
        },
        *(0.06, 0.06),
    ),
    "tongue_tip": _gesture(
        0,
        {"T D N L": 1, "S Z": 0.7, "hushing": 0.55, "R ER": 0.4, "IY Y": 0.15},
        {"vowel": 0.5, "alveolar L": 1.4, "sibilant dental": 1.1, "bilabial labiodental": 0.1},
        *(0.035, 0.035),
    ),
    "tongue_out": _gesture(0, {"dental": 1}, {"dental": 1.5, "vowel": 0.6, "sibilant": 1}, 0.035, 0.035),
    "tongue_back": _gesture(
        0,
        {"K G NG": 1, "UW": 0.5, "W UH OW": 0.4, "AO": 0.3, "AA": 0.2},
        {"vowel": 0.5, "K G NG": 1.4, "alveolar dental sibilant": 0.8, "bilabial labiodental": 0.1},
        *(0.04, 0.04),
    ),
}
