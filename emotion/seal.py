"""The seal: where neutral speech brings lips together, or lip to teeth, the final face does too.

Closures are read off the neutral lipsync itself, so any model and any language has them: short spells in
which the lips meet, or come clearly nearer, between openings. A pause is no closure; there an emotion may
open the mouth. In a closure every pair of inner-lip vertices gets the separation it has in the neutral pose,
half from each lip, and the skin around follows smoothly along the surface (DESIGN section 4). Where the
lower lip is tucked under the upper teeth (f, v) it is held where the neutral speech has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse import csgraph

from core.composing import Times
from core.curve import Curve
from core.mesh import Floats, Indices, Mesh
from core.neutral import Neutral
from core.rig import Lips, Rig

SHUT_MM = 0.8
"""Lips nearer than this count as shut: captured bilabials stay under it, the tightest vowels over it."""
AJAR_MM = 2.5
"""Lips wider than this count as open; between the two the seal fades."""
SPELL_S = 0.35
"""A closure has an opening at most this far away; what lies farther from any is a pause."""
BETWEEN_S, NARROW_MM = 0.25, 1.0
"""Lips that come nearer for less than this time, by twice this much, articulate: a closure not quite made."""
TUCKING, TUCKS_FROM, TUCKED = "mouthRollLower", 0.16, 0.3
"""Channel of a lip that goes under the teeth: to one weight it only presses, from the other it is there."""
LABIODENTALS, TUCKING_S = ("F", "V"), 0.06
"""Phones of such a lip, and seconds it takes on its way."""
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
    moved, upper, lower = _spread(rig.mesh, lips, REACH_MM * rig.millimetre)
    gaps /= rig.millimetre
    closure, tuck = closures(gaps, neutral.fps), _tucks(neutral)
    return LipSeal(small, lips.upper, lips.lower, moved, upper, lower, closure, tuck, shut(gaps), neutral.fps)


def shut(gap_mm: Floats) -> Floats:
    """How surely the lips meet, 0..1, (F,): 1 within `SHUT_MM`, 0 beyond `AJAR_MM`."""
    return np.asarray(np.clip((AJAR_MM - gap_mm) / (AJAR_MM - SHUT_MM), 0.0, 1.0), np.float32)


def _tucks(neutral: Neutral) -> Floats:
    """How far the lower lip is under the upper teeth, (F,), 0..1: as its channel shows, or as was heard."""
    frames = np.arange(len(neutral.weights)) / neutral.fps
    tuck = np.zeros(len(frames), np.float32)
    if TUCKING in neutral.channels:
        rolled = neutral.weights[:, neutral.channels.index(TUCKING)]
        tuck = np.clip((rolled - TUCKS_FROM) / (TUCKED - TUCKS_FROM), 0, 1)
    for phone in neutral.phones:
        if phone.text in LABIODENTALS:
            beside = np.maximum(np.maximum(phone.start - frames, frames - phone.end), 0)
            tuck = np.maximum(tuck, np.clip(1 - beside / TUCKING_S, 0, 1))
    return np.asarray(tuck, np.float32)


def closures(gap_mm: Floats, fps: float) -> Floats:
    """Degree of closure 0..1 of each frame, from the neutral lip gap.

    Parameters
    ----------
    gap_mm : ndarray of shape (F,)
        Millimetres on a life-size head beyond the gap at rest.
    fps : float

    Returns
    -------
    ndarray of shape (F,), float32
    """
    near_speech = ndimage.maximum_filter1d(gap_mm, 2 * int(SPELL_S * fps) + 1, mode="nearest") > AJAR_MM
    degree = np.where(near_speech, np.maximum(shut(gap_mm), _narrowings(gap_mm, fps)), 0.0)
    soft = ndimage.gaussian_filter1d(ndimage.maximum_filter1d(degree, 2 * round(0.01 * fps) + 1), 0.01 * fps)
    return np.asarray(np.maximum(degree, np.where(near_speech, soft, 0.0)), np.float32)


def _narrowings(gap_mm: Floats, fps: float) -> Floats:
    """1 where the lips come nearest to each other between two openings, 0 from half way up on; (F,)."""
    opened: Floats = ndimage.grey_closing(gap_mm, (2 * round(BETWEEN_S * fps / 2) + 1,), mode="nearest")
    depth = opened - gap_mm
    deepest = np.maximum(ndimage.maximum_filter1d(depth, 2 * round(BETWEEN_S * fps / 4) + 1), 1e-6)
    clear = np.clip(deepest / NARROW_MM - 1.0, 0.0, 1.0)
    return np.asarray(np.clip(2.0 * depth / deepest - 1.0, 0.0, 1.0) * clear, np.float32)


def _gaps(lip_rig: Rig, midline: int, weights: Floats) -> Floats:
    # One pair for all frames at once: half an hour of speech takes milliseconds so, and a minute decoded.
    rest, field = _separation(lip_rig.mesh.vertices)[midline], _separation(lip_rig.basis)[:, midline]
    return np.asarray(np.linalg.norm(rest + weights @ field, axis=-1), np.float32)


def _separation(lip_vertices: Floats) -> Floats:
    """Upper minus lower, (..., K, 3), of lip vertices (..., 2 K, 3)."""
    pairs = lip_vertices.shape[-2] // 2
    return np.asarray(lip_vertices[..., :pairs, :] - lip_vertices[..., pairs:, :])


def _spread(mesh: Mesh, lips: Lips, reach: float) -> tuple[Indices, sparse.csr_array, sparse.csr_array]:
    """Vertices near the lips, and what share of the correction of each lip vertex they take."""
    upper = _surface_distance(mesh, lips.upper, reach)
    lower = _surface_distance(mesh, lips.lower, reach)
    on_upper = upper.min(axis=0) <= lower.min(axis=0)
    distance = np.where(on_upper, upper, lower)
    moved = np.flatnonzero(np.isfinite(distance.min(axis=0)))
    share = _shares(distance[:, moved], reach)
    up = _pinned(np.where(on_upper[moved, None], share, 0), moved, lips.upper, lips.lower)
    low = _pinned(np.where(on_upper[moved, None], 0, share), moved, lips.lower, lips.upper)
    return moved.astype(np.int32), sparse.csr_array(up), sparse.csr_array(low)


def _shares(distance: Floats, reach: float) -> Floats:
    """All of the correction at the lips, fading to none at ``reach``, blended over nearby pairs; (M, K)."""
    near = distance.min(axis=0)
    with np.errstate(invalid="ignore"):
        kernel = np.exp(-(((distance - near) / (0.15 * reach)) ** 2))
    kernel = np.where(np.isfinite(distance), kernel, 0.0)
    fade = 0.5 + 0.5 * np.cos(np.pi * np.minimum(near / reach, 1.0))
    return np.asarray((kernel / kernel.sum(axis=0) * fade).T, np.float32)


def _pinned(share: Floats, moved: NDArray[np.intp], own: Indices, others: Indices) -> Floats:
    """Give the vertices of a lip exactly their own correction; a corner that is its own partner stays."""
    rows = np.searchsorted(moved, own)
    share[rows] = 0.0
    share[np.searchsorted(moved, others)] = 0.0
    pairs = np.flatnonzero(own != others)
    share[rows[pairs], pairs] = 1.0
    return share


def _surface_distance(mesh: Mesh, sources: Indices, reach: float) -> Floats:
    """Distance along edges from each source, (K, V); infinite beyond ``reach``."""
    corners = mesh.triangles
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    edges = np.unique(np.sort(edges, axis=1), axis=0)  # a repeated entry would add up
    length = np.linalg.norm(mesh.vertices[edges[:, 0]] - mesh.vertices[edges[:, 1]], axis=1)
    length = np.maximum(length, 1e-9)  # a zero would read as "no edge"
    count = len(mesh.vertices)
    graph = sparse.csr_array((length, (edges[:, 0], edges[:, 1])), shape=(count, count))
    return np.asarray(csgraph.dijkstra(graph, directed=False, indices=sources, limit=reach), np.float32)
