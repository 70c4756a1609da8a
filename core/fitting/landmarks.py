"""Places that every face has, as vertices of a mesh."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.mesh import Indices, Mesh

Doubles = NDArray[np.float64]
Positions = NDArray[np.floating[Any]]

SAMPLES = {"lip": 17, "vermilion": 11, "lid": 13}
"""Points taken along each kind of curve, at equal shares of its length."""

POINTS = (
    "glabella",
    "sellion",
    "nose_tip",
    "subnasale",
    "sulcus",
    "pogonion",
    "gnathion",
    "right_ala",
    "left_ala",
    "right_ear",
    "left_ear",
)
CURVES = tuple(
    [f"{side}_{part}" for part in ("lip", "vermilion") for side in ("upper", "lower")]
    + [f"{eye}_{side}_lid" for eye in ("right", "left") for side in ("upper", "lower")]
)
REQUIRED = ("upper_lip", "lower_lip")
"""Without the lips nothing can be fitted; all else may be missing."""


@dataclass(frozen=True)
class Landmarks:
    """Named vertices of one mesh.

    Attributes
    ----------
    points : mapping of str to int
        Single vertices, by names of `POINTS`.
    curves : mapping of str to ndarray of shape (n,), int32
        Chains of vertices from the head's right to its left, by names of `CURVES`. The curves of a lip and of
        a lid are its rim, where it meets the other one, from corner to corner.
    eyeballs : mapping of str to int
        Any vertex of the ``left`` and ``right`` eyeball, where they are parts of their own.
    """

    points: Mapping[str, int]
    curves: Mapping[str, Indices]
    eyeballs: Mapping[str, int]


def paired_positions(
    source: tuple[Positions, Landmarks], target: tuple[Positions, Landmarks]
) -> tuple[Doubles, Doubles]:
    """Positions of all landmarks that two heads share, (N, 3) each, curves sampled at like shares of length.

    Parameters
    ----------
    source, target : tuple of ndarray of shape (V, 3) and Landmarks
    """
    rows: tuple[list[Doubles], list[Doubles]] = ([], [])
    for name in POINTS:
        if name in source[1].points and name in target[1].points:
            for side, (vertices, marks) in zip(rows, (source, target), strict=True):
                side.append(vertices[[marks.points[name]]].astype(np.float64))
    for name in CURVES:
        if name in source[1].curves and name in target[1].curves:
            shares = np.linspace(0, 1, SAMPLES[name.rsplit("_", 1)[1]])
            for side, (vertices, marks) in zip(rows, (source, target), strict=True):
                side.append(sample(vertices[marks.curves[name]], shares))
    return np.concatenate(rows[0]), np.concatenate(rows[1])


def shares_of_length(curve: Positions) -> Doubles:
    """Share of a polyline's length at each of its vertices, shape (n,), from 0 to 1."""
    steps = np.linalg.norm(np.diff(curve, axis=0), axis=1).astype(np.float64)
    run = np.concatenate([[0.0], np.cumsum(steps)])
    return np.asarray(run / run[-1]) if run[-1] > 0 else np.linspace(0, 1, len(curve))


def sample(curve: Positions, shares: Doubles) -> Doubles:
    """Points (N, 3) at shares of a polyline's length."""
    own = shares_of_length(curve)
    return np.stack([np.interp(shares, own, curve[:, axis]) for axis in range(3)], axis=1)


def load_landmarks(path: Path, mesh: Mesh) -> Landmarks:
    """Read landmarks that a user made: JSON with ``points`` and ``curves`` by name, vertex numbers from 0.

    Raises
    ------
    InputError
        If the file is missing or broken, names vertices that the mesh does not have, or lacks the lips.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        points = {str(name): int(vertex) for name, vertex in data.get("points", {}).items()}
        curves = {str(name): np.array(chain, np.int32) for name, chain in data["curves"].items()}
        eyeballs = {str(side): int(vertex) for side, vertex in data.get("eyeballs", {}).items()}
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(path, "not a landmark file") from error
    for name in REQUIRED:
        if len(curves.get(name, ())) < 5:
            raise InputError(path, f"needs a curve {name} of at least five vertices")
    single = np.array([*points.values(), *eyeballs.values()], np.int64)
    numbers = np.concatenate([single, *(chain.ravel() for chain in curves.values())])
    if numbers.min() < 0 or numbers.max() >= len(mesh.vertices):
        raise InputError(path, f"names a vertex that the mesh does not have (it has {len(mesh.vertices)})")
    return Landmarks(points, curves, eyeballs)
