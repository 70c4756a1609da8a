"""What the numbers of a network stand for: components, the face at rest that they move, and who speaks.

Letters: F frames, D coordinates of the motion space, K components, V vertices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]
Arrays = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of a motion.

    Attributes
    ----------
    centre : ndarray of shape (D,), float32
    axes : ndarray of shape (K, D), float32
        Orthonormal rows, by falling variance.
    """

    centre: Floats
    axes: Floats

    def encode(self, motion: Floats) -> Floats:
        """Coefficients (F, K) of a motion (F, D)."""
        return np.asarray((motion - self.centre) @ self.axes.T, np.float32)

    def decode(self, coefficients: Floats) -> Floats:
        """Motion (F, D) of coefficients (F, K)."""
        return np.asarray(coefficients @ self.axes + self.centre, np.float32)


@dataclass(frozen=True, eq=False)
class RestFace:
    """The face whose vertices or landmarks a network moves.

    Attributes
    ----------
    vertices : ndarray of shape (V, 3), float32
        In the unit of the data.
    face_sizes : ndarray of shape (P,), int32
        Corners of each polygon; empty where the data brought none.
    face_vertices : ndarray of shape (sum(face_sizes),), int32
    """

    vertices: Floats
    face_sizes: Indices
    face_vertices: Indices


def with_style(features: Floats, speakers: Sequence[str], speaker: str = "") -> Floats:
    """Add columns that say who speaks; a stranger, or nobody, is a bit of all.

    Parameters
    ----------
    features : ndarray of shape (F, I)
    speakers : sequence of str
        The S that a network knows.

    Returns
    -------
    ndarray of shape (F, I + S), float32
    """
    if not speakers:
        return features
    known = [float(speaker == name) for name in speakers]
    style = np.array(known if any(known) else [1 / len(speakers)] * len(speakers), np.float32)
    return np.concatenate([features, np.tile(style, (len(features), 1))], axis=1)


def space_arrays(components: Components | None, rest: RestFace | None) -> Arrays:
    """Name the arrays of both for a file."""
    arrays: dict[str, NDArray[np.generic]] = {}
    if components is not None:
        arrays |= {"components.centre": components.centre, "components.axes": components.axes}
    if rest is not None:
        arrays |= {f"rest.{name}": value for name, value in vars(rest).items()}
    return arrays


def read_space(arrays: Arrays) -> tuple[Components | None, RestFace | None]:
    """Read what `space_arrays` named.

    Raises
    ------
    KeyError, ValueError
        If a part is missing, or parts do not go together.
    """
    components = rest = None
    if "components.axes" in arrays:
        axes, centre = _floats(arrays["components.axes"]), _floats(arrays["components.centre"])
        if axes.shape[1:] != centre.shape:
            raise ValueError(f"components of shape {axes.shape} about a centre of shape {centre.shape}")
        components = Components(centre, axes)
    if "rest.vertices" in arrays:
        vertices = _floats(arrays["rest.vertices"])
        sizes, corners = (np.asarray(arrays[f"rest.face_{part}"], np.int32) for part in ("sizes", "vertices"))
        if sizes.sum() != len(corners) or (
            len(corners) and not 0 <= corners.min() <= corners.max() < len(vertices)
        ):
            raise ValueError("polygons that do not go with the face at rest")
        rest = RestFace(vertices, sizes, corners)
    return components, rest


def _floats(values: NDArray[np.generic]) -> Floats:
    return np.asarray(values, np.float32)
