"""Small real things for tests: a rig with a mouth, a lipsync that opens and closes it, documents."""

from __future__ import annotations

import numpy as np

from core.channels import CHANNELS
from core.document import Document, Track
from core.mesh import Mesh
from core.neutral import Neutral
from core.rig import Lips, Rig

COLUMNS = 9


def mouth_rig(columns: int = COLUMNS) -> Rig:
    """Two strips of quads, 60 mm wide, that meet along a slit: the simplest thing with lips.

    Rows from the top: y = 20, 10, 0 (upper lip), 0 (lower lip), -10, -20.
    """
    x = np.linspace(-30, 30, columns)
    rows = [20.0, 10.0, 0.0, 0.0, -10.0, -20.0]
    vertices = np.array([(a, y, 0.0) for y in rows for a in x], np.float32)
    quads = [
        [r * columns + k, r * columns + k + 1, (r + 1) * columns + k + 1, (r + 1) * columns + k]
        for r in (0, 1, 3, 4)
        for k in range(columns - 1)
    ]
    faces = np.array(quads, np.int32)
    mesh = Mesh(vertices, np.full(len(faces), 4, np.int32), faces.ravel(), name="mouth")
    bend = (1 - (x / 30.0) ** 2)[None]  # corners of the mouth stay together
    basis = np.zeros((len(CHANNELS), 6, columns, 3), np.float32)
    basis[CHANNELS.index("jawOpen"), 3:, :, 1] = -40.0 * bend
    basis[CHANNELS.index("mouthClose"), 3:, :, 1] = 40.0 * bend
    basis[CHANNELS.index("mouthUpperUpLeft"), :3, :, 1] = 8.0 * bend
    basis[CHANNELS.index("mouthSmileLeft"), :, :, 0] = 5.0
    upper = np.arange(2 * columns, 3 * columns, dtype=np.int32)
    lips = Lips(upper, upper + columns, columns // 2)
    return Rig(mesh, CHANNELS, basis.reshape(len(CHANNELS), -1, 3), lips, 1.0, "test")


def speech(openings: list[float], fps: float = 60.0) -> Neutral:
    """Return a lipsync whose jawOpen runs through ``openings``, one sample each."""
    weights = np.zeros((len(openings), len(CHANNELS)), np.float32)
    weights[:, CHANNELS.index("jawOpen")] = openings
    return Neutral(fps, CHANNELS, weights, "test")


def painted(name: str, value: float) -> Document:
    """Return a document with one emotion track at a constant intensity."""
    from core.curve import Curve

    return Document(tracks=(Track(name, Curve.constant(value)),))
