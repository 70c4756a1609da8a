"""Studio light for a face, fixed to the camera so that no view of it is dark.

Key and fill are lamps; the light of the room, the rim and what skin scatters are computed for each pixel: a
rim lamp ends in a hard line wherever the face turns away from it, across the temple and down the nose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from vtkmodules.vtkRenderingCore import vtkLight, vtkRenderer


@dataclass(frozen=True)
class Lamp:
    """A distant light; ``position`` in camera space: x right, y up, z towards the camera."""

    position: tuple[float, float, float]
    colour: tuple[float, float, float]
    intensity: float


def _direction(position: tuple[float, float, float]) -> tuple[float, ...]:
    length = math.hypot(*position)
    return tuple(round(part / length, 4) for part in position)


KEY = Lamp((-0.55, 0.62, 1.00), (1.0, 0.96, 0.915), 0.84)
FILL = Lamp((0.95, 0.10, 0.80), (0.86, 0.91, 1.0), 0.34)
# In camera space, as the lamps. The room is dim and warm below, brighter and cooler above; the rim grows as
# the surface turns away, most at the upper right; and where the key's light ends, skin passes some on from
# within, mostly red (Jensen et al. 2001), so that it fades over a wider and warmer band.
SOFT_LIGHT = f"""
  float away = 1.0 - max(normalVCVSOutput.z, 0.0);
  float upper = clamp(0.6 * normalVCVSOutput.x + 0.45 * normalVCVSOutput.y + 0.25, 0.0, 1.0);
  float lit = dot(normalVCVSOutput, vec3{_direction(KEY.position)});
  float direct = max(lit, 0.0), wide = max(0.69 * lit + 0.31, 0.0);
  fragOutput0.rgb += diffuseColor * (vec3(0.12, 0.115, 0.118) + vec3(0.05, 0.06, 0.068) * normalVCVSOutput.y
    + vec3(0.52, 0.56, 0.62) * (away * away * away * upper * upper)
    + vec3(0.22, 0.12, 0.09) * max(wide * wide - direct * direct, 0.0));
"""
TOP, BOTTOM = (0.175, 0.185, 0.205), (0.075, 0.080, 0.090)


def light_face(renderer: vtkRenderer) -> None:
    """Replace the renderer's lights by key and fill."""
    renderer.RemoveAllLights()
    renderer.AutomaticLightCreationOff()
    for lamp in (KEY, FILL):
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
