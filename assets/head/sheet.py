"""Pictures of the default head: ``python -m assets.head.sheet OUT.png [head|channels|emotions]``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from core.channels import CHANNELS
from core.library import default_rig, emotions
from core.rig import Rig
from editor.render.offscreen import hidden_window
from editor.render.scene import FaceScene, Shading
from editor.render.vtk_arrays import bytes_of

Picture = NDArray[np.uint8]
Weights = Mapping[str, float]


@dataclass(frozen=True)
class Shot:
    """One picture of a sheet.

    Attributes
    ----------
    label : str
    weights : mapping of str to float
    azimuth, elevation : float
        Degrees the camera stands to the head's left and above it.
    focus : tuple of float
        Point looked at, mm.
    height : float
        Of the picture at the focus, mm.
    shading : Shading
    """

    label: str
    weights: Weights
    azimuth: float = 0.0
    elevation: float = 0.0
    focus: tuple[float, float, float] = (0.0, -34.0, 30.0)
    height: float = 270.0
    shading: Shading = Shading.COLOURS


BUST_FOCUS, BUST_HEIGHT = (0.0, -34.0, 0.0), 345.0
VISEMES: dict[str, Weights] = {
    "aa": {"jawOpen": 0.5, "mouthLowerDownLeft": 0.2, "mouthLowerDownRight": 0.2},
    "ee": {"jawOpen": 0.12, "mouthStretchLeft": 0.3, "mouthStretchRight": 0.3, "mouthSmileLeft": 0.25,
           "mouthSmileRight": 0.25, "mouthUpperUpLeft": 0.2, "mouthUpperUpRight": 0.2,
           "mouthLowerDownLeft": 0.3, "mouthLowerDownRight": 0.3},
    "oo": {"jawOpen": 0.12, "mouthPucker": 0.7, "mouthFunnel": 0.3},
    "f v": {"jawOpen": 0.1, "mouthRollLower": 0.7, "mouthUpperUpLeft": 0.3, "mouthUpperUpRight": 0.3},
    "p b m": {"jawOpen": 0.1, "mouthClose": 0.1, "mouthPressLeft": 0.3, "mouthPressRight": 0.3},
    "th": {"jawOpen": 0.18, "tongueOut": 0.45, "tongueTipUp": 0.3},
    "l": {"jawOpen": 0.3, "tongueTipUp": 0.9},
    "sh": {"jawOpen": 0.06, "mouthFunnel": 0.65},
}  # fmt: skip


def shoot(rig: Rig, shots: list[Shot], size: tuple[int, int] = (480, 520)) -> list[Picture]:
    """Draw shots as the program draws its viewport; each (height, width, 3)."""
    window, renderer, pixels = hidden_window(size), vtkRenderer(), vtkUnsignedCharArray()
    window.AddRenderer(renderer)
    scene = FaceScene(renderer, rig)
    pictures = []
    for shot in shots:
        scene.shading = shot.shading
        scene.update(_posed(rig, shot.weights))
        _place_camera(renderer, shot)
        window.Render()
        window.GetPixelData(0, 0, size[0] - 1, size[1] - 1, 0, pixels, 0)
        pictures.append(bytes_of(pixels).reshape(size[1], size[0], 3)[::-1].copy())
    window.Finalize()
    return pictures


def tile(pictures: list[Picture], labels: list[str], columns: int) -> Image.Image:
    """Join pictures row by row with their labels below each."""
    height, width = pictures[0].shape[:2]
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * width, rows * (height + 24)), (24, 25, 28))
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(15)
    for number, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        x, y = number % columns * width, number // columns * (height + 24)
        sheet.paste(Image.fromarray(picture), (x, y))
        draw.text((x + width / 2, y + height + 11), label, (214, 214, 214), font, anchor="mm")
    return sheet


def head_shots() -> list[Shot]:
    """Return neutral from five sides, and what a face does most."""
    sides = {
        "front": (0, 0),
        "three quarters": (38, 4),
        "profile": (90, 0),
        "from below": (25, -32),
        "back": (150, 10),
    }
    shots = [Shot(name, {}, *angles, BUST_FOCUS, BUST_HEIGHT) for name, angles in sides.items()]
    pairs = {
        name: {f"{name}Left": 1.0, f"{name}Right": 1.0} for name in ("mouthSmile", "mouthFrown", "eyeBlink")
    }
    single = {name: {name: 1.0} for name in ("jawOpen", "mouthPucker", "mouthFunnel")}
    shots += [Shot(name, weights) for name, weights in {**single, **pairs}.items()]
    shots += [
        Shot("mouthSmile", pairs["mouthSmile"], 38, 4),
        Shot("mouthPucker", single["mouthPucker"], 38, 4),
    ]
    return shots + [Shot(name, weights) for name, weights in VISEMES.items()]


def channel_shots() -> list[Shot]:
    """Return every channel at 1; those inside the mouth with the jaw ajar."""
    ajar = {name: {"jawOpen": 0.45} for name in CHANNELS if name.startswith("tongue")}
    ajar["mouthClose"] = {"jawOpen": 1.0}
    return [Shot(name, {**ajar.get(name, {}), name: 1.0}) for name in CHANNELS]


def emotion_shots() -> list[Shot]:
    """Return the ten emotions at full intensity."""
    return [Shot(emotion.label, emotion.weights) for emotion in emotions()]


def _posed(rig: Rig, weights: Weights) -> NDArray[np.float32]:
    row = np.zeros(len(rig.channels), np.float32)
    for name, weight in weights.items():
        row[rig.index[name]] = weight
    return np.asarray(rig.mesh.vertices + np.tensordot(row, rig.basis, 1), np.float32)


def _place_camera(renderer: vtkRenderer, shot: Shot) -> None:
    azimuth, elevation = np.radians([shot.azimuth, shot.elevation])
    camera = renderer.GetActiveCamera()
    toward = [np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)]
    distance = shot.height / 2 / np.tan(np.radians(camera.GetViewAngle() / 2))
    camera.SetFocalPoint(*shot.focus)
    camera.SetPosition(*(np.asarray(shot.focus) + distance * np.asarray(toward)))
    camera.SetViewUp(0, 1, 0)
    renderer.ResetCameraClippingRange()


SHEETS = {"head": (head_shots, 5), "channels": (channel_shots, 10), "emotions": (emotion_shots, 5)}

if __name__ == "__main__":
    make, columns = SHEETS[sys.argv[2] if len(sys.argv) > 2 else "head"]
    shots = make()
    size = (240, 260) if columns == 10 else (380, 410)
    sheet = tile(shoot(default_rig(), shots, size), [shot.label for shot in shots], columns)
    sheet.save(Path(sys.argv[1]), optimize=True)
