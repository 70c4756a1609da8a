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

from models.gestures import ARTICULATORS
from models.phones import BILABIALS, INDEX, SILENCE

Curves = NDArray[np.float32]
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
    contact : float
        How much of the opening a surely heard bilabial takes away.
    contact_lead : int
        Frames by which the lips meet before the sound says so.
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

    contact: float = 0.5
    contact_lead: int = 1
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
        bilabial = phones_FP[:, [INDEX[phone] for phone in BILABIALS]].sum(1)
        contact = self.contact * np.sqrt(_earlier(bilabial, self.contact_lead))
        doubt = np.where(np.array(self.gains) > 1, self.doubt, 0)
        curves = ((articulation_FA - doubt) * self.gains).astype(np.float32).clip(0, 1.2)
        opening, closure = ARTICULATORS.index("opening"), ARTICULATORS.index("closure")
        curves[:, closure] = np.clip((contact - curves[:, opening]) / 0.2, 0, 1)
        curves[:, opening] = np.clip(curves[:, opening] - contact, 0, 1.2)
        posture = np.zeros(len(ARTICULATORS), np.float32)
        posture[opening] = self.natural_opening if rest == "natural" else 0.0
        posture[ARTICULATORS.index("jaw")] = posture[opening] / 2
        still = self.pauses(phones_FP[:, INDEX[SILENCE]])[:, None]
        return np.asarray(curves * (1 - still) + posture * still, np.float32)

    def pauses(self, silence_F: Curves) -> Curves:
        """How far the mouth is at rest, 0..1, shape (F,): 1 within pauses, with smooth shoulders."""
        silent = np.concatenate([[False], silence_F > 0.5, [False]])
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


def _earlier(curve_F: Curves, frames: int) -> Curves:
    return np.concatenate([curve_F[frames:], np.repeat(curve_F[-1:], min(frames, len(curve_F)))])
