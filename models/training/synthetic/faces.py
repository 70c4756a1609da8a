"""Heads for lines that were spoken in ARKit's channels: their vertices, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from core.composing import decode
from core.library import default_rig
from core.mesh import Mesh
from core.rig import Rig
from core.templates.topology import default_face
from models.training.datasets.arkit import CHANNELS
from models.training.datasets.line import Floats, Line
from models.training.synthetic.lines import SPEAKERS

OWN = "vertices:own"


@cache
def figure(speaker: str) -> Rig:
    """Return the face of a speaker: one of as many figures of the default head."""
    vertices, face = default_face()
    head = default_rig(SPEAKERS.index(speaker) / (len(SPEAKERS) - 1)).cut_to(vertices)
    mesh = Mesh(head.mesh.vertices, face.mesh.face_sizes, face.mesh.face_vertices)
    return replace(head, mesh=mesh)


def with_faces(
    lines: Iterable[Line], unit: float, space: str = OWN, head: Rig | None = None
) -> Iterator[Line]:
    """Turn weights into vertices.

    Parameters
    ----------
    lines : iterable of Line
        In ``arkit``.
    unit : float
        Of the dataset's units in one of the head's.
    space : str
        What the motion is then called.
    head : Rig, optional
        Whose head all speakers have; each has a figure of the default one where not given.
    """
    for line in lines:
        rig = head or figure(line.speaker)
        motion = decode(rig, _weights(line.motion, rig)) * np.float32(unit)
        template = rig.mesh.vertices * np.float32(unit)
        yield replace(
            line,
            motion=motion.reshape(len(motion), -1),
            template=template,
            space=space,
            known=np.ones(template.size, bool),
        )


def _weights(motion: Floats, rig: Rig) -> Floats:
    weights = np.zeros((len(motion), len(rig.channels)), np.float32)
    for column, name in enumerate(CHANNELS):
        if name in rig.index:
            weights[:, rig.index[name]] = motion[:, column]
    return weights
