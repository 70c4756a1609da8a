"""What the network hears -> the curves the mouth follows.

The network's own opening blurs the lips' contact, while its phones mark it sharply; so contact is taken from
the phones and subtracted. Pauses are found in the phones too: there the mouth is still, in its rest posture.
Under doubt a regression stays small, so the short gestures of lips and tongue are given back their reach.

Letters: F animation frames, P phones, A articulators.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from models.gestures import ARTICULATORS, OPENING
from models.phones import BILABIALS, INDEX, PHONES, SILENCE, VOWELS

Curves = NDArray[np.float32]
CLICK = 2
"""Frames of sound within silence that are no speech: a click, the edge of a recording."""
TOUCHING = 0.02
"""Opening under which the lips press each other."""
RESTS = ("closed", "natural")
_REACH = {
    **{"labiodental": 2.4, "rounding": 1.6, "spread": 1.4, "jaw": 1.2},
    **{"tongue_tip": 1.6, "tongue_out": 3.0, "tongue_back": 2.5},
}
GAINS = tuple(_REACH.get(name, 1.0) for name in ARTICULATORS)


@dataclass(frozen=True)
class Readout:
    """Constants of the readout; a checkpoint carries those fitted to its network.

    Attributes
    ----------
    second : float
        Share of the opening that follows from the phones heard, by the rule that trained the network.
    lead, inertia : float
        Seconds by which that share is ahead of the sound, and the time constant of a phone's influence.
    contact : float
        How much of the opening a surely heard bilabial takes away.
    contact_lead : int
        Frames by which the lips meet before the sound says so.
    ajar : float
        Opening that a surely heard vowel keeps, however short and near to a closure: "a" in "a boy".
    shortest_pause : float
        Seconds of silence under which the mouth moves on as in speech.
    close, reopen : float
        Seconds the mouth takes to reach rest when a pause begins, and before it ends to leave it.
    natural_opening : float
        Opening in pauses with the natural rest posture.
    doubt : float
        What the short gestures show where there are none.
    gains : tuple of float
        Reach of each articulator in the rule over its reach in the network's output.
    """

    second: float = 0.45
    lead: float = 0.046
    inertia: float = 0.033
    contact: float = 0.5
    contact_lead: int = 1
    ajar: float = 0.22
    shortest_pause: float = 0.12
    close: float = 0.15
    reopen: float = 0.15
    natural_opening: float = 0.15
    doubt: float = 0.06
    gains: tuple[float, ...] = GAINS
    fps: float = 60.0

    def curves(self, phones_FP: Curves, articulation_FA: Curves, rest: str) -> Curves:
        """Read the mouth's movement.

        Parameters
        ----------
        phones_FP : ndarray, float32
            Probabilities.
        articulation_FA : ndarray, float32
        rest : str
            Posture in pauses, one of `RESTS`.

        Returns
        -------
        ndarray of shape (F, A), float32, 0..1
        """
        opening, closure = ARTICULATORS.index("opening"), ARTICULATORS.index("closure")
        curves = self._reaching(articulation_FA)
        curves[:, opening] += self.second * (self._implied_opening(phones_FP) - curves[:, opening])
        bilabial = phones_FP[:, [INDEX[phone] for phone in BILABIALS]].sum(1)
        contact = self.contact * np.sqrt(_earlier(bilabial, self.contact_lead))
        curves[:, closure] = np.clip((contact - curves[:, opening]) / 0.2, 0, 1)
        vowel = _earlier(phones_FP[:, [INDEX[phone] for phone in VOWELS]].sum(1), self.contact_lead)
        curves[:, opening] = np.clip(curves[:, opening] - contact, self.ajar * vowel**2, 1.2)
        curves[:, closure] *= curves[:, opening] < TOUCHING
        posture = np.zeros(len(ARTICULATORS), np.float32)
        posture[opening] = self.natural_opening if rest == "natural" else 0.0
        posture[ARTICULATORS.index("jaw")] = posture[opening] / 2
        still = self.pauses(phones_FP[:, INDEX[SILENCE]])[:, None]
        return np.asarray(curves * (1 - still) + posture * still, np.float32)

    def _reaching(self, articulation_FA: Curves) -> Curves:
        doubt = np.where(np.array(self.gains) > 1, self.doubt, 0)
        return ((articulation_FA - doubt) * self.gains).astype(np.float32).clip(0, 1.2)

    def _implied_opening(self, phones_FP: Curves) -> Curves:
        """Mean of the phones' openings, weighted by probability, dominance and nearness in time."""
        offsets = np.arange(-round(0.3 * self.fps), round(0.3 * self.fps) + 1) / self.fps
        near = np.exp(-np.abs(offsets + self.lead) / self.inertia)
        dominance = phones_FP @ OPENING.dominance[: len(PHONES)]
        opening = phones_FP @ (OPENING.dominance * OPENING.target)[: len(PHONES)]
        return np.asarray(_spread(opening, near) / _spread(dominance, near), np.float32)

    def pauses(self, silence_F: Curves) -> Curves:
        """How far the mouth is at rest, 0..1, shape (F,): 1 within pauses, with smooth shoulders."""
        clicks_apart = ndimage.binary_opening(silence_F <= 0.5, np.ones(CLICK + 1, np.bool_))
        silent = np.concatenate([[False], ~clicks_apart, [False]])
        edges = np.flatnonzero(np.diff(silent.astype(np.int8))).reshape(-1, 2)
        rest = np.zeros(len(silence_F), np.float32)
        for start, end in edges:
            if end - start < self.shortest_pause * self.fps and start > 0 and end < len(silence_F):
                continue
            frames = np.arange(start, end)
            since = 1.0 if start == 0 else (frames - start + 1) / (self.close * self.fps)
            until = 1.0 if end == len(silence_F) else (end - frames) / (self.reopen * self.fps)
            ramp = np.clip(np.minimum(since, until), 0, 1)
            rest[start:end] = ramp * ramp * (3 - 2 * ramp)
        return rest


def _spread(curve_F: NDArray[np.float64], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convolve with an odd kernel, the curve's ends held."""
    half = len(kernel) // 2
    return np.convolve(np.pad(curve_F, half, mode="edge"), kernel, mode="valid")


def _earlier(curve_F: Curves, frames: int) -> Curves:
    return np.concatenate([curve_F[frames:], np.repeat(curve_F[-1:], min(frames, len(curve_F)))])
