"""Pictures of a mouth whose every pixel has a gradient with respect to every vertex.

The surface is a cloud of small patches, dense enough to leave no gap between pixels. Each lays its light on
nine pixels with a quadratic B-spline, which has a continuous slope; where surfaces overlap the nearer one
weighs exponentially more, and where there are none it is dark. So outlines move smoothly, too, which a
rasteriser that decides for one triangle a pixel cannot offer.

Letters: N pictures, M vertices, T triangles, P patches, S pixels along a side.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray

from models.training.lipreading.mouth import Mouth

LIGHT = (0.25, 0.55, 0.80)
AMBIENT = 0.25
DARK = 0.04
"""Grey of the inside of the mouth."""
NEARER = 40.0
"""A surface that is nearer by the width of the picture divided by this weighs e times as much."""
DENSE = 1.2
"""Distance of patches in pixels, at rest."""
SOLID = 0.6
"""Area of patches on a pixel, of its own, from which nothing shines through: skin stretches."""
MARGIN = 3
"""Pixels around the picture, cut off at the end, where patches outside it are gathered."""


class MouthRenderer:
    """Render one mouth's geometry.

    Parameters
    ----------
    mouth : Mouth
        Topology, greys and what the picture shows.
    size : int
        S.
    """

    def __init__(self, mouth: Mouth, size: int = 48) -> None:
        self.size, self.triangles = size, mouth.triangles
        self.pixel = mouth.span / size
        self.centre = mouth.centre
        self.owner, self.place = _patches(mouth, self.pixel)
        self.share = 1.0 / torch.bincount(self.owner, minlength=len(mouth.triangles))[self.owner]
        self.grey = (mouth.greys[self.triangles[self.owner]] * self.place).sum(1)
        self.light = torch.tensor(LIGHT) / math.hypot(*LIGHT)

    def __call__(self, vertices: torch.Tensor) -> torch.Tensor:
        """Render.

        Parameters
        ----------
        vertices : tensor of shape (..., M, 3)
            In the mouth's unit; x to the right of the picture, y up, z towards the viewer.

        Returns
        -------
        tensor of shape (..., S, S)
            Grey from 0 to 1, top row first.
        """
        flat = vertices.flatten(0, -3) if vertices.dim() > 3 else vertices.reshape(-1, *vertices.shape[-2:])
        placed = (flat - self.centre) / self.pixel
        corners = placed[:, self.triangles]
        normals = torch.linalg.cross(corners[:, :, 1] - corners[:, :, 0], corners[:, :, 2] - corners[:, :, 0])
        points = (corners[:, self.owner] * self.place[..., None]).sum(2)
        # What faces away has no area: nothing else is needed to hide the backs of surfaces.
        area = 0.5 * normals[:, self.owner, 2].clamp(min=0) * self.share
        light = self.grey * self._shade(placed, normals)
        return self._laid(points, area, light).reshape(*vertices.shape[:-2], self.size, self.size)

    def _shade(self, placed: torch.Tensor, normals: torch.Tensor) -> torch.Tensor:
        """Lambert's law with normals that are smooth over the surface, (N, P)."""
        smooth = torch.zeros_like(placed)
        for corner in range(3):
            smooth = smooth.index_add(1, self.triangles[:, corner], normals)
        smooth = smooth / smooth.square().sum(-1, keepdim=True).add(1e-8).sqrt()
        facing = (smooth @ self.light).clamp(min=0)
        lit: torch.Tensor = (facing[:, self.triangles[self.owner]] * self.place).sum(-1)
        return AMBIENT + (1 - AMBIENT) * lit

    def _laid(self, points: torch.Tensor, area: torch.Tensor, light: torch.Tensor) -> torch.Tensor:
        side = self.size + 2 * MARGIN
        ends = (1.0 - MARGIN, self.size + MARGIN - 2.0)
        column, across = _spread((points[..., 0] + self.size / 2 - 0.5).clamp(*ends))
        row, down = _spread((self.size / 2 - 0.5 - points[..., 1]).clamp(*ends))
        picture = torch.arange(len(points))[:, None, None, None] * side
        pixel = ((picture + row[:, :, :, None] + MARGIN) * side + column[:, :, None] + MARGIN).flatten()
        covered = area[..., None, None] * down[:, :, :, None] * across[:, :, None]
        near = (points[..., 2] * (NEARER / self.size)).clamp(-30, 30).exp()[..., None, None] * covered
        rows = torch.stack([covered, near, near * light[..., None, None]], dim=-1).reshape(-1, 3)
        summed = rows.new_zeros(len(points) * side * side, 3).index_add(0, pixel, rows)
        summed = summed.view(-1, side, side, 3)[:, MARGIN:-MARGIN, MARGIN:-MARGIN]
        solid = (summed[..., 0] / SOLID).clamp(max=1)
        solid = solid.square() * (3 - 2 * solid)
        return solid * summed[..., 2] / (summed[..., 1] + 1e-20) + (1 - solid) * DARK


def _spread(place: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Three pixels around a place, and the share of each; both (N, P, 3)."""
    middle = place.detach().round()
    off = place - middle
    shares = torch.stack([0.5 * (0.5 - off).square(), 0.75 - off.square(), 0.5 * (0.5 + off).square()], -1)
    return middle.long()[..., None] + torch.tensor([-1, 0, 1]), shares


def _patches(mouth: Mouth, pixel: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Cut triangles into as many patches as they are large: whose each is (P,), and where (P, 3)."""
    corners = (mouth.rest[mouth.triangles] / pixel).numpy()
    areas = 0.5 * np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    cuts = np.maximum(np.ceil(np.sqrt(areas) / DENSE), 1).astype(int)
    owners = np.repeat(np.arange(len(cuts)), cuts**2)
    places = np.concatenate([_middles(int(each)) for each in cuts])
    return torch.from_numpy(owners), torch.from_numpy(places)


def _middles(cuts: int) -> NDArray[np.float32]:
    """Barycentric coordinates (cuts², 3) of the middles of a triangle's equal parts."""
    found = []
    for first in range(cuts):
        for second in range(cuts - first):
            upright = (first + 1 / 3, second + 1 / 3)
            found += [upright] if first + second == cuts - 1 else [upright, (first + 2 / 3, second + 2 / 3)]
    pairs = np.array(found, np.float32) / cuts
    return np.column_stack([pairs, 1 - pairs.sum(1)])
