"""Build the default head: ``python -m assets.head.build`` writes ``assets/head/default.npz``."""

from __future__ import annotations

import numpy as np

from assets.head.assemble import Head, make_head, to_mesh
from assets.head.colours import vertex_colours
from assets.head.handles import Canvas
from assets.head.jaw import jaw_shapes
from assets.head.sdf import Points
from assets.head.shapes_brow import upper_face_shapes
from assets.head.shapes_eyes import eye_shapes
from assets.head.shapes_mouth import mouth_shapes
from assets.head.tongue import tongue_shapes
from core import paths
from core.channels import CHANNELS
from core.rig import Lips, Rig
from core.rig_file import save_rig


def build() -> Rig:
    """Sculpt, wrap and rig the head."""
    head = make_head()
    canvas = Canvas(head)
    shapes = {
        **jaw_shapes(canvas),
        **mouth_shapes(canvas),
        **eye_shapes(canvas),
        **upper_face_shapes(canvas),
        **tongue_shapes(canvas),
    }
    basis = np.stack([_settled(canvas, shapes[name]) for name in CHANNELS]).astype(np.float32)
    return Rig(to_mesh(head), CHANNELS, basis, _lips(head), 1.0, "default head", vertex_colours(head))


def _settled(canvas: Canvas, shape: Points) -> Points:
    """Drop motion too small to see, so that every shape is local."""
    small = np.linalg.norm(shape, axis=1) < 0.01
    return np.where(small[:, None] & small[canvas.head.mirror][:, None], 0, shape)


def _lips(head: Head) -> Lips:
    """Pairs of the line of contact from right to left, without the corners, which both lips share."""
    half = len(head.seam) // 2
    upper, lower = head.seam[:half], head.seam[:half:-1]
    right_upper, right_lower = head.mirror[upper[:0:-1]], head.mirror[lower[:0:-1]]
    whole = [np.concatenate(pair).astype(np.int32) for pair in ((right_upper, upper), (right_lower, lower))]
    return Lips(whole[0], whole[1], half - 1)


if __name__ == "__main__":
    save_rig(build(), paths.DEFAULT_RIG)
