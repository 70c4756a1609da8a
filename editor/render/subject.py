"""What is drawn: anything that has a mesh, and may know its lips and colours."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from core.mesh import Mesh
from core.rig import Lips

Colours = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


class Subject(Protocol):
    """A `core.rig.Rig` or a `core.take.Take`."""

    @property
    def mesh(self) -> Mesh:
        """The template at rest."""

    @property
    def lips(self) -> Lips | None:
        """Where its mouth is, which tells the camera where the face is."""

    @property
    def colours(self) -> Colours | None:
        """Vertex colours (V, 3), where it brings some."""
