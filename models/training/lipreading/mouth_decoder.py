"""How a network's answer moves a mouth.

Letters: D coordinates of the motion space, M vertices of the mouth, K correctives of J factors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from core.mesh import Mesh
from core.rig import Rig
from models.training.lipreading.mouth import Mouth, cut_out, drawn_triangles, greys_of


@dataclass(frozen=True, eq=False)
class Products:
    """Shapes that are added by the product of linear functions of the motion, each cut off below zero.

    Attributes
    ----------
    slopes : tensor of shape (K, J, D)
    offsets : tensor of shape (K, J)
    shapes : tensor of shape (K, M, 3)
    """

    slopes: torch.Tensor
    offsets: torch.Tensor
    shapes: torch.Tensor

    def __call__(self, motion: torch.Tensor) -> torch.Tensor:
        """Displacements (..., M, 3) at a motion (..., D)."""
        factors = (torch.einsum("...d,kjd->...kj", motion, self.slopes) + self.offsets).clamp(min=0)
        added: torch.Tensor = torch.tensordot(factors.prod(-1), self.shapes, 1)
        return added


@dataclass(frozen=True, eq=False)
class Weighted:
    """Vertices moved by weights: of channels, or of components.

    Attributes
    ----------
    rest : tensor of shape (M, 3)
    shapes : tensor of shape (D, M, 3)
        Displacements at weight 1.
    products : Products or None
        What a rig adds where channels meet.
    """

    rest: torch.Tensor
    shapes: torch.Tensor
    products: Products | None = None

    def __call__(self, motion: torch.Tensor) -> torch.Tensor:
        """Positions (..., M, 3) at a motion (..., D)."""
        moved: torch.Tensor = self.rest + torch.tensordot(motion, self.shapes, 1)
        if self.products:
            moved = moved + self.products(motion)
        return moved

    def cut(self, vertices: torch.Tensor) -> Weighted:
        """Move some of them alone."""
        products = self.products and replace(self.products, shapes=self.products.shapes[:, vertices])
        return Weighted(self.rest[vertices], self.shapes[:, vertices], products)


@dataclass(frozen=True, eq=False)
class Displaced:
    """Vertices moved by displacements of the whole head.

    Attributes
    ----------
    rest : tensor of shape (M, 3)
    numbers : tensor of shape (M,), int64
        Which of the head's vertices they are.
    """

    rest: torch.Tensor
    numbers: torch.Tensor

    def __call__(self, motion: torch.Tensor) -> torch.Tensor:
        """Positions (..., M, 3) at a motion (..., 3 V), x y z by vertex."""
        return self.rest + motion.reshape(*motion.shape[:-1], -1, 3)[..., self.numbers, :]

    def cut(self, vertices: torch.Tensor) -> Displaced:
        """Move some of them alone."""
        return Displaced(self.rest[vertices], self.numbers[vertices])

    def weighted(self, components: torch.Tensor, mean: torch.Tensor) -> Weighted:
        """Move them by coefficients (D,) of components (D, 3 V) of displacements, from their mean (3 V,)."""
        shapes = components.reshape(len(components), -1, 3)[:, self.numbers]
        return Weighted(self(mean), shapes)


@dataclass(frozen=True, eq=False)
class MouthDecoder:
    """From a motion space to the mouth's vertices.

    Attributes
    ----------
    mouth : Mouth
    move : Weighted or Displaced
    """

    mouth: Mouth
    move: Weighted | Displaced

    def __call__(self, motion: torch.Tensor) -> torch.Tensor:
        """Positions (..., M, 3)."""
        return self.move(motion)

    @cached_property
    def lips(self) -> Weighted | Displaced:
        """From the motion space to the vertices of the lips alone."""
        return self.move.cut(self.mouth.lips)


def rig_mouth(rig: Rig, channels: Sequence[str]) -> MouthDecoder:
    """Decode weights of channels, in that order, on a rig that knows where its lips are.

    Raises
    ------
    ValueError
        If it does not.
    """
    if rig.lips is None:
        raise ValueError("a head without lips cannot be read")
    rims = np.concatenate([rig.lips.upper, rig.lips.lower])
    mouth = cut_out(rig.mesh, rims, drawn_triangles(rig.mesh), greys_of(rig), 1 / rig.millimetre)
    numbers = mouth.numbers.numpy()
    shapes = np.zeros((len(channels), len(numbers), 3), np.float32)
    for row, name in enumerate(channels):
        if name in rig.index:
            shapes[row] = rig.basis[rig.index[name]][numbers]
    move = Weighted(mouth.rest, torch.from_numpy(shapes), _products(rig, channels, numbers))
    return MouthDecoder(mouth, move)


def mesh_mouth(
    mesh: Mesh, rims: NDArray[np.integer], millimetres: float, greys: NDArray[np.float32]
) -> MouthDecoder:
    """Decode displacements of all vertices of a head, as x y z by vertex.

    Parameters
    ----------
    mesh : Mesh
        At rest; y up, +z forward.
    rims : ndarray of shape (n,)
        Numbers of vertices of the lips, the corners of the mouth among them.
    millimetres : float
        In the mesh's unit.
    greys : ndarray of shape (V,)
        Albedo of all vertices.
    """
    mouth = cut_out(mesh, rims, np.ones(len(mesh.triangles), bool), greys, millimetres)
    return MouthDecoder(mouth, Displaced(mouth.rest, mouth.numbers))


def _products(rig: Rig, channels: Sequence[str], numbers: NDArray[np.int64]) -> Products | None:
    """Correctives of a rig that move the mouth."""
    kept = [each for each in rig.correctives if np.abs(each.shape[numbers]).max() > 0]
    if not kept:
        return None
    most = max(len(each.factors) for each in kept)
    slopes, offsets = np.zeros((len(kept), most, len(channels)), np.float32), np.ones((len(kept), most))
    for k, corrective in enumerate(kept):
        for j, factor in enumerate(corrective.factors):
            offsets[k, j] = factor.offset
            for name, slope in factor.slopes.items():
                if name in channels:
                    slopes[k, j, list(channels).index(name)] = slope
    shapes = np.stack([each.shape[numbers] for each in kept])
    return Products(*(torch.from_numpy(each.astype(np.float32)) for each in (slopes, offsets, shapes)))
