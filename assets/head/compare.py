"""The default head beside heads of others: ``python -m assets.head.compare OUT.jpg TEMPLATE...``.

For looking, not for keeping: the other heads are not ours to show.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from assets.head.sheet import CELL, Picture, Weights, posed, tile
from core.library import default_rig
from core.rig import Rig
from core.templates.load import load_template
from editor.render.offscreen import hidden_window
from editor.render.scene import FaceScene
from editor.render.vtk_arrays import bytes_of

SIDES = ((0, 0), (38, 4), (90, 0), (25, -32), (150, 10))
POSES: dict[str, Weights] = {
    "jawOpen": {"jawOpen": 0.8},
    "mouthSmile": {"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0},
    "mouthPucker": {"mouthPucker": 1.0},
    "mouthFunnel": {"mouthFunnel": 1.0},
    "eyeBlink": {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
}


def looks(rig: Rig) -> list[Picture]:
    """Draw a head from five sides and in five poses, framed by its face as the editor does."""
    window, renderer, pixels = hidden_window(CELL), vtkRenderer(), vtkUnsignedCharArray()
    window.SetMultiSamples(8)
    window.AddRenderer(renderer)
    scene = FaceScene(renderer, rig)
    views: list[tuple[tuple[int, int], Weights]] = [(side, {}) for side in SIDES] + [
        ((0, 0), pose) for pose in POSES.values()
    ]
    pictures = []
    for (azimuth, elevation), pose in views:
        scene.update(posed(rig, {name: w for name, w in pose.items() if name in rig.index}))
        scene.frame_camera()
        renderer.GetActiveCamera().Azimuth(azimuth)
        renderer.GetActiveCamera().Elevation(elevation)
        renderer.ResetCameraClippingRange()
        window.Render()
        window.GetPixelData(0, 0, CELL[0] - 1, CELL[1] - 1, 0, pixels, 0)
        pictures.append(bytes_of(pixels).reshape(CELL[1], CELL[0], 3)[::-1].copy())
    window.Finalize()
    return pictures


def comparison(templates: list[Path]) -> Image.Image:
    """Draw the default head and others, a row each.

    Raises
    ------
    InputError
        If a template cannot be read.
    """
    rigs = [default_rig(), *(load_template(path) for path in templates)]
    labels = [f"{side[0]} / {side[1]} degrees" for side in SIDES] + list(POSES)
    pictures = [picture for rig in rigs for picture in looks(rig)]
    return tile(pictures, labels * len(rigs), len(labels))


if __name__ == "__main__":
    comparison([Path(word) for word in sys.argv[2:]]).save(sys.argv[1], quality=90)
