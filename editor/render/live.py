"""The face in the editor's viewport: drawn off the screen and handed over as a picture.

A picture instead of a native window: the widget then behaves like any other (overlays, grabbing, Wayland),
and without a GPU it takes less than half the time of a window, whose buffers are copied twice.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 - registers the OpenGL classes with VTK's factory
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkCamera, vtkRenderer

from core.mesh import Floats
from editor.render.lighting import paint_background
from editor.render.occlusion import occlude
from editor.render.offscreen import hidden_window
from editor.render.scene import FaceScene, Shading
from editor.render.subject import Subject
from editor.render.vtk_arrays import bytes_of

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Quality:
    """How finely a picture is drawn.

    Attributes
    ----------
    samples : int
        Per pixel; 0 for one.
    scale : float
        Share of the widget's width and height.
    """

    samples: int
    scale: float


LADDER = (Quality(4, 1.0), Quality(0, 1.0), Quality(0, 0.75), Quality(0, 0.67), Quality(0, 0.6))
"""From the finest, for a face at rest, to what a machine without a GPU can play."""
SLOW, FAST = 0.020, 0.007
"""Seconds: a median above the one steps down while the face moves, one below the other steps up."""
PATIENCE = 8
"""Pictures that must agree before a step."""


class LiveFace:
    """One window off the screen, in which faces come and go.

    Raises
    ------
    InputError
        If the machine has no OpenGL.
    """

    def __init__(self) -> None:
        self._size = (16, 16)
        self._window = hidden_window(self._size)
        self._renderer = vtkRenderer()
        self._window.AddRenderer(self._renderer)
        paint_background(self._renderer)
        self._scene: FaceScene | None = None
        self._shading = Shading.COLOURS
        self._occluded = False
        self._pixels = vtkUnsignedCharArray()
        self._level = 1
        self._times: deque[float] = deque(maxlen=PATIENCE)

    @property
    def camera(self) -> vtkCamera:
        """Where the picture is taken from."""
        return self._renderer.GetActiveCamera()

    @property
    def quality(self) -> Quality:
        """How finely a moving face is drawn now."""
        return LADDER[self._level]

    def show(self, subject: Subject) -> None:
        """Show another face; the camera moves in front of it, but stays where only the figure changed."""
        before = vtkCamera()
        before.DeepCopy(self.camera)
        alike = self._scene is not None and self._scene.has_polygons_of(subject.mesh)
        if self._scene is not None:
            self._scene.remove()
        self._scene = FaceScene(self._renderer, subject, self._shading)
        if alike:
            self.camera.DeepCopy(before)
        self._occlude()

    def set_shading(self, shading: Shading) -> None:
        """Draw colours, clay or wireframe."""
        self._shading = shading
        if self._scene is not None:
            self._scene.shading = shading

    def set_occluded(self, occluded: bool) -> None:
        """Darken what is hidden from the light of the room, or not."""
        if occluded != self._occluded:
            self._occluded = occluded
            self._occlude()

    def frame(self) -> None:
        """Put the camera in front of the face."""
        if self._scene is not None:
            self._scene.frame_camera()

    def resize(self, width: int, height: int) -> None:
        """Set the size of the pictures in pixels."""
        self._size = (max(width, 16), max(height, 16))

    def update(self, vertices: Floats) -> None:
        """Move the face; vertices (V, 3)."""
        if self._scene is not None:
            self._scene.update(vertices)

    def draw(self, moving: bool) -> Picture:
        """Draw a picture, finely at rest and as finely as time allows while moving.

        Returns
        -------
        ndarray of shape (H, W, 4), uint8
            Bottom row first; valid until the next call.
        """
        began = time.perf_counter()
        quality = LADDER[self._level if moving else 0]
        width, height = (max(16, round(side * quality.scale)) for side in self._size)
        if self._window.GetMultiSamples() != quality.samples:
            self._window.SetMultiSamples(quality.samples)
        self._window.SetSize(width, height)
        self._renderer.ResetCameraClippingRange()
        self._window.Render()
        self._window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, self._pixels, 0)
        # A context left current keeps Qt from its own: both windows went black with the second one's opening.
        self._window.ReleaseCurrent()
        if moving:
            self._adapt(time.perf_counter() - began)
        return bytes_of(self._pixels).reshape(height, width, 4)

    def close(self) -> None:
        """Free the window and its graphics memory."""
        self._window.Finalize()

    def _occlude(self) -> None:
        if self._scene is not None:
            occlude(self._renderer, self._scene.size if self._occluded else None)

    def _adapt(self, seconds: float) -> None:
        self._times.append(seconds)
        if len(self._times) < PATIENCE:
            return
        median = float(np.median(self._times))
        step = (median > SLOW) - (median < FAST)
        level = min(max(self._level + step, 0), len(LADDER) - 1)
        if level != self._level:
            self._level = level
            self._times.clear()
