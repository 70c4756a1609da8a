"""The seal: where neutral speech brings lips together, or lip to teeth, the final face does too.

In a closure (`emotion.closures`) every pair of inner-lip vertices gets the separation it has in the neutral
pose, half from each lip, and the skin around follows smoothly along the surface (`emotion.lip_spread`). Where
the lower lip is tucked under the upper teeth (f, v) it is held where the neutral speech has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from core.composing import Times
from core.curve import Curve
from core.mesh import Floats, Indices
from core.neutral import Neutral
from core.rig import Rig
from emotion.closures import closures, shut, tucks
from emotion.lip_spread import spread_of

NOTHING_MM = 1e-4
"""What no correction is: less than this."""
REACH_MM = 14.0
"""How far along the skin a lip takes its surroundings with it."""


@dataclass(frozen=True, eq=False)
class LipSeal:
    """Seals the lips of one rig during one recording; see `seal_for`.

    Attributes
    ----------
    rig : Rig
        Restricted to the vertices of the inner lips: its mesh has 2 K vertices, upper ones first.
    upper, lower : ndarray of shape (K,), int32
        Inner-lip pairs, vertex numbers of the whole mesh.
    moved : ndarray of shape (M,), int32
        Vertices that the seal moves.
    upper_spread, lower_spread : csr_array of shape (M, K)
        How much of the correction of each upper and lower lip vertex reaches them.
    closure, tuck : ndarray of shape (F,), float32
        Degree 0..1 to which the lips, or lower lip and teeth, are to meet; on the neutral lipsync's grid.
    shut : ndarray of shape (F,), float32
        Degree 0..1 to which the neutral lips do meet, in pauses too.
    fps : float
        Rate of that grid.
    protect : float
        0 leaves emotions as they are, 1 closes the lips as the neutral speech does.
    lead : Curve or None
        Milliseconds by which the lips are ahead of the sound.
    """

    rig: Rig
    upper: Indices
    lower: Indices
    moved: Indices
    upper_spread: sparse.csr_array
    lower_spread: sparse.csr_array
    closure: Floats
    tuck: Floats
    shut: Floats
    fps: float
    protect: float = 1.0
    lead: Curve | None = None

    def __call__(self, times: Times, neutral: Floats, vertices: Floats) -> Floats:
        """Return vertices (F, V, 3) sealed, given the speech weights (F, C) of the same frames."""
        degree, tuck = self.degree(times), self.tucked(times)
        for frame in np.flatnonzero(np.maximum(degree, tuck)):
            wanted = self._posed(neutral[frame])
            correction = self._correction(wanted, vertices[frame], degree[frame], tuck[frame])
            if correction is not None:
                vertices[frame, self.moved] += correction
        return vertices

    def degree(self, times: Times) -> Floats:
        """How firmly the lips are sealed at times (F,), 0..1."""
        return self._on_grid(self.closure, times)

    def tucked(self, times: Times) -> Floats:
        """How firmly the lower lip is held under the teeth at times (F,), 0..1."""
        return self._on_grid(self.tuck, times)

    def _posed(self, weights: Floats) -> Floats:
        """Inner lips (2 K, 3) at weights (C,); for so few vertices one product is quicker than `decode`."""
        rig = self.rig
        moved = rig.mesh.vertices + (weights @ rig.basis.reshape(len(weights), -1)).reshape(-1, 3)
        if rig.correctives:
            amounts = rig.corrections(weights)
            for k in np.flatnonzero(amounts):
                moved += amounts[k] * rig.correctives[k].shape
        return np.asarray(moved, np.float32)

    def _correction(self, wanted: Floats, face: Floats, degree: float, tuck: float) -> Floats | None:
        """Displacement (M, 3) that leads the lips of a face to where neutral speech wants them (2 K, 3).

        None where they are there, but for rounding: an emotion at 0 leaves every bit as it is.
        """
        lower = tuck * (wanted[len(self.upper) :] - face[self.lower])
        apart = degree * (_separation(wanted) - (face[self.upper] - face[self.lower] - lower))
        if max(np.abs(apart).max(), np.abs(lower).max()) < NOTHING_MM * self.rig.millimetre:
            return None
        lower -= (1 - tuck) / 2 * apart
        return np.asarray(self.upper_spread @ ((1 + tuck) / 2 * apart) + self.lower_spread @ lower)

    def _on_grid(self, curve: Floats, times: Times) -> Floats:
        grid = np.arange(len(curve)) / self.fps
        times = times if self.lead is None else times + self.lead(times) / 1000
        return (np.interp(times, grid, curve) * self.protect).astype(np.float32)


def seal_for(rig: Rig, neutral: Neutral) -> LipSeal | None:
    """Make the seal of a rig for a recording; None where the rig has no lips or nothing was said.

    Parameters
    ----------
    rig : Rig
    neutral : Neutral
        With its columns in the order of the rig's channels.
    """
    if rig.lips is None or not len(neutral.weights):
        return None
    lips = rig.lips
    small = rig.cut_to(np.concatenate([lips.upper, lips.lower]))
    gaps = _gaps(small, lips.midline, neutral.weights)
    # Some heads are modelled with parted lips: what counts is how far they are from their rest.
    gaps -= _gaps(small, lips.midline, np.zeros_like(neutral.weights[:1]))
    moved, upper, lower = spread_of(rig.mesh, lips, REACH_MM * rig.millimetre)
    gaps /= rig.millimetre
    closure, tuck = closures(gaps, neutral.fps), tucks(neutral)
    return LipSeal(small, lips.upper, lips.lower, moved, upper, lower, closure, tuck, shut(gaps), neutral.fps)


def _gaps(lip_rig: Rig, midline: int, weights: Floats) -> Floats:
    # One pair for all frames at once: half an hour of speech takes milliseconds so, and a minute decoded.
    rest, field = _separation(lip_rig.mesh.vertices)[midline], _separation(lip_rig.basis)[:, midline]
    return np.asarray(np.linalg.norm(rest + weights @ field, axis=-1), np.float32)


def _separation(lip_vertices: Floats) -> Floats:
    """Upper minus lower, (..., K, 3), of lip vertices (..., 2 K, 3)."""
    pairs = lip_vertices.shape[-2] // 2
    return np.asarray(lip_vertices[..., :pairs, :] - lip_vertices[..., pairs:, :])
