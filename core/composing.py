"""The one place where channel weights are summed, and the one place where they become vertices.

Viewport, exporters, metrics and batch all go through `Composer`; what is seen is what is exported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from core.mesh import Floats
from core.rig import Rig

if TYPE_CHECKING:
    from core.neutral import Neutral

Times = NDArray[np.float64]

BLAS_BLOCK = 8192
"""Numbers added at once: longer vectors make OpenBLAS wake threads, which costs more than it gains."""
POSES_BLOCK = 64
"""Frames decoded at once where many are wanted: 9 MB of the default head."""


class Layer(Protocol):
    """A source of channel weights: speech, an emotion, blinks, offsets made by hand."""

    def weights(self, times: Times) -> Floats:
        """Weights at times (F,) in seconds, shape (F, C) in the order of the rig's channels."""


class Adjustment(Protocol):
    """Changes the sum of all layers: strengths of parts of the face."""

    def __call__(self, weights: Floats, times: Times) -> Floats:
        """Return the weights (F, C) at times (F,) changed, perhaps in place."""


class Turn(Protocol):
    """Moves the whole head, after the face has its shape."""

    def __call__(self, times: Times, vertices: Floats) -> Floats:
        """Return vertices (F, V, 3) at times (F,) turned, in place."""

    def degrees(self, times: Times) -> Floats:
        """Angles at times (F,), shape (F, 3), in the order of `core.head_motion.HEAD`."""


class Seal(Protocol):
    """Keeps the lips closed where the neutral speech closed them, as `emotion.seal` does."""

    def __call__(self, times: Times, neutral: Floats, vertices: Floats) -> Floats:
        """Return ``vertices`` (F, V, 3) sealed; ``neutral`` holds the speech weights (F, C) alone."""


def decode(rig: Rig, weights: Floats) -> Floats:
    """Turn weights into vertices: T + w B, and the rig's correctives where they are called for.

    Parameters
    ----------
    rig : Rig
    weights : ndarray of shape (F, C), float32

    Returns
    -------
    ndarray of shape (F, V, 3), float32
    """
    vertices = np.repeat(rig.mesh.vertices[None], len(weights), axis=0)
    # Frame by frame, reading only the rows that move: a matrix product over many frames would be no faster
    # here and would round differently from the single frame in the viewport.
    for frame, row in np.argwhere(weights):
        _add(weights[frame, row], rig.basis[row], vertices[frame])
    if rig.correctives:
        for frame, amounts in enumerate(map(rig.corrections, weights)):
            for k in np.flatnonzero(amounts):
                _add(amounts[k], rig.correctives[k].shape, vertices[frame])
    return vertices


def spoken_poses(rig: Rig, neutral: Neutral) -> Iterator[Floats]:
    """Vertices (B, V, 3) of a rig that speaks a lipsync and nothing else, block by block.

    Parameters
    ----------
    rig : Rig
    neutral : Neutral
        With any columns.
    """
    weights = neutral.arranged(rig.channels).weights
    for start in range(0, len(weights), POSES_BLOCK):
        yield decode(rig, weights[start : start + POSES_BLOCK])


def _add(weight: np.float32, shape: Floats, vertices: Floats) -> None:
    """Add a displacement (V, 3) to vertices in one pass and in place."""
    saxpy, x, y = _saxpy(), shape.reshape(-1), vertices.reshape(-1)
    for start in range(0, len(y), BLAS_BLOCK):
        saxpy(x[start : start + BLAS_BLOCK], y[start : start + BLAS_BLOCK], a=weight)


@cache
def _saxpy() -> Callable[..., object]:
    # Imported late, so that the window opens before SciPy is there.
    from scipy.linalg.blas import saxpy

    return saxpy


@dataclass(frozen=True, eq=False)
class Composer:
    """Speech, layers and seal on one rig.

    Attributes
    ----------
    rig : Rig
    speech : Layer
        Neutral lipsync times speech intensity, g(t) ∘ c(t).
    layers : sequence of Layer
        Emotions w_e(t) r_e(t) and procedural layers p(t).
    seal : Seal or None
    articulation : Layer or None
        Speech that the seal goes by, where it is not the one that is heard: before it was smoothed, say.
    adjustment : Adjustment or None
        Of the sum, and of what the seal goes by.
    turn : Turn or None
        Of the whole head, last of all.
    """

    rig: Rig
    speech: Layer
    layers: Sequence[Layer] = ()
    seal: Seal | None = None
    articulation: Layer | None = None
    adjustment: Adjustment | None = None
    turn: Turn | None = None

    def weights(self, times: Times) -> Floats:
        """Sum of speech and layers, shape (F, C)."""
        return self._sum(self.speech.weights(times), times)

    def vertices(self, times: Times) -> Floats:
        """Posed vertices at times (F,) in seconds, shape (F, V, 3), in the template's units."""
        neutral = self.speech.weights(times)
        vertices = decode(self.rig, self._sum(neutral, times))
        if self.seal is not None and (self.layers or self.articulation):
            vertices = self.seal(times, self._adjusted(neutral, times), vertices)
        return vertices if self.turn is None else self.turn(times, vertices)

    def _sum(self, neutral: Floats, times: Times) -> Floats:
        total = neutral.copy()
        for layer in self.layers:
            total += layer.weights(times)
        return total if self.adjustment is None else self.adjustment(total, times)

    def wanted(self, times: Times) -> Floats:
        """Weights of the speech that the seal goes by, shape (F, C)."""
        return self._adjusted(self.speech.weights(times), times)

    def _adjusted(self, neutral: Floats, times: Times) -> Floats:
        if self.articulation is not None:
            neutral = self.articulation.weights(times)
        return neutral if self.adjustment is None else self.adjustment(neutral.copy(), times)
