"""Lips and lids of a fitted head that must meet: measured on it, and made to.

Carried motion is right but for the difference of two heads' proportions; where parts touch, that difference
shows. What is missing is added on the rims and fades out along the skin of each side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.fitting.eyeballs import Eyeball
from core.fitting.landmarks import shares_of_length
from core.fitting.register import Head
from core.mesh import Indices
from core.rig import Lips

Doubles = NDArray[np.float64]


def partners(head: Head, chain: Indices, other: Indices) -> Doubles:
    """Barycentric weights (n, m) that give each vertex of a rim its place on the opposite rim, by length."""
    here, there = (shares_of_length(head.vertices[rim]) for rim in (chain, other))
    after = np.clip(np.searchsorted(there, here, side="right"), 1, len(there) - 1)
    t = np.clip((here - there[after - 1]) / np.maximum(there[after] - there[after - 1], 1e-12), 0, 1)
    weights = np.zeros((len(chain), len(other)))
    rows = np.arange(len(chain))
    weights[rows, after - 1] = 1 - t
    weights[rows, after] += t
    return weights


def spread_from_rim(head: Head, rim: Indices, values: Doubles, fade: float) -> Doubles:
    """Let a correction of a rim fade out over the skin of its own side.

    Parameters
    ----------
    head : Head
    rim : ndarray of shape (n,)
    values : ndarray of shape (n, K)
        Wanted on the rim, met there exactly.
    fade : float
        Millimetres along the skin at which nothing is left.

    Returns
    -------
    ndarray of shape (V, K)
    """
    side = np.bincount(head.sides.side[rim] + 3).argmax() - 3
    opposite = head.sides.side == -side
    known = (head.graph.distance(rim) > fade) | opposite
    known[rim] = True
    wanted = np.zeros((len(head.vertices), values.shape[1]))
    wanted[rim] = values
    return head.graph.spread(wanted, known)


def close_lips(head: Head, jaw_open: Doubles, mouth_close: Doubles, gauge: Lips, fade: float) -> Doubles:
    """Return mouthClose such that with jawOpen it moves both lips alike, so that they stay shut.

    Parameters
    ----------
    head : Head
    jaw_open, mouth_close : ndarray of shape (V, 3)
    gauge : Lips
        Pairs between which the opening is measured; met exactly, as the rims are.
    fade : float
        Millimetres from the lips at which mouthClose is as it was.
    """
    upper, lower = head.landmarks.curves["upper_lip"], head.landmarks.curves["lower_lip"]
    closed = jaw_open + mouth_close
    wanted = {
        int(v): move for v, move in zip(lower, partners(head, lower, upper) @ closed[upper], strict=True)
    }
    wanted |= {int(v): closed[u] for u, v in zip(gauge.upper, gauge.lower, strict=True) if v not in upper}
    rim = np.array(list(wanted), np.int32)
    missing = np.array(list(wanted.values())) - closed[rim]
    return mouth_close + spread_from_rim(head, rim, missing, fade)


def close_lids(head: Head, blink: Doubles, eye: str, fade: float) -> Doubles:
    """Return a blink whose upper lid comes down to where the lower one is.

    Parameters
    ----------
    head : Head
    blink : ndarray of shape (V, 3)
    eye : {"left", "right"}
    fade : float
    """
    curves = head.landmarks.curves
    if f"{eye}_upper_lid" not in curves or f"{eye}_lower_lid" not in curves:
        return blink
    upper, lower = curves[f"{eye}_upper_lid"], curves[f"{eye}_lower_lid"]
    posed = head.vertices + blink
    missing = partners(head, upper, lower) @ posed[lower] - posed[upper]
    return blink + spread_from_rim(head, upper, missing, fade)


def keep_outside(head: Head, move: Doubles, ball: Eyeball, clearance: float) -> Doubles:
    """Return a motion that pushes no lid into the eyeball.

    Parameters
    ----------
    head : Head
    move : ndarray of shape (V, 3)
    ball : Eyeball
    clearance : float
        Millimetres kept from the eyeball by what moves in front of it.
    """
    rest = np.linalg.norm(head.vertices - ball.centre, axis=1)
    arm = head.vertices + move - ball.centre
    reach = np.linalg.norm(arm, axis=1)
    keep = np.minimum(rest, ball.radius + clearance)
    sunk = (reach < keep) & (reach > 0) & ~head.sides.behind & np.any(move != 0, axis=1)
    pushed = move.copy()
    pushed[sunk] += arm[sunk] * (keep[sunk] / reach[sunk] - 1)[:, None]
    return pushed
