"""Motion of any space as positions on the judged head, in mm.

Letters: F frames, D coordinates of the motion space, V vertices.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.channels import CHANNELS
from core.composing import decode
from core.rig import Rig
from models.toolbox.motion_model import MotionModel
from models.training.datasets.arkit import CHANNELS as ARKIT_CHANNELS
from models.training.datasets.arkit import SPACE as ARKIT
from models.training.datasets.line import DatasetError, Floats, Line
from models.training.lab.judged_head import JudgedHead

WHOLE = slice(None)


def true_positions(line: Line, head: JudgedHead, span: slice = WHOLE) -> Floats:
    """Where the truth is in some frames, (F, V, 3)."""
    if line.space == ARKIT:
        return posed(_rig(head), weights_of(line, line.motion[span]))
    motion = np.asarray(line.motion[span], np.float32)
    return motion.reshape(len(motion), -1, 3) * np.float32(head.millimetres)


def spoken_positions(model: MotionModel, line: Line, head: JudgedHead, motion: Floats) -> Floats:
    """Where an answer (F, D) of a model is, (F, V, 3).

    Weights pose the head; displacements, and what a weight displaces, are added to the line's own rest.
    """
    if model.card.motion_space == ARKIT:
        moved = posed(_rig(head), weights_of(line, np.clip(motion, 0, 1), model.card.columns))
        return moved if line.space == ARKIT else moved - _rig(head).mesh.vertices + at_rest(line, head)
    return at_rest(line, head) + motion.reshape(len(motion), -1, 3) * np.float32(head.millimetres)


def at_rest(line: Line, head: JudgedHead) -> Floats:
    """Return the speaker's own face at rest, (V, 3) in mm."""
    if line.template is None:
        return head.mesh.vertices
    return np.asarray(line.template * head.millimetres, np.float32)


def posed(rig: Rig, weights: Floats) -> Floats:
    """Pose a rig by weights (F, 58) of the editor's channels; (F, V, 3) in mm."""
    arranged = np.zeros((len(weights), len(rig.channels)), np.float32)
    for column, name in enumerate(CHANNELS):
        if name in rig.index:
            arranged[:, rig.index[name]] = weights[:, column]
    return decode(rig, arranged) / np.float32(rig.millimetre)


def weights_of(line: Line, motion: Floats, names: Sequence[str] = ARKIT_CHANNELS) -> Floats:
    """Arrange weights (F, D) as the editor's channels, (F, 58); what the line does not know stays at 0."""
    known = dict(zip(ARKIT_CHANNELS, line.known, strict=True)) if line.space == ARKIT else {}
    weights = np.zeros((len(motion), len(CHANNELS)), np.float32)
    for column, name in enumerate(names):
        if name in CHANNELS and known.get(name, True):
            weights[:, CHANNELS.index(name)] = motion[:, column]
    return weights


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
