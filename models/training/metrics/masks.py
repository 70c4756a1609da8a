"""Parts of a face, by name: figures over different lips must never stand in one table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Mask:
    """Vertices that a figure looks at.

    Attributes
    ----------
    name : str
        What to call it beside the figure.
    vertices : ndarray of shape (L,), int64
        Numbers of vertices, ascending, each once.
    """

    name: str
    vertices: NDArray[np.int64]

    def __post_init__(self) -> None:
        vertices = np.unique(np.asarray(self.vertices, np.int64))
        if not vertices.size or vertices[0] < 0:
            raise ValueError(f"mask {self.name} has no vertices, or negative ones")
        object.__setattr__(self, "vertices", vertices)

    def of(self, motion: NDArray[np.floating]) -> NDArray[np.float64]:
        """Pick this part of a motion.

        Parameters
        ----------
        motion : ndarray of shape (..., V, 3)

        Returns
        -------
        ndarray of shape (..., L, 3), float64

        Raises
        ------
        ValueError
            If the motion has fewer vertices than the mask asks for.
        """
        if motion.ndim < 2 or motion.shape[-2] <= self.vertices[-1]:
            raise ValueError(
                f"mask {self.name} asks for vertex {self.vertices[-1]} of a motion of shape {motion.shape}"
            )
        return np.asarray(motion[..., self.vertices, :], np.float64)


def read_mask(path: Path) -> Mask:
    """Read a list of vertex numbers, named after its file.

    Parameters
    ----------
    path : Path
        Text; numbers, counted from 0, stand between commas or spaces, as published region files have them.

    Raises
    ------
    ValueError
        If something else is in the file; the message names it.
    OSError
        If it cannot be read.
    """
    words = re.split(r"[\s,]+", path.read_text(encoding="utf-8", errors="replace").strip())
    wrong = next((word for word in words if not re.fullmatch(r"\d{1,9}", word)), None)
    if wrong is not None:
        raise ValueError(f"{path}: holds {wrong[:20]!r} where a vertex number was expected")
    return Mask(path.stem, np.array(words, np.int64))


def most_moved(name: str, displacements: NDArray[np.floating], share: float = 0.25) -> Mask:
    """Find a part of any head by what moves it, for heads that nobody has published a mask of.

    Parameters
    ----------
    displacements : ndarray of shape (C, V, 3)
        Fields of the channels that move the part: those of the mouth give the lips.
    share : float
        Of the largest displacement; vertices that some channel moves further belong to the part.
    """
    reach = np.linalg.norm(displacements, axis=-1).max(axis=0)
    return Mask(name, np.flatnonzero(reach > share * reach.max()))


def named(name: str, vertices: NDArray[np.integer]) -> Mask:
    """Make a mask whose name tells how many vertices it has."""
    mask = Mask(name, np.asarray(vertices, np.int64))
    return Mask(f"{name} ({len(mask.vertices)} vertices)", mask.vertices)
