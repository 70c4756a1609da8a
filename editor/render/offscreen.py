"""Pictures of a take without a display."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 - registers the OpenGL classes with VTK's factory
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

from core.errors import InputError
from core.mesh import Floats
from core.take import Take
from editor.render.edges import smooth_edges
from editor.render.scene import FaceScene, Shading
from editor.render.subject import Subject
from editor.render.vtk_arrays import bytes_of

Picture = NDArray[np.uint8]


class OffscreenFace:
    """A face in a window that no one sees.

    Parameters
    ----------
    subject : Rig or Take
    size : tuple of int
        Width and height in pixels.
    shading : Shading, optional
    samples : int, optional
        Per pixel: 4 smooths edges, and takes twice the time of 1 without a GPU.

    Raises
    ------
    InputError
        If the machine has no OpenGL, not even Mesa's software one.
    """

    def __init__(
        self, subject: Subject, size: tuple[int, int], shading: Shading = Shading.COLOURS, samples: int = 1
    ) -> None:
        self._size = size
        self._window = hidden_window(size)
        self._window.SetMultiSamples(samples)
        renderer = vtkRenderer()
        self._window.AddRenderer(renderer)
        self.scene = FaceScene(renderer, subject, shading)
        self._pixels = vtkUnsignedCharArray()

    def picture(self, vertices: Floats) -> Picture:
        """Draw vertices (V, 3); return (H, W, 3) uint8, top row first."""
        self.scene.update(vertices)
        self._window.Render()
        width, height = self._size
        self._window.GetPixelData(0, 0, width - 1, height - 1, 0, self._pixels, 0)
        rows = bytes_of(self._pixels).reshape(height, width, 3)
        return rows[::-1].copy()

    def close(self) -> None:
        """Free the window and its graphics memory."""
        self._window.Finalize()


@dataclass(frozen=True)
class TakeRenderer:
    """Renders the frames of a take; the exporter's `FrameRenderer`.

    Attributes
    ----------
    size : tuple of int
        Width and height in pixels.
    shading : Shading
    """

    size: tuple[int, int] = (1280, 720)
    shading: Shading = Shading.COLOURS

    def frames(self, take: Take) -> Iterator[Picture]:
        """Yield one picture a frame, (H, W, 3) uint8."""
        face = OffscreenFace(take, self.size, self.shading)
        try:
            for block in take.blocks():
                for vertices in block:
                    yield smooth_edges(face.picture(vertices))
        finally:
            face.close()


def hidden_window(size: tuple[int, int]) -> vtkRenderWindow:
    """Make a window that no one sees, to read pictures from.

    Raises
    ------
    InputError
        If the machine has no OpenGL, not even Mesa's software one.
    """
    if sys.platform.startswith("linux"):
        # Named, because VTK's own choice asks for an X server first and complains where there is none; and
        # an X window must not be used from another thread than the editor's.
        from vtkmodules.vtkRenderingOpenGL2 import vtkEGLRenderWindow

        window: vtkRenderWindow = vtkEGLRenderWindow()
    else:
        window = vtkRenderWindow()
        window.SetOffScreenRendering(True)
    window.SetMultiSamples(1)
    # Nobody looks at the front buffer: copying to it took more time than drawing without a GPU.
    window.SetUseOffScreenBuffers(True)
    window.SetShowWindow(False)
    window.SwapBuffersOff()
    window.SetSize(*size)
    if not window.SupportsOpenGL():
        raise InputError("pictures", "this machine offers no OpenGL (on Debian and Ubuntu: install libegl1)")
    return window
