"""Ambient occlusion: nostrils, eye sockets and the neck under the jaw are darker, as in a lit room."""

from __future__ import annotations

from vtkmodules.vtkRenderingCore import vtkRenderer
from vtkmodules.vtkRenderingOpenGL2 import vtkRenderStepsPass, vtkSSAOPass

RADIUS, BIAS = 0.035, 0.0015
"""Shares of the size of the mesh: how far shade is looked for, and what is too near to count."""
SAMPLES = 48


def occlude(renderer: vtkRenderer, size: float | None) -> None:
    """Shade what is hidden from the light of the room, or stop doing so.

    In the space of the screen (Mittring 2007), so that it follows the moving face; without a GPU it takes
    thirty times as long as the face itself.

    Parameters
    ----------
    renderer : vtkRenderer
    size : float or None
        Of what is drawn, in its units; None for a plain picture.
    """
    if size is None:
        renderer.SetPass(vtkRenderStepsPass())
        return
    shade = vtkSSAOPass()
    shade.SetRadius(RADIUS * size)
    shade.SetBias(BIAS * size)
    shade.SetKernelSize(SAMPLES)
    shade.BlurOn()
    shade.SetDelegatePass(vtkRenderStepsPass())
    renderer.SetPass(shade)
