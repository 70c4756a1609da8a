"""An egg with a mouth: a small real rig of a head's proportions, for pictures and exports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from core.audio import AudioClip
from core.composing import Times, decode
from core.mesh import FaceGroup, Floats, Mesh
from core.rig import Lips, Rig
from core.take import Take, frame_times

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
    heights = np.cos(np.linspace(0, np.pi, RINGS + 1)[1:-1]) * 115
    below = int(np.argmax(heights < -62))
    # The mouth: the rings above and below 62 mm under the middle, 25 degrees to either side of the front.
    around = np.array([-2, -1, 0, 1, 2], np.int32) % COLUMNS
    lower = (1 + below * COLUMNS + around).astype(np.int32)
    basis = np.zeros((2, len(mesh.vertices), 3), np.float32)
    basis[0, :, up] = -30.0 * millimetre * (mesh.vertices[:, up] < -62 * millimetre)
    basis[1, :, up] = 10.0 * millimetre * (mesh.vertices[:, up] > 40 * millimetre)
    lips = Lips((lower - COLUMNS).astype(np.int32), lower, 2)
    return Rig(mesh, ("jawOpen", "browInnerUp"), basis, lips, millimetre, "egg")


def egg_take(
    seconds: float = 1.0,
    fps: float = 30.0,
    start: float = 0.0,
    audio: AudioClip | None = None,
    **changes: Any,
) -> Take:
    """Return a take of the egg chewing; ``changes`` replace fields of the take."""
    rig = egg_rig()

    def weights(times: Times) -> Floats:
        return np.stack([np.sin(5 * times) ** 2, np.sin(3 * times) ** 2], axis=1).astype(np.float32)

    times = frame_times(fps, start, start + seconds)
    take = Take(
        rig.mesh,
        rig.channels,
        weights(times),
        times,
        fps,
        lambda wanted: decode(rig, weights(wanted)),
        audio,
        rig.lips,
    )
    return replace(take, **changes)


def tone(seconds: float, rate: int = 16_000, channels: int = 1, hertz: float = 440.0) -> AudioClip:
    """Return a steady tone at half of full scale."""
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return AudioClip(np.tile(wave.astype(np.float32), (channels, 1)), rate)
