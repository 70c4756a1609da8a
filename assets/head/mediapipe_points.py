"""Put MediaPipe's 468 landmarks on the default head: ``python -m assets.head.mediapipe_points [PICTURE]``.

MediaPipe (Apache-2.0) looks at pictures of the head from many sides; where it sees a landmark, a line of
sight is followed to the skin. Rows that belong on the rims of lips and lids are put there exactly. Nothing of
MediaPipe's own canonical mesh is used. Needs the package ``mediapipe==0.10.14``, the last one but for patches
that brings its face mesh along; PICTURE then shows the outcome.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from assets.head.assemble import BORDER_RING, Head, make_head
from assets.head.mediapipe_views import AZIMUTHS, Doubles, Sighting, sightings
from assets.head.template import ROW
from core import paths
from core.fitting.surface import closest
from core.library import default_rig
from core.mesh import Indices
from core.rig import Rig

Numbers = NDArray[np.int64]

EARS = 1.0
"""The face ends here at the sides: z in mm."""
BEFORE_EARS = {323: (454, 361), 93: (234, 132)}
"""Landmarks that lines of sight lose at the ear's edge, and those above and below them on the outline."""
JAW_OPEN = 0.25
"""The lips are looked at apart, so that each keeps its own landmarks."""
MOUTH, MOUTH_REACH = np.array([0.0, -67.0, 97.0]), 31.0
"""What counts as lips: so far from the mouth's middle, mm."""
# Left halves, from the middle or the outer corner on; the right ones are their mirror images.
INNER_UPPER, INNER_LOWER = (13, 312, 311, 310, 415, 308), (14, 317, 402, 318, 324, 308)
OUTER_UPPER, OUTER_LOWER = (0, 267, 269, 270, 409, 291), (17, 314, 405, 321, 375, 291)
LID_UPPER = (362, 398, 384, 385, 386, 387, 388, 466, 263)
LID_LOWER = (362, 382, 381, 380, 374, 373, 390, 249, 263)


def mirror_pairs(views: list[Sighting]) -> Numbers:
    """Pair each landmark with its mirror image, itself on the midline.

    From the other side, by as many degrees, a face looks like its mirror image.
    """
    seen = np.stack([view.picture for view in views]).reshape(len(AZIMUTHS), -1, len(views[0].picture), 2)
    mirrored = (1 - seen[::-1, ..., 0], seen[::-1, ..., 1])
    across, down = (
        np.abs(seen[..., k][..., :, None] - mirrored[k][..., None, :]).mean(axis=(0, 1)) for k in (0, 1)
    )
    apart = across + down
    pairs = linear_sum_assignment(apart + apart.T)[1]
    if (pairs[pairs] != np.arange(len(pairs))).any():
        raise ValueError("the landmarks found are no mirror images of each other")
    return np.asarray(pairs)


def combined(views: list[Sighting], pairs: Numbers) -> Doubles:
    """Geometric median (Weiszfeld 1937) of what was seen of each landmark and of its mirror image.

    A side is looked at from its own side alone, and best face to face.
    """
    places = np.stack([view.places for view in views])
    weights = np.stack([view.facing for view in views]).clip(0) ** 2
    middle = np.mean([view.picture[:, 0] for view in views if view.azimuth == 0], axis=0) - 0.5
    for view, row in zip(views, weights, strict=True):
        row[middle * np.sign(view.azimuth) < -0.01] = 0
    places = np.concatenate([places, places[:, pairs] * [-1, 1, 1]])
    weights = np.concatenate([weights, weights[:, pairs]])
    near = weights
    for _ in range(60):
        median = np.einsum("vn,vni->ni", near, places) / near.sum(0)[:, None]
        near = weights / (0.1 + np.linalg.norm(places - median, axis=2))
    return np.asarray(median)


def on_rim(rim: Numbers, distance: Doubles, wanted: Doubles) -> tuple[Indices, Doubles]:
    """Place points on a line of vertices where a distance that grows along it has given values."""
    position = np.interp(wanted, distance, np.arange(len(rim)))
    first = np.minimum(position.astype(int), len(rim) - 2)
    share = position - first
    corners = np.stack([rim[first], rim[first + 1], rim[first]], axis=1)
    return corners.astype(np.int32), np.stack([1 - share, share, 0 * share], axis=1)


def rims(head: Head) -> list[tuple[tuple[int, ...], Numbers]]:
    """Return left rows of landmarks and the rims they belong on, each from its first landmark on."""
    half, lid = len(head.seam) // 2, head.eye[-4]
    border, across = head.mouth[BORDER_RING], len(lid) // 2
    return [
        (INNER_UPPER, head.seam[: half + 1]),
        (INNER_LOWER, head.seam[: half - 1 : -1]),
        (OUTER_UPPER, border[: half + 1]),
        (OUTER_LOWER, border[: half - 1 : -1]),
        (LID_UPPER, lid[: across + 1]),
        (LID_LOWER, np.r_[lid[0], lid[: across - 1 : -1]]),
    ]


def located(rig: Rig, head: Head, skin: Indices, places: Doubles, pairs: Numbers) -> tuple[Indices, Doubles]:
    """Return the triangle of each landmark and its shares there, exactly symmetric."""
    vertices = rig.mesh.vertices.astype(np.float64)
    contact = closest(places, vertices, skin)
    corners, shares = contact.corners, contact.shares
    middle = np.flatnonzero(pairs == np.arange(len(pairs)))
    shares[middle] *= vertices[corners[middle], 0] == 0
    shares[middle] /= shares[middle].sum(axis=1, keepdims=True)
    for row, rim in rims(head):
        x = vertices[rim, 0]
        wanted = np.clip(places[list(row), 0], x[0], x[-1])
        wanted[0], wanted[-1] = x[0], x[-1]
        corners[list(row)], shares[list(row)] = on_rim(rim, x, wanted)
    right = np.setdiff1d(np.flatnonzero(places[:, 0] < 0), middle)
    corners[right], shares[right] = head.mirror[corners[pairs[right]]], shares[pairs[right]]
    return corners, shares


def face_skin(rig: Rig, head: Head) -> Indices:
    """Triangles of skin and lips from the ears forward and down to the chin's underside."""
    mesh = rig.mesh
    named = np.concatenate([group.faces for group in mesh.groups if group.name in ("skin", "lips")])
    face = np.repeat(np.arange(len(mesh.face_sizes)), mesh.face_sizes)[mesh.triangle_corners[:, 0]]
    neck = head.grid[ROW["under"] + 1 :]
    beyond = head.points[:, 2] < EARS
    beyond[neck] = beyond[head.mirror[neck]] = True
    return mesh.triangles[np.isin(face, named) & ~beyond[mesh.triangles].any(axis=1)]


def build() -> None:
    """Look, locate and write the table beside this file."""
    rig, head = default_rig(), make_head()
    skin = face_skin(rig, head)
    shut, ajar = (list(sightings(rig, skin, jaw_open)) for jaw_open in (0.0, JAW_OPEN))
    pairs = mirror_pairs(ajar)
    whole, lips = combined(shut, pairs), combined(ajar, pairs)
    near = np.linalg.norm(lips - MOUTH, axis=1) < MOUTH_REACH
    places = np.where(near[:, None], lips, whole)
    for lost, neighbours in BEFORE_EARS.items():
        places[lost] = places[list(neighbours)].mean(axis=0)
    corners, shares = located(rig, head, skin, places, pairs)
    np.savez_compressed(
        paths.MEDIAPIPE_POINTS,
        corners=corners,
        shares=shares.astype(np.float32),
        vertices=np.int32(len(rig.mesh.vertices)),
    )


if __name__ == "__main__":
    build()
    if sys.argv[1:]:
        from assets.head.mediapipe_sheet import sheet

        sheet().save(Path(sys.argv[1]))
