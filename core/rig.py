"""A rig: a mesh, the displacement field of each channel on it, and where its lips are.

``vertices = mesh.vertices + weights @ basis`` is nearly the whole of it (B in docs/ARCHITECTURE.md); where
channels meet, correctives are added in proportion to products of their weights. The inner-lip pairs serve
the seal and the lip-gap lane; they are found once, when the rig is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
class Factor:
    """A linear function of channel weights, cut off below zero: max(0, offset + slopes · weights).

    Attributes
    ----------
    slopes : mapping of str to float
        By channel.
    offset : float
    """

    slopes: Mapping[str, float]
    offset: float = 0.0


@dataclass(frozen=True)
class Corrective:
    """A displacement that puts right what the plain sum of channels gets wrong where some of them meet.

    It is added by as much as the product of its factors: for two channels that clash, simply their weights.

    Attributes
    ----------
    name : str
    factors : tuple of Factor
    shape : ndarray of shape (V, 3), float32
        Displacement where the product is 1.
    """

    name: str
    factors: tuple[Factor, ...]
    shape: Floats

    @property
    def channels(self) -> set[str]:
        """The channels that drive it."""
        return {name for factor in self.factors for name in factor.slopes}


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
    correctives : tuple of Corrective
        What is added where channels meet; driven by channels alone, so that weights stay what they were.
    """

    mesh: Mesh
    channels: tuple[str, ...]
    basis: Floats
    lips: Lips | None = None
    millimetre: float = 1.0
    origin: str = ""
    colours: np.ndarray[tuple[int, int], np.dtype[np.uint8]] | None = field(default=None)
    correctives: tuple[Corrective, ...] = ()

    @cached_property
    def index(self) -> dict[str, int]:
        """Row of each channel in the basis."""
        return {name: row for row, name in enumerate(self.channels)}

    def corrections(self, weights: Floats) -> Floats:
        """Amount of each corrective (K,) at the channel weights (C,) of one frame."""
        slopes, offsets = self._factors
        values = np.maximum((slopes * weights).sum(axis=2) + offsets, 0)
        return np.asarray(values.prod(axis=1), np.float32)

    def corrections_over(self, weights: Floats) -> Floats:
        """Amounts (F, K) at the channel weights (F, C) of many frames."""
        if not self.correctives:
            return np.zeros((len(weights), 0), np.float32)
        slopes, offsets = self._factors
        values = np.maximum(np.tensordot(weights, slopes, (1, 2)) + offsets, 0)
        return np.asarray(values.prod(axis=2), np.float32)

    @cached_property
    def _factors(self) -> tuple[Floats, Floats]:
        """Slopes (K, J, C) and offsets (K, J) of the correctives; a factor that one lacks is 1."""
        most = max(len(corrective.factors) for corrective in self.correctives)
        slopes = np.zeros((len(self.correctives), most, len(self.channels)), np.float32)
        offsets = np.ones(slopes.shape[:2], np.float32)
        for k, corrective in enumerate(self.correctives):
            for j, factor in enumerate(corrective.factors):
                offsets[k, j] = factor.offset
                for name, slope in factor.slopes.items():
                    slopes[k, j, self.index[name]] = slope
        return slopes, offsets

    def with_channels(self, shapes: Mapping[str, Floats]) -> Rig:
        """Return a rig with more channels; a name the rig has already is replaced.

        Correctives stay, except those that were made for a shape that is replaced.

        Parameters
        ----------
        shapes : mapping of str to ndarray of shape (V, 3)
            Displacements at weight 1.
        """
        kept = [name for name in self.channels if name not in shapes]
        rows = [self.basis[[self.index[name] for name in kept]], *(s[None] for s in shapes.values())]
        basis = np.concatenate(rows).astype(np.float32)
        correctives = tuple(c for c in self.correctives if c.channels.isdisjoint(shapes))
        return replace(self, channels=(*kept, *shapes), basis=basis, correctives=correctives)

    def cut_to(self, vertices: Indices) -> Rig:
        """Return the rig of some of its vertices alone, without polygons: to pose them costs next to nothing.

        Parameters
        ----------
        vertices : ndarray of shape (n,)
        """
        none = np.empty(0, np.int32)
        mesh = Mesh(self.mesh.vertices[vertices], none, none)
        basis = np.ascontiguousarray(self.basis[:, vertices])
        correctives = tuple(replace(c, shape=c.shape[vertices]) for c in self.correctives)
        return Rig(mesh, self.channels, basis, None, self.millimetre, correctives=correctives)


def blended(first: Rig, second: Rig, share: float) -> Rig:
    """Return a rig between two of the same topology, channels and correctives.

    Parameters
    ----------
    first, second : Rig
    share : float
        0 gives the first, 1 the second.
    """

    def between(a: Floats, b: Floats) -> Floats:
        return np.asarray(a + np.float32(share) * (b - a), np.float32)

    correctives = tuple(
        replace(a, shape=between(a.shape, b.shape))
        for a, b in zip(first.correctives, second.correctives, strict=True)
    )
    mesh = first.mesh.posed(between(first.mesh.vertices, second.mesh.vertices))
    return replace(first, mesh=mesh, basis=between(first.basis, second.basis), correctives=correctives)
