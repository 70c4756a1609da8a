"""An egg with a mouth: a small real rig of a head's proportions, for pictures and exports."""

from __future__ import annotations

import numpy as np

from core.mesh import FaceGroup, Mesh
from core.rig import Lips, Rig

RINGS, COLUMNS = 24, 32


def egg_mesh(millimetre: float = 1.0, z_up: bool = False) -> Mesh:
    """An egg 230 mm high, y up and facing +z; quads, a triangle fan at the crown, one polygon at the base."""
    polar = np.linspace(0, np.pi, RINGS + 1)[1:-1]
    around = np.arange(COLUMNS) * 2 * np.pi / COLUMNS
    ring = np.stack([np.sin(around), np.ones(COLUMNS), np.cos(around)], axis=1)
    rings = [ring * (np.sin(p), np.cos(p), np.sin(p)) for p in polar]
    points = np.concatenate([[(0.0, 1.0, 0.0)], *rings]) * (75.0, 115.0, 95.0)
    if z_up:
        points = points[:, [0, 2, 1]] * (1, -1, 1)
    faces = [[0, 1 + k, 1 + (k + 1) % COLUMNS] for k in range(COLUMNS)]
    for row in range(len(rings) - 1):
        first = 1 + row * COLUMNS
        faces += [
            [first + k, first + COLUMNS + k, first + COLUMNS + (k + 1) % COLUMNS, first + (k + 1) % COLUMNS]
            for k in range(COLUMNS)
        ]
    last = 1 + (len(rings) - 1) * COLUMNS
    faces.append([last + k for k in reversed(range(COLUMNS))])
    sizes = np.array([len(face) for face in faces], np.int32)
    corners = np.concatenate(faces).astype(np.int32)
    uvs = (points[:, :2] / 250.0 + 0.5).astype(np.float32)
    vertices = (points * millimetre).astype(np.float32)
    groups = (
        FaceGroup("crown", np.arange(COLUMNS, dtype=np.int32)),
        FaceGroup("skin", np.arange(COLUMNS, len(faces), dtype=np.int32), "Skin"),
    )
    return Mesh(vertices, sizes, corners, uvs, corners.copy(), groups, "egg")


def egg_rig(millimetre: float = 1.0, z_up: bool = False) -> Rig:
    """The egg with two channels: the jaw drops by 30 mm, the brow rises by 10."""
    mesh = egg_mesh(millimetre, z_up)
    up = 2 if z_up else 1
    height = mesh.vertices[:, up] / millimetre
    basis = np.zeros((2, len(height), 3), np.float32)
    basis[0, :, up] = -30.0 * millimetre * (height < -62)
    basis[1, :, up] = 10.0 * millimetre * (height > 40)
    # Lips are the two rings nearest 65 mm below the middle, between 25 degrees left and right of the front.
    row = int(np.argmin(np.abs(np.cos(np.linspace(0, np.pi, RINGS + 1)[1:-1]) * 115 + 62)))
    around = np.array([-2, -1, 0, 1, 2], np.int32) % COLUMNS
    upper = (1 + (row - 1) * COLUMNS + around).astype(np.int32)
    lower = (1 + row * COLUMNS + around).astype(np.int32)
    return Rig(mesh, ("jawOpen", "browInnerUp"), basis, Lips(upper, lower, 2), millimetre, "egg")
