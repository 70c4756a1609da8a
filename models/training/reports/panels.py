"""What stands side by side in a film: faces, or points where there are no polygons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.mesh import Floats, Mesh
from core.rig import Lips
from editor.render.edges import smooth_edges
from editor.render.offscreen import OffscreenFace
from editor.render.scene import Shading
from models.training.reports.judged_head import JudgedHead

Picture = NDArray[np.uint8]
Colours = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
SKIN = (198, 190, 184)
BACKGROUND = (38, 40, 44)
FINER = 3
"""Times by which points are drawn larger, for smooth dots."""


class Panel(Protocol):
    """Draws one face, frame after frame."""

    def picture(self, vertices: Floats, colours: Colours | None = None) -> Picture:
        """Draw vertices (V, 3), in colours (V, 3) if there are any; (H, W, 3) uint8."""

    def close(self) -> None:
        """Free what the panel holds."""


def panel(head: JudgedHead, size: tuple[int, int]) -> Panel:
    """Make a panel of (width, height) pixels for a head, always from the same place."""
    return FacePanel(head, size) if len(head.mesh.face_sizes) else PointPanel(head.mesh.vertices, size)


@dataclass(frozen=True, eq=False)
class _Shown:
    """What the renderer asks for."""

    mesh: Mesh
    lips: Lips | None
    colours: Colours | None


class FacePanel:
    """Polygons under studio light."""

    def __init__(self, head: JudgedHead, size: tuple[int, int]) -> None:
        colours = head.rig.colours if head.rig is not None else None
        shown = _Shown(head.mesh, head.rim, colours)
        self._face = OffscreenFace(shown, size, Shading.CLAY if colours is None else Shading.COLOURS)
        if head.rim is None:
            # The renderer then fits the height, and these pictures are narrow; a jaw wants room, too.
            self._face.scene.frame_camera(1.15 * min(size[0] / size[1], 1.0))

    def picture(self, vertices: Floats, colours: Colours | None = None) -> Picture:
        """Draw vertices (V, 3)."""
        if colours is not None:
            self._face.scene.colour(colours)
            self._face.scene.shading = Shading.COLOURS
        return smooth_edges(self._face.picture(vertices))

    def close(self) -> None:
        """Free the window."""
        self._face.close()


class PointPanel:
    """Dots, seen from the front; x to the right, y up."""

    def __init__(self, rest: Floats, size: tuple[int, int]) -> None:
        self._size = size
        low, high = rest[:, :2].min(axis=0), rest[:, :2].max(axis=0)
        self._middle = (low + high) / 2
        # Room for a jaw that opens.
        self._scale = FINER * min(np.asarray(size) / ((high - low) * 1.3))

    def picture(self, vertices: Floats, colours: Colours | None = None) -> Picture:
        """Draw vertices (V, 3)."""
        width, height = self._size
        drawn = Image.new("RGB", (width * FINER, height * FINER), BACKGROUND)
        pen = ImageDraw.Draw(drawn)
        places = (vertices[:, :2] - self._middle) * (self._scale, -self._scale)
        places += np.asarray(self._size) * FINER / 2
        radius = 0.005 * height * FINER
        for number, (x, y) in enumerate(places):
            colour = SKIN if colours is None else tuple(int(part) for part in colours[number])
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
        return np.asarray(drawn.resize(self._size, Image.Resampling.LANCZOS))

    def close(self) -> None:
        """Nothing is held."""
