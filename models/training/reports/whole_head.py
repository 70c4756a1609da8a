"""The default head around a face that was cut out of it, to be looked at: eyes, teeth and skull follow."""

from __future__ import annotations

import numpy as np

from core.inference.solving import solved_weights
from core.library import default_rig
from core.mesh import Floats
from core.templates.topology import default_face
from models.training.reports.judged_head import JudgedHead, default_head
from models.training.reports.positions import posed


def is_cut_out(head: JudgedHead) -> bool:
    """Tell whether a head is that part of the default one which speech moves."""
    return head.rig is default_face()[1]


def shown_head(head: JudgedHead) -> JudgedHead:
    """Return the head to draw where another one was measured."""
    return default_head(whole=True) if is_cut_out(head) else head


def unmeasured(distances: Floats) -> Floats:
    """Spread distances (F, V) of the face over the whole head, (F, W): nothing is known of the rest (NaN)."""
    numbers, _ = default_face()
    whole = np.full((len(distances), len(default_rig().mesh.vertices)), np.nan, np.float32)
    whole[:, numbers] = distances
    return whole


def around(faces: Floats, rest: Floats) -> Floats:
    """Put faces into the whole head.

    Parameters
    ----------
    faces : ndarray of shape (F, V, 3)
        In mm.
    rest : ndarray of shape (V, 3)
        The speaker's; drawn is the figure of the default head that is nearest.

    Returns
    -------
    ndarray of shape (F, W, 3), float32
        The face as it is; around it what the channels do that come nearest.
    """
    numbers, part = default_face()
    first, second = (default_rig(shape).mesh.vertices[numbers] for shape in (0.0, 1.0))
    toward = second - first
    share = float(((rest - first) * toward).sum() / np.square(toward).sum())
    rig = default_rig(min(max(share, 0.0), 1.0))
    displaced = faces - rest
    # A part has the channels of the whole, in their order.
    whole = posed(rig, solved_weights(part.basis, displaced))
    whole[:, numbers] = rig.mesh.vertices[numbers] + displaced
    return whole
