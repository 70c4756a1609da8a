"""Pictures of landmarks: points on a faint surface, the lines of the face, and lips one can read."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.fitting.surface import vertex_normals
from models.training.landmarks import contours
from models.training.landmarks.contours import closed, edges, surface
from models.training.landmarks.metric import Doubles, canonical_face

FINER = 2
"""Times finer than shown, so that edges are smooth."""
BACKGROUND, WIRE, POINT = "#18191c", "#34383f", "#9aa3ad"
LIP, MOUTH, LIP_LINE = "#a8514a", "#240d10", "#ffab97"
LINES = (
    (closed(contours.OVAL), "#6d7681", 1.5),
    (tuple(zip(contours.NOSE, contours.NOSE[1:], strict=False)), "#6d7681", 1.5),
    (tuple(zip(contours.NOSTRILS, contours.NOSTRILS[1:], strict=False)), "#6d7681", 1.5),
    (closed(contours.RIGHT_BROW), "#d9b36a", 2.0),
    (closed(contours.LEFT_BROW), "#d9b36a", 2.0),
    (closed(contours.RIGHT_EYE), "#7cc4f5", 2.0),
    (closed(contours.LEFT_EYE), "#7cc4f5", 2.0),
    (closed(contours.OUTER_LIPS), LIP_LINE, 2.5),
    (closed(contours.INNER_LIPS), LIP_LINE, 2.0),
)
"""Neighbours, colour and width of what is drawn, the uppermost last."""


class FacePanel:
    """Draws one set of landmarks.

    Parameters
    ----------
    rest : ndarray of shape (468, 3)
        A face of the film, to frame it by; of any unit.
    size : tuple of int
        Width and height in pixels.
    azimuth : float
        Degrees that it is looked at from its left.
    height : float
        What fits into the panel, in the unit of the landmarks.
    """

    def __init__(self, rest: Doubles, size: tuple[int, int], azimuth: float, height: float) -> None:
        angle = np.radians(azimuth)
        self._across = np.array([np.cos(angle), 0.0, -np.sin(angle)])
        self._size = np.array(size) * FINER
        places = self._flat(rest)
        self._middle = (places.max(axis=0) + places.min(axis=0)) / 2
        self._scale = float(self._size[1]) / height
        toward = np.array([np.sin(angle), 0.0, np.cos(angle)])
        shown = _normals() @ toward > -0.05
        self._shown = np.flatnonzero(shown)
        self._wire = [pair for pair in _wire() if shown[list(pair)].all()]
        self._lines = [
            ([pair for pair in pairs if shown[list(pair)].all()], colour, width)
            for pairs, colour, width in LINES
        ]

    def picture(self, points: Doubles) -> Image.Image:
        """Draw landmarks (468, 3)."""
        drawn = Image.new("RGB", (int(self._size[0]), int(self._size[1])), BACKGROUND)
        pen = ImageDraw.Draw(drawn)
        flat = (self._flat(points) - self._middle) * [self._scale, -self._scale] + self._size / 2
        at = [(float(x), float(y)) for x, y in flat]
        for a, b in self._wire:
            pen.line((at[a], at[b]), WIRE, FINER)
        pen.polygon([at[k] for k in contours.OUTER_LIPS], LIP)
        pen.polygon([at[k] for k in contours.INNER_LIPS], MOUTH)
        for pairs, colour, width in self._lines:
            for a, b in pairs:
                pen.line((at[a], at[b]), colour, round(width * FINER))
        for x, y in (at[k] for k in self._shown):
            pen.ellipse((x - 1.2 * FINER, y - 1.2 * FINER, x + 1.2 * FINER, y + 1.2 * FINER), POINT)
        return drawn.resize((int(self._size[0]) // FINER, int(self._size[1]) // FINER), Image.Resampling.BOX)

    def _flat(self, points: Doubles) -> Doubles:
        return np.stack([points @ self._across, points[:, 1]], axis=1)


@cache
def _wire() -> tuple[tuple[int, int], ...]:
    return tuple((int(a), int(b)) for a, b in edges(surface()))


@cache
def _normals() -> NDArray[np.float64]:
    return vertex_normals(canonical_face(), surface().astype(np.int32))
