"""A rig: a mesh, the displacement field of each channel on it, and where its lips are.

``vertices = mesh.vertices + weights @ basis`` is the whole of it (DESIGN equation, term B). The inner-lip
pairs serve the seal and the lip-gap lane; they are found once, when the rig is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.mesh import Floats, Indices, Mesh


@dataclass(frozen=True)
class Lips:
    """The inner rims of the lips, as pairs of vertices that touch when the mouth is shut.

    Attributes
    ----------
    upper, lower : ndarray of shape (K,), int32
        Vertex numbers, from the right corner of the mouth to the left; ``upper[k]`` rests on ``lower[k]``.
    midline : int
        Index k of the pair nearest the middle of the mouth.
    """

    upper: Indices
    lower: Indices
    midline: int

    def gap(self, vertices: Floats) -> Floats:
        """Distance of the inner lips at the midline.

        Parameters
        ----------
        vertices : ndarray of shape (..., V, 3)

        Returns
        -------
        ndarray of shape (...), float32, in the mesh's units.
        """
        upper = vertices[..., self.upper[self.midline], :]
        lower = vertices[..., self.lower[self.midline], :]
        return np.asarray(np.linalg.norm(upper - lower, axis=-1), np.float32)


@dataclass(frozen=True)
class Rig:
    """A mesh that can be posed by channel weights.

    Attributes
    ----------
    mesh : Mesh
        The template at rest (T of the equation).
    channels : tuple of str
        C names; those of `core.channels.CHANNELS` where the rig has them, any others after.
    basis : ndarray of shape (C, V, 3), float32
        Displacement of every vertex at weight 1 (B of the equation).
    lips : Lips or None
        None where no mouth was found; then there is no seal and no lip gap.
    millimetre : float
        Length of one millimetre on a life-size head, in the mesh's units (1.0 for a head in mm, 0.001 in
        metres): estimated from the size of the face, so that tolerances mean the same on every template.
    origin : str
        How the basis was made, for the user: "own shapes", "FLAME table", "default head" ...
    colours : ndarray of shape (V, 3), uint8, or None
        Vertex colours, where the rig brings some.
    """

    mesh: Mesh
    channels: tuple[str, ...]
    basis: Floats
    lips: Lips | None = None
    millimetre: float = 1.0
    origin: str = ""
    colours: np.ndarray[tuple[int, int], np.dtype[np.uint8]] | None = field(default=None)

    @cached_property
    def index(self) -> dict[str, int]:
        """Row of each channel in the basis."""
        return {name: row for row, name in enumerate(self.channels)}

    def with_channels(self, shapes: Mapping[str, Floats]) -> Rig:
        """Return a rig with more channels; a name the rig has already is replaced.

        Parameters
        ----------
        shapes : mapping of str to ndarray of shape (V, 3)
            Displacements at weight 1.
        """
        kept = [name for name in self.channels if name not in shapes]
        rows = [self.basis[[self.index[name] for name in kept]], *(s[None] for s in shapes.values())]
        basis = np.concatenate(rows).astype(np.float32)
        return Rig(self.mesh, (*kept, *shapes), basis, self.lips, self.millimetre, self.origin, self.colours)
