"""How far the lips are apart over time: as the voice alone asks, and as the face shows in the end."""

from __future__ import annotations

import numpy as np

from core.composing import Times
from core.mesh import Floats
from core.rig import Rig
from emotion.performance import Performance
from emotion.seal import LipSeal


def lip_gaps(performance: Performance, times: Times) -> tuple[Floats, Floats] | None:
    """Gap of the inner lips at the midline, in millimetres on a life-size head.

    It is read off one pair of vertices and the seal's degrees, for thousands of times at once.

    Parameters
    ----------
    performance : Performance
    times : ndarray of shape (F,)

    Returns
    -------
    (ndarray of shape (F,), ndarray of shape (F,)) or None
        Neutral and final gap; None where the head has no lips or nothing is said.
    """
    stage, composer = performance.stage, performance.composer
    if stage.seal is None or stage.rig.lips is None:
        return None
    wanted, shown = (
        _lips(stage.rig, weights) for weights in (composer.wanted(times), composer.weights(times))
    )
    neutral, final = wanted[0] - wanted[1], shown[0] - shown[1]
    if isinstance(composer.seal, LipSeal):
        held, tuck = composer.seal.degree(times)[:, None], composer.seal.tucked(times)[:, None]
        lower = tuck * (wanted[1] - shown[1])
        final = final - lower + held * (neutral - (final - lower))
    gaps = (np.linalg.norm(each, axis=1) / stage.rig.millimetre for each in (neutral, final))
    one, other = (np.asarray(gap, np.float32) for gap in gaps)
    return one, other


def _lips(rig: Rig, weights: Floats) -> Floats:
    """Upper and lower lip at the midline, (2, F, 3)."""
    assert rig.lips is not None
    pair = [rig.lips.upper[rig.lips.midline], rig.lips.lower[rig.lips.midline]]
    moved = rig.mesh.vertices[pair, None] + np.tensordot(weights, rig.basis[:, pair], 1).swapaxes(0, 1)
    if rig.correctives:
        shapes = np.stack([corrective.shape[pair] for corrective in rig.correctives])
        moved += np.tensordot(rig.corrections_over(weights), shapes, 1).swapaxes(0, 1)
    return np.asarray(moved, np.float32)
