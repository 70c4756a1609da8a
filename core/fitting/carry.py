"""Carrying displacements from a registered head to the one it was registered to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.fitting.landmarks import shares_of_length
from core.fitting.register import Head
from core.fitting.surface import closest, vertex_normals

Doubles = NDArray[np.float64]

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
    known = near & alike & ~target.sides.behind
    values = contacts.interpolate(fields)
    for name, chain in target.landmarks.curves.items():
        if name in source.landmarks.curves and name.endswith(("lip", "lid")):
            values[chain] = _along_rim(source, target, name, fields)
            known[chain] = True
    return target.graph.spread(values, known)


def _along_rim(source: Head, target: Head, name: str, fields: Doubles) -> Doubles:
    """Fields on a rim of the target: those of the source's rim at like shares of its length."""
    here, there = source.landmarks.curves[name], target.landmarks.curves[name]
    shares = shares_of_length(source.vertices[here])
    wanted = shares_of_length(target.vertices[there])
    after = np.clip(np.searchsorted(shares, wanted, side="right"), 1, len(shares) - 1)
    t = (wanted - shares[after - 1]) / np.maximum(shares[after] - shares[after - 1], 1e-12)
    t = np.clip(t, 0, 1)[:, None]
    return (1 - t) * fields[here[after - 1]] + t * fields[here[after]]
