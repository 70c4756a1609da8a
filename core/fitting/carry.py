"""Carrying displacements from a registered head to the one it was registered to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.fitting.landmarks import shares_of_length
from core.fitting.register import Head
from core.fitting.sides import SLITS
from core.fitting.surface import closest, vertex_normals

Doubles = NDArray[np.float64]

LID_BAND = 7.0
"""Millimetres of skin around the lids' rims whose motion is spread between rim and orbit."""

REACH = 6.0
"""Millimetres: a vertex further from the registered skin takes its motion from its neighbours instead."""


def carry(source: Head, target: Head, placed: Doubles, fields: Doubles) -> Doubles:
    """Carry displacement fields over.

    Parameters
    ----------
    source, target : Head
    placed : ndarray of shape (S, 3)
        Source vertices after registration.
    fields : ndarray of shape (S, K)
        K numbers a source vertex.

    Returns
    -------
    ndarray of shape (V, K)
        Zero on parts of the target that are not its skin.
    """
    contacts = closest(
        target.vertices, placed, source.outer_triangles(), target.sides.side, source.sides.side
    )
    normals = vertex_normals(target.vertices, target.triangles)
    near = np.linalg.norm(contacts.position - target.vertices, axis=1) < REACH
    alike = np.einsum("ni,ni->n", contacts.normal, normals) > 0.3
    known = near & alike & ~target.sides.behind & ~_on_lids(target)
    values = contacts.interpolate(fields)
    for upper, lower, _ in SLITS:
        _set_rims(values, known, source, target, (upper, lower), fields)
    return target.graph.spread(values, known)


def _on_lids(head: Head) -> NDArray[np.bool_]:
    """Skin of the lids but for their rims: it is stretched between rim and orbit, whatever its folds."""
    lids = [chain for name, chain in head.landmarks.curves.items() if name.endswith("lid")]
    if not lids:
        return np.zeros(len(head.vertices), bool)
    return head.graph.distance(np.unique(np.concatenate(lids))) < LID_BAND


def _set_rims(
    values: Doubles,
    known: NDArray[np.bool_],
    source: Head,
    target: Head,
    names: tuple[str, str],
    fields: Doubles,
) -> None:
    """Give the rims of a slit of the target the motion of the source's, in place."""
    rims = [target.landmarks.curves[name] for name in names if name in target.landmarks.curves]
    if len(rims) < 2 or any(name not in source.landmarks.curves for name in names):
        return
    moves = [_along_rim(source, target, name, fields) for name in names]
    for rim, move in zip(rims, moves, strict=True):
        values[rim], known[rim] = move, True
    # The corners are on both rims, and move as the mean of them.
    for end in (0, -1):
        if rims[0][end] == rims[1][end]:
            values[rims[0][end]] = (moves[0][end] + moves[1][end]) / 2


def _along_rim(source: Head, target: Head, name: str, fields: Doubles) -> Doubles:
    """Fields on a rim of the target: those of the source's rim at like shares of its length."""
    here, there = source.landmarks.curves[name], target.landmarks.curves[name]
    shares = shares_of_length(source.vertices[here])
    wanted = shares_of_length(target.vertices[there])
    after = np.clip(np.searchsorted(shares, wanted, side="right"), 1, len(shares) - 1)
    t = (wanted - shares[after - 1]) / np.maximum(shares[after] - shares[after - 1], 1e-12)
    t = np.clip(t, 0, 1)[:, None]
    return (1 - t) * fields[here[after - 1]] + t * fields[here[after]]
