"""What the network hears -> the curves the mouth follows.

The opening is a weighted sum of the network's own opening and of the phones it hears, with the weights that
measured lips ask for (`models.training.speech.fit_articulation`). It blurs the contact of the lips, which the
phones mark sharply; so contact is taken from the phones and subtracted, and nothing but a bilabial closes the
lips. Pauses are found in the phones too: there the mouth is still, in its rest posture. Under doubt a
regression stays small, so the short gestures of lips and tongue are given back their reach.

Letters: F animation frames, P phones, A articulators, K terms of the opening.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from models.gestures import ARTICULATORS
from models.phones import BILABIALS, INDEX, SILENCE, VOWELS

Curves = NDArray[np.float32]
Numbers = NDArray[np.float64]
CLICK = 2
"""Frames of sound within silence that are no speech: a click, the edge of a recording."""
TOUCHING = 0.02
"""Opening under which the lips press each other."""
DENTALS = ("TH", "DH")
TONGUE_OUT = ARTICULATORS.index("tongue_out")
RESTS = ("closed", "natural")
OPEN_VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "EY")
TERMS: tuple[str, ...] = (
    *("AA AE AY AW", "EH EY", "AO OY OW", "AH ER", "IH IY", "UW UH W", "R Y L", "T D", "N", "K G NG"),
    *("HH", "TH DH S Z", "SH ZH CH JH", "F V", "P B M", SILENCE),
)
"""Phones that share a weight in the opening."""
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
    own : float
        Weight of the network's opening.
    push : tuple of float
        Weights of the phones of `TERMS`: what hearing them adds to the opening.
    offset : float
        Opening where nothing is heard.
    own_blur, blur, lead : float
        Frames (standard deviation) over which the network's opening and the phones are smoothed, and frames
        by which the phones are ahead of the sound.
    contact : float
        How much of the opening a surely heard bilabial takes away.
    contact_lead : int
        Frames by which the lips meet before the sound says so.
    ajar, wide : float
        Opening that a surely heard vowel, and an open one, keeps, however short and near to a closure: "a" in
        "a boy".
    parted : float
        Opening that is left where no bilabial is heard.
    shortest_pause : float
        Seconds of silence under which the mouth moves on as in speech.
    close, reopen : float
        Seconds the mouth takes to reach rest when a pause begins, and before it ends to leave it.
    natural_low, natural_high : float
        Opening in pauses with the natural rest posture: the mean of what is heard in each, within these.
    settles : float
        Seconds of a pause from which on the mouth comes to rest by itself, whatever noise or music is heard.
    doubt : float
        What the short gestures show where there are none.
    dental : float
        How far the tongue is out per probability of a dental.
    gains : tuple of float
        Reach of each articulator in the rule over its reach in the network's output.
    """

    own: float = 1.0
    push: tuple[float, ...] = (0.0,) * len(TERMS)
    offset: float = 0.0
    own_blur: float = 1.0
    blur: float = 3.0
    lead: int = 2
    contact: float = 0.5
    contact_lead: int = 1
    ajar: float = 0.2
    wide: float = 0.35
    parted: float = 0.12
    shortest_pause: float = 0.12
    close: float = 0.1
    reopen: float = 0.12
    natural_low: float = 0.1
    natural_high: float = 0.45
    settles: float = 1.0
    doubt: float = 0.06
    dental: float = 2.5
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
        curves[:, TONGUE_OUT] = np.maximum(curves[:, TONGUE_OUT], self._between_teeth(phones_FP))
        heard = np.maximum(self.opening(phones_FP, articulation_FA), 0)
        bilabial = _earlier(_sum_of(phones_FP, BILABIALS), self.contact_lead)
        contact = self.contact * np.sqrt(bilabial)
        curves[:, opening] = np.clip(heard - contact, self._least(phones_FP, bilabial), 1.2)
        curves[:, closure] = np.clip((contact - heard) / 0.2, 0, 1) * (curves[:, opening] < TOUCHING)
        still = self.pauses(phones_FP[:, INDEX[SILENCE]])
        posture = np.zeros_like(curves)
        if rest == "natural":
            posture[:, opening] = self._natural(heard, still > 0)
            posture[:, ARTICULATORS.index("jaw")] = posture[:, opening] / 2
        return np.asarray(curves * (1 - still[:, None]) + posture * still[:, None], np.float32)

    def terms(self, phones_FP: Curves, articulation_FA: Curves) -> Numbers:
        """Return what the opening is a weighted sum of: the network's own, then `TERMS`; shape (F, K)."""
        own = articulation_FA[:, [ARTICULATORS.index("opening")]]
        groups = np.stack([_sum_of(phones_FP, term.split()) for term in TERMS], 1)
        groups = _earlier(ndimage.gaussian_filter1d(groups, self.blur, axis=0, mode="nearest"), self.lead)
        own = ndimage.gaussian_filter1d(own, self.own_blur, axis=0, mode="nearest")
        return np.concatenate([own, groups], 1, dtype=np.float64)

    def opening(self, phones_FP: Curves, articulation_FA: Curves) -> Numbers:
        """Weigh the terms; before contact and pauses, shape (F,); below 0 the lips would press."""
        weights = np.array([self.own, *self.push])
        return np.asarray(self.terms(phones_FP, articulation_FA) @ weights + self.offset)

    def _least(self, phones_FP: Curves, bilabial_F: Curves) -> Curves:
        """Find the opening that is kept; a vowel counts a frame longer than it is heard, for the shortest."""
        vowel, wide = (_sum_of(phones_FP, names) for names in (VOWELS, OPEN_VOWELS))
        vowel, wide = (np.maximum(each, _earlier(each, self.contact_lead)) for each in (vowel, wide))
        elsewhere = self.parted * np.clip(1 - bilabial_F / 0.3, 0, 1)
        return np.asarray(np.maximum(np.maximum(self.wide * wide, self.ajar * vowel), elsewhere))

    def _natural(self, heard_F: Numbers, still_F: NDArray[np.bool_]) -> Numbers:
        """Find the opening that the lips keep in each pause."""
        means, frames = _over_runs(heard_F, still_F)
        settling = np.minimum(1, self.settles / np.maximum(frames / self.fps, 1e-9))
        high = self.natural_low + (self.natural_high - self.natural_low) * settling
        return np.asarray(means.clip(self.natural_low, high))

    def _between_teeth(self, phones_FP: Curves) -> Curves:
        """Put the tongue out where /th/ is heard, which the network seldom dares to say."""
        dental = ndimage.gaussian_filter1d(_sum_of(phones_FP, DENTALS), self.own_blur, mode="nearest")
        return np.asarray(np.clip(self.dental * (dental - self.doubt), 0, 1))

    def _reaching(self, articulation_FA: Curves) -> Curves:
        doubt = np.where(np.array(self.gains) > 1, self.doubt, 0)
        return ((articulation_FA - doubt) * self.gains).astype(np.float32).clip(0, 1.2)

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


def _sum_of(phones_FP: Curves, names: Sequence[str]) -> Curves:
    return np.asarray(phones_FP[:, [INDEX[name] for name in names]].sum(1))


def _over_runs(curve_F: Numbers, chosen_F: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Mean of the curve over each run of chosen frames, and how many they are, there; 0 elsewhere."""
    runs, count = ndimage.label(chosen_F)
    means = ndimage.mean(curve_F, runs, np.arange(1, count + 1))
    lengths = np.bincount(runs, minlength=count + 1)[1:]
    both = (np.reshape(means, count), lengths)
    means_F, lengths_F = (np.concatenate([[0.0], each])[runs] for each in both)
    return means_F, lengths_F


def _earlier(curve: Curves, frames: int) -> Curves:
    return np.concatenate([curve[frames:], np.repeat(curve[-1:], min(frames, len(curve)), axis=0)])
