"""Studio light for a face: key, fill and rim, fixed to the camera so that no view of it is dark."""

from __future__ import annotations

from dataclasses import dataclass

from vtkmodules.vtkRenderingCore import vtkLight, vtkRenderer


@dataclass(frozen=True)
class Lamp:
    """A distant light; ``position`` in camera space: x right, y up, z towards the camera."""

    position: tuple[float, float, float]
    colour: tuple[float, float, float]
    intensity: float


KEY = Lamp((-0.62, 0.66, 0.95), (1.0, 0.955, 0.90), 0.92)
FILL = Lamp((0.95, 0.05, 0.75), (0.82, 0.89, 1.0), 0.46)
RIM = Lamp((0.50, 0.50, -1.30), (0.86, 0.92, 1.0), 0.65)
TOP, BOTTOM = (0.175, 0.185, 0.205), (0.075, 0.080, 0.090)


def light_face(renderer: vtkRenderer) -> None:
    """Replace the renderer's lights by key, fill and rim."""
    renderer.RemoveAllLights()
    renderer.AutomaticLightCreationOff()
    for lamp in (KEY, FILL, RIM):
        light = vtkLight()
        light.SetLightTypeToCameraLight()
        light.SetPosition(*lamp.position)
        light.SetFocalPoint(0.0, 0.0, 0.0)
        light.SetColor(*lamp.colour)
        light.SetIntensity(lamp.intensity)
        renderer.AddLight(light)


def paint_background(renderer: vtkRenderer) -> None:
    """Paint a dark neutral gradient."""
    renderer.SetBackground(*BOTTOM)
    renderer.SetBackground2(*TOP)
    renderer.GradientBackgroundOn()
