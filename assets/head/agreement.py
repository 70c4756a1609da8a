"""How far the channels move a face as those of ICT FaceKit do: ``python -m assets.head.agreement FOLDER``.

The other head is aligned by landmarks, each axis with its own scale; displacements are compared at the
nearest vertices of the two skins, in regions of the left half (right channels mirror the left ones). FOLDER
holds the ``generic_neutral_mesh.obj``, ``expression_deltas.npz`` and ``vertex_indices.json`` of ICT FaceKit.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from core.channels import ARKIT
from core.library import default_rig
from core.meshes.load import load_mesh
from core.rig import Rig

Points = NDArray[np.float64]

LANDMARKS = {
    **{36: (-47.8, 0.4, 71), 39: (-16.8, -2.4, 76), 42: (16.8, -2.4, 76), 45: (47.8, 0.4, 71)},
    **{27: (0, 8, 89), 30: (0, -34, 113), 33: (0, -47, 99), 8: (0, -106, 90)},
    **{
        48: (-26.4, -67.2, 87),
        54: (26.4, -67.2, 87),
        51: (0, -60, 102),
        57: (0, -76, 101),
        62: (0, -67, 101),
    },
}
"""Landmarks of the 68-point scheme on the default head, mm."""
FACE_VERTICES = 9409
"""The first vertices of the ICT head are its face."""
NEAR = 7.0
"""Millimetres between vertices that are compared."""
MOVING = 0.12
"""Share of a channel's largest motion that a region must have, in both heads, to be compared."""
REGIONS: Mapping[str, tuple[Points, Points]] = {
    "lips": (np.array([1.0, -80, 70]), np.array([30.0, -56, 120])),
    "jaw": (np.array([1.0, -115, 55]), np.array([40.0, -82, 120])),
    "cheek": (np.array([22.0, -55, 40]), np.array([60.0, -18, 100])),
    "lids": (np.array([14.0, -11, 55]), np.array([50.0, 11, 90])),
    "brow": (np.array([4.0, 13, 55]), np.array([52.0, 38, 110])),
}
"""Boxes of the left half of the face, mm."""


@dataclass(frozen=True)
class Agreement:
    """Cosine between the mean displacements of two heads, by region; those that hardly move are left out."""

    channel: str
    cosines: Mapping[str, float]


def agreements(folder: Path, rig: Rig) -> Iterator[Agreement]:
    """Compare all channels that both heads have."""
    rest = rig.mesh.vertices.astype(np.float64)
    theirs, shapes = _aligned(folder)
    distance, nearest = cKDTree(theirs).query(rest)
    skin = np.flatnonzero((distance < NEAR) & _outside(rig))
    for channel in ARKIT:
        if channel.endswith("Right") or channel not in shapes:
            continue
        ours, other = rig.basis[rig.index[channel]].astype(np.float64), shapes[channel][nearest]
        cosines = {}
        for region, (low, high) in REGIONS.items():
            inside = skin[((rest[skin] > low) & (rest[skin] < high)).all(axis=1)]
            a, b = ours[inside].mean(axis=0), other[inside].mean(axis=0)
            lengths = np.linalg.norm(a), np.linalg.norm(b)
            largest = (np.linalg.norm(moves[skin], axis=1).max() for moves in (ours, other))
            if all(length > MOVING * most for length, most in zip(lengths, largest, strict=True)):
                cosines[region] = float(a @ b / (lengths[0] * lengths[1]))
        yield Agreement(channel, cosines)


def _aligned(folder: Path) -> tuple[Points, dict[str, Points]]:
    """Face of the other head (n, 3) in place of ours, and its shapes by our channels' names."""
    vertices = load_mesh(folder / "generic_neutral_mesh.obj").vertices.astype(np.float64)
    marks = json.loads((folder / "vertex_indices.json").read_text())["idx_to_landmark_verts"]
    source = vertices[[marks[number] for number in LANDMARKS]]
    target = np.array(list(LANDMARKS.values()), np.float64)
    lines = [np.polyfit(source[:, axis], target[:, axis], 1) for axis in range(3)]
    scale, shift = np.array(lines).T
    with np.load(folder / "expression_deltas.npz") as archive:
        names, deltas = archive["names"].tolist(), archive["deltas"][:, :FACE_VERTICES] * scale
    shapes: dict[str, Points] = {}
    for name, moves in zip(names, deltas, strict=True):
        side = {"_L": "Left", "_R": "Right"}.get(name[-2:], "")
        channel = name[:-2] if side else name
        sided = f"{channel}{side}"
        whole = sided if sided in ARKIT else channel
        shapes[whole] = shapes.get(whole, 0.0) + moves
    return vertices[:FACE_VERTICES] * scale + shift, shapes


def _outside(rig: Rig) -> NDArray[np.bool_]:
    """Mark the vertices of visible skin and lips."""
    ends = np.cumsum(rig.mesh.face_sizes)
    mask = np.zeros(len(rig.mesh.vertices), bool)
    for group in rig.mesh.groups:
        if group.name in ("skin", "lips"):
            for face in group.faces:
                mask[rig.mesh.face_vertices[ends[face] - rig.mesh.face_sizes[face] : ends[face]]] = True
    return mask


def table(found: Iterator[Agreement]) -> str:
    """Return the comparison as a Markdown table."""
    lines = [f"| channel | {' | '.join(REGIONS)} |", f"|---|{'---|' * len(REGIONS)}"]
    for row in found:
        cells = [f"{row.cosines[region]:.2f}" if region in row.cosines else "" for region in REGIONS]
        lines.append(f"| {row.channel} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(agreements(Path(sys.argv[1]), default_rig())))
