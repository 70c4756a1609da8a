"""Where MediaPipe sees its landmarks on pictures of the default head, and where on the skin that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from assets.head.sheet import Picture, Shot, posed, shoot
from core.mesh import Indices
from core.rig import Rig

Doubles = NDArray[np.float64]

SIDE = 960
"""Pixels of the square pictures."""
VIEW_ANGLE = np.radians(30)
"""Of the pictures' camera, as VTK has it."""
PASSED = 0.2
"""How much is thought of a ray that meets no skin: between the lips, on an eyeball, beside the head."""
AZIMUTHS, ELEVATIONS, HEIGHTS = (-36, -24, -12, 0, 12, 24, 36), (-10, 0, 10), (260, 300)


@dataclass(frozen=True)
class Sighting:
    """Landmarks of one picture, on the head at rest.

    Attributes
    ----------
    azimuth : float
        Degrees that the camera stands to the head's left.
    picture : ndarray of shape (468, 2)
        Where the landmarks are on it, as shares of its width and height.
    places : ndarray of shape (468, 3)
    facing : ndarray of shape (468,)
        Cosine between the skin there and the line of sight; `PASSED` where no skin was met.
    """

    azimuth: float
    picture: Doubles
    places: Doubles
    facing: Doubles


def shots(jaw_open: float) -> list[Shot]:
    """Return the sides from which the head is looked at."""
    return [
        Shot("", {"jawOpen": jaw_open}, azimuth, elevation, (0.0, -20.0, 30.0), height)
        for azimuth, elevation, height in product(AZIMUTHS, ELEVATIONS, HEIGHTS)
    ]


def sightings(rig: Rig, skin: Indices, jaw_open: float) -> Iterator[Sighting]:
    """Look at the head from many sides, in the order of `shots`.

    Parameters
    ----------
    rig : Rig
        The default head.
    skin : ndarray of shape (T, 3)
        Its outer triangles.
    jaw_open : float
        Weight of the channel.
    """
    views = shots(jaw_open)
    vertices = posed(rig, {"jawOpen": jaw_open}).astype(np.float64)
    rest = rig.mesh.vertices.astype(np.float64)
    for shot, found in zip(views, detected(shoot(rig, views, (SIDE, SIDE))), strict=True):
        eye, rays = lines_of_sight(shot, found)
        triangle, shares, facing = first_hits(eye, rays, vertices[skin])
        places = np.einsum("nc,nci->ni", shares, rest[skin[triangle]])
        yield Sighting(shot.azimuth, found, places, facing)


def detected(pictures: list[Picture]) -> Iterator[Doubles]:
    """Find the landmarks of each picture, (468, 2) as shares of its width and height."""
    import mediapipe

    with mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True) as finder:
        for picture in pictures:
            faces = finder.process(np.ascontiguousarray(picture)).multi_face_landmarks
            yield np.array([(point.x, point.y) for point in faces[0].landmark[:468]])


def lines_of_sight(shot: Shot, places: Doubles) -> tuple[Doubles, Doubles]:
    """Return where the camera is, (3,), and the directions in which it sees places on its picture, (N, 3)."""
    eye, axes = camera(shot)
    across, down = ((places - 0.5) * 2 * np.tan(VIEW_ANGLE / 2)).T
    rays = np.stack([across, -down, -np.ones(len(places))], axis=1) @ axes
    return eye, rays / np.linalg.norm(rays, axis=1, keepdims=True)


def place_on_picture(shot: Shot, points: Doubles) -> Doubles:
    """Return where a picture shows points (N, 3), (N, 2) as shares of its width and height."""
    eye, axes = camera(shot)
    across, up, toward = ((points - eye) @ axes.T).T
    seen = np.stack([-across / toward, up / toward], axis=1) / (2 * np.tan(VIEW_ANGLE / 2))
    return np.asarray(seen + 0.5)


def camera(shot: Shot) -> tuple[Doubles, Doubles]:
    """Return where a shot's camera is, (3,), and its axes to the right, up and backwards, (3, 3)."""
    azimuth, elevation = np.radians([shot.azimuth, shot.elevation])
    toward = np.array(
        [np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)]
    )
    right = np.array([np.cos(azimuth), 0, -np.sin(azimuth)])
    distance = shot.height / 2 / np.tan(VIEW_ANGLE / 2)
    return np.asarray(shot.focus) + distance * toward, np.stack([right, np.cross(toward, right), toward])


def first_hits(eye: Doubles, rays: Doubles, triangles: Doubles) -> tuple[Indices, Doubles, Doubles]:
    """Find what each ray meets first (Moeller and Trumbore 1997), or what it passes closest by.

    Parameters
    ----------
    eye : ndarray of shape (3,)
    rays : ndarray of shape (N, 3)
        Unit directions.
    triangles : ndarray of shape (T, 3, 3)
        Corners, counter-clockwise from outside; they are met from there alone.

    Returns
    -------
    triangle : ndarray of shape (N,)
    shares : ndarray of shape (N, 3)
        Barycentric coordinates in it.
    facing : ndarray of shape (N,)
        Cosine between its normal and the ray; `PASSED` where nothing was met.
    """
    origin = triangles[:, 0]
    first, second = triangles[:, 1] - origin, triangles[:, 2] - origin
    normals = np.cross(first, second)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    hit, shares, facing = np.zeros(len(rays), np.int32), np.zeros((len(rays), 3)), np.zeros(len(rays))
    toward, middles = np.cross(eye - origin, first), triangles.mean(axis=1)
    for number, ray in enumerate(rays):
        side = np.cross(ray, second)
        volume = np.einsum("ti,ti->t", first, side)
        volume[volume < 1e-9] = np.nan
        u = np.einsum("ti,ti->t", eye - origin, side) / volume
        v = toward @ ray / volume
        depth = np.einsum("ti,ti->t", toward, second) / volume
        depth[~((u >= 0) & (v >= 0) & (u + v <= 1))] = np.inf
        nearest = int(depth.argmin())
        if np.isfinite(depth[nearest]):
            hit[number], facing[number] = nearest, -normals[nearest] @ ray
            shares[number] = 1 - u[nearest] - v[nearest], u[nearest], v[nearest]
        else:
            beside = np.linalg.norm(np.cross(middles - eye, ray), axis=1) + 1e3 * (normals @ ray > -PASSED)
            hit[number], facing[number], shares[number] = beside.argmin(), PASSED, 1 / 3
    return hit, shares, facing
