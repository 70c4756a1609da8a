"""Build the default head: ``python -m assets.head.build`` writes both its figures beside this file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.head.assemble import Head, make_head
from assets.head.colours import vertex_colours
from assets.head.correctives import correctives
from assets.head.handles import Canvas
from assets.head.jaw import jaw_shapes
from assets.head.sdf import Points
from assets.head.second import second_head
from assets.head.shapes_brow import upper_face_shapes
from assets.head.shapes_eyes import eye_shapes
from assets.head.shapes_mouth import mouth_shapes
from assets.head.tongue import tongue_shapes
from core import paths
from core.channels import CHANNELS
from core.rig import Lips, Rig
from core.rig_file import save_rig


def build() -> tuple[Rig, Rig]:
    """Sculpt, wrap and rig both figures of the head."""
    head = make_head()
    colours = vertex_colours(head)
    return _rigged(head, colours), _rigged(second_head(head), colours)


def _rigged(head: Head, colours: NDArray[np.uint8]) -> Rig:
    canvas = Canvas(head)
    shapes = {
        **jaw_shapes(canvas),
        **mouth_shapes(canvas),
        **eye_shapes(canvas),
        **upper_face_shapes(canvas),
        **tongue_shapes(canvas),
    }
    smooth = _unfolded(canvas, shapes)
    basis = np.stack([_settled(canvas, smooth[name]) for name in CHANNELS]).astype(np.float32)
    meetings = correctives(canvas, smooth)
    return Rig(canvas.mesh, CHANNELS, basis, _lips(head), 1.0, "default head", colours, meetings)


def _unfolded(canvas: Canvas, shapes: dict[str, Points]) -> dict[str, Points]:
    """Free the shapes of folds; the right ones stay mirror images of the left."""
    # mouthClose alone drives the lips through each other: it is made to be added to jawOpen.
    smooth = {"mouthClose": shapes["mouthClose"]}
    for name in CHANNELS:
        if name.endswith("Left"):
            smooth[name] = canvas.unfolded(shapes[name])
            smooth[name.removesuffix("Left") + "Right"] = canvas.mirrored(smooth[name])
        elif name not in smooth and not name.endswith("Right"):
            smooth[name] = canvas.symmetric(canvas.unfolded(shapes[name]))
    return smooth


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
    for figure, path in zip(build(), (paths.DEFAULT_RIG, paths.SECOND_RIG), strict=True):
        save_rig(figure, path)
