"""Turning a camera around a face by hand, upright as on a turntable."""

from __future__ import annotations

import numpy as np
from vtkmodules.vtkRenderingCore import vtkCamera

DEGREES_PER_PIXEL = 0.4
POLE = 4.0
"""Degrees that the camera keeps from straight above and below."""
DOLLY_PER_PIXEL = 1.006
DOLLY_PER_NOTCH = 1.12


def orbit(camera: vtkCamera, dx: float, dy: float) -> None:
    """Turn around the focal point by a drag of (dx, dy) pixels, right and down."""
    camera.Azimuth(-dx * DEGREES_PER_PIXEL)
    toward = np.array(camera.GetDirectionOfProjection())
    above = np.degrees(np.arccos(np.clip(toward @ _unit(camera.GetViewUp()), -1, 1)))
    turn = np.clip(dy * DEGREES_PER_PIXEL, POLE - (180 - above), above - POLE)
    camera.Elevation(float(turn))


def pan(camera: vtkCamera, dx: float, dy: float, height: int) -> None:
    """Move sideways so that the face stays under a drag of (dx, dy) pixels in a picture that high."""
    toward = np.array(camera.GetDirectionOfProjection())
    right = _unit(np.cross(toward, camera.GetViewUp()))
    up = np.cross(right, toward)
    picture = 2 * camera.GetDistance() * np.tan(np.radians(camera.GetViewAngle() / 2))
    shift = (up * dy - right * dx) * picture / height
    camera.SetFocalPoint(*(np.array(camera.GetFocalPoint()) + shift))
    camera.SetPosition(*(np.array(camera.GetPosition()) + shift))


def dolly(camera: vtkCamera, factor: float) -> None:
    """Go nearer by a factor above 1, farther below."""
    camera.Dolly(factor)


def _unit(
    vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | tuple[float, ...],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    array = np.asarray(vector, np.float64)
    return np.asarray(array / np.linalg.norm(array))
