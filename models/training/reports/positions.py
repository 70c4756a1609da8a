"""Motion of any space as positions on the judged head, in mm.

Letters: F frames, D coordinates of the motion space, V vertices.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.composing import decode
from core.inference.solving import named
from core.rig import Rig
from models.toolbox.motion_model import MotionModel
from models.training.datasets.arkit import CHANNELS as ARKIT_CHANNELS
from models.training.datasets.arkit import SPACE as ARKIT
from models.training.datasets.line import DatasetError, Floats, Line
from models.training.reports.judged_head import JudgedHead

WHOLE = slice(None)


def true_positions(line: Line, head: JudgedHead, span: slice = WHOLE) -> Floats:
    """Where the truth is in some frames, (F, V, 3)."""
    if line.space == ARKIT:
        return posed(_rig(head), weights_of(line, _rig(head), line.motion[span]))
    motion = np.asarray(line.motion[span], np.float32)
    return motion.reshape(len(motion), -1, 3) * np.float32(head.millimetres)


def spoken_positions(model: MotionModel, line: Line, head: JudgedHead, motion: Floats) -> Floats:
    """Where an answer (F, D) of a model is, (F, V, 3).

    Weights pose the head; displacements, and what a weight displaces, are added to the line's own rest.
    """
    if model.card.motion_space == ARKIT:
        rig = _rig(head)
        moved = posed(rig, weights_of(line, rig, np.clip(motion, 0, 1), model.card.columns))
        return moved if line.space == ARKIT else moved - rig.mesh.vertices + at_rest(line, head)
    return at_rest(line, head) + motion.reshape(len(motion), -1, 3) * np.float32(head.millimetres)


def at_rest(line: Line, head: JudgedHead) -> Floats:
    """Return the speaker's own face at rest, (V, 3) in mm."""
    if line.template is None:
        return head.mesh.vertices
    return np.asarray(line.template * head.millimetres, np.float32)


def posed(rig: Rig, weights: Floats) -> Floats:
    """Pose a rig by weights (F, C) of its channels; (F, V, 3) in mm."""
    return decode(rig, weights) / np.float32(rig.millimetre)


def weights_of(line: Line, rig: Rig, motion: Floats, names: Sequence[str] = ARKIT_CHANNELS) -> Floats:
    """Arrange weights (F, D) as a rig's channels, (F, C); what the line does not know stays at 0."""
    known = dict(zip(ARKIT_CHANNELS, line.known, strict=True)) if line.space == ARKIT else {}
    kept = [number for number, name in enumerate(names) if known.get(name, True)]
    return named(motion[:, kept], [names[number] for number in kept], rig.channels)


def check_comparable(model: MotionModel, line: Line, head: JudgedHead) -> None:
    """Refuse a model whose motion has no place on the line's head.

    Raises
    ------
    DatasetError
        The line moves something else than the model does.
    """
    space, columns = model.card.motion_space, line.motion.shape[1]
    outputs = len(model.mean) if model.components is None else len(model.components.centre)
    if space == ARKIT and (line.space == ARKIT or head.rig is not None):
        return
    if ARKIT not in {space, line.space} and outputs == columns:
        return
    raise DatasetError(Path(line.name), f"moves {line.space}, {model.card.name} moves {space}")


def _rig(head: JudgedHead) -> Rig:
    if head.rig is None:
        raise ValueError(f"{head.name} cannot be posed by channels")
    return head.rig
