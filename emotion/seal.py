"""The seal: where neutral speech presses the lips together, the final face does too.

Closures are read off the neutral lipsync itself, so any model and any language has them: short spells in
which the lips meet between openings. A pause is no closure; there an emotion may open the mouth. In a
closure every pair of inner-lip vertices gets the separation it has in the neutral pose, half from each
lip, and the skin around follows smoothly along the surface (DESIGN section 4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse import csgraph

from core.composing import Times, decode
from core.mesh import Floats, Indices, Mesh
from core.neutral import Neutral
from core.rig import Lips, Rig

SHUT_MM = 0.8
"""Lips nearer than this count as shut: captured bilabials stay under it, the tightest vowels over it."""
AJAR_MM = 2.5
"""Lips wider than this count as open; between the two the seal fades."""
SPELL_S = 0.35
"""A closure has an opening at most this far away; what lies farther from any is a pause."""
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
    spread : csr_array of shape (M, K)
        How much of each pair's correction reaches them; positive on the upper lip, negative on the lower.
    closure : ndarray of shape (F,), float32
        Degree of closure 0..1 on the grid of the neutral lipsync.
    fps : float
        Rate of that grid.
    protect : float
        0 leaves emotions as they are, 1 closes the lips as the neutral speech does.
    """

    rig: Rig
    upper: Indices
    lower: Indices
    moved: Indices
    spread: sparse.csr_array
    closure: Floats
    fps: float
    protect: float = 1.0

    def __call__(self, times: Times, neutral: Floats, vertices: Floats) -> Floats:
        """Return vertices (F, V, 3) sealed, given the speech weights (F, C) of the same frames."""
        degree = self.degree(times)
        for frame in np.flatnonzero(degree):
            wanted = _separation(decode(self.rig, neutral[frame : frame + 1])[0])
            found = vertices[frame, self.upper] - vertices[frame, self.lower]
            vertices[frame, self.moved] += self.spread @ (degree[frame] * (wanted - found))
        return vertices

    def degree(self, times: Times) -> Floats:
        """Strength of the seal at times (F,), 0..1."""
        grid = np.arange(len(self.closure)) / self.fps
        return (np.interp(times, grid, self.closure) * self.protect).astype(np.float32)


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
    moved, spread = _spread(rig.mesh, lips, REACH_MM * rig.millimetre)
    closure = closures(gaps / rig.millimetre, neutral.fps)
    return LipSeal(small, lips.upper, lips.lower, moved, spread, closure, neutral.fps)


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
    shut = np.clip((AJAR_MM - gap_mm) / (AJAR_MM - SHUT_MM), 0.0, 1.0)
    near_speech = ndimage.maximum_filter1d(gap_mm, 2 * int(SPELL_S * fps) + 1, mode="nearest") > AJAR_MM
    degree = np.where(near_speech, shut, 0.0)
    return np.asarray(ndimage.gaussian_filter1d(degree, 0.01 * fps).clip(max=shut), np.float32)


def _gaps(lip_rig: Rig, midline: int, weights: Floats) -> Floats:
    # One pair for all frames at once: half an hour of speech takes milliseconds so, and a minute decoded.
    rest, field = _separation(lip_rig.mesh.vertices)[midline], _separation(lip_rig.basis)[:, midline]
    return np.asarray(np.linalg.norm(rest + weights @ field, axis=-1), np.float32)


def _separation(lip_vertices: Floats) -> Floats:
    """Upper minus lower, (..., K, 3), of lip vertices (..., 2 K, 3)."""
    pairs = lip_vertices.shape[-2] // 2
    return np.asarray(lip_vertices[..., :pairs, :] - lip_vertices[..., pairs:, :])


def _spread(mesh: Mesh, lips: Lips, reach: float) -> tuple[Indices, sparse.csr_array]:
    """Vertices near the lips, and what share of each pair's correction they take."""
    upper = _surface_distance(mesh, lips.upper, reach)
    lower = _surface_distance(mesh, lips.lower, reach)
    on_upper = upper.min(axis=0) <= lower.min(axis=0)
    distance = np.where(on_upper, upper, lower)
    moved = np.flatnonzero(np.isfinite(distance.min(axis=0)))
    share = _shares(distance[:, moved], on_upper[moved], reach)
    share = _pin(share, moved, lips)
    return moved.astype(np.int32), sparse.csr_array(share)


def _shares(distance: Floats, on_upper: NDArray[np.bool_], reach: float) -> Floats:
    """Half the correction at the lips, fading to none at ``reach``, blended over nearby pairs; (M, K)."""
    near = distance.min(axis=0)
    with np.errstate(invalid="ignore"):
        kernel = np.exp(-(((distance - near) / (0.15 * reach)) ** 2))
    kernel = np.where(np.isfinite(distance), kernel, 0.0)
    fade = 0.5 + 0.5 * np.cos(np.pi * np.minimum(near / reach, 1.0))
    side = np.where(on_upper, 0.5, -0.5)
    return np.asarray((kernel / kernel.sum(axis=0) * fade * side).T, np.float32)


def _pin(share: Floats, moved: NDArray[np.intp], lips: Lips) -> Floats:
    """Give the pairs exactly their own correction; a corner that is its own partner stays."""
    row = {int(v): r for r, v in enumerate(moved)}
    for pair, (up, low) in enumerate(zip(lips.upper, lips.lower, strict=True)):
        share[row[int(up)]] = 0.0
        share[row[int(low)]] = 0.0
        if up != low:
            share[row[int(up)], pair] = 0.5
            share[row[int(low)], pair] = -0.5
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
