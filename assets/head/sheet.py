"""Pictures of the default head: ``python -m assets.head.sheet OUT.jpg [KIND]``, KIND one of `SHEETS`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from assets.head.visemes import VISEMES
from core.channels import CHANNELS
from core.composing import decode
from core.library import default_rig, emotions
from core.mesh import Floats
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
    focus: tuple[float, float, float] = (0.0, -32.0, 30.0)
    height: float = 240.0
    shading: Shading = Shading.COLOURS


BUST_FOCUS, BUST_HEIGHT = (0.0, -34.0, 0.0), 345.0


def shoot(rig: Rig, shots: list[Shot], size: tuple[int, int] = (480, 520)) -> list[Picture]:
    """Draw shots as the program draws its viewport; each (height, width, 3)."""
    return film(rig, [(shot, posed(rig, shot.weights)) for shot in shots], size)


def film(rig: Rig, faces: Iterable[tuple[Shot, Floats]], size: tuple[int, int]) -> list[Picture]:
    """Draw given vertices (V, 3), each seen as its shot says; each (height, width, 3)."""
    window, renderer, pixels = hidden_window(size), vtkRenderer(), vtkUnsignedCharArray()
    window.SetMultiSamples(8)
    window.AddRenderer(renderer)
    scene = FaceScene(renderer, rig)
    pictures = []
    for shot, vertices in faces:
        scene.shading = shot.shading
        scene.update(vertices)
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
    single = ("jawOpen", "mouthPucker", "mouthFunnel", "cheekPuff")
    paired = ("mouthSmile", "mouthFrown", "eyeBlink", "mouthUpperUp")
    poses: dict[str, Weights] = {name: {name: 1.0} for name in single}
    poses |= {name: {f"{name}Left": 1.0, f"{name}Right": 1.0} for name in paired}
    shots += [Shot(name, weights) for name, weights in poses.items()]
    shots += [Shot(name, poses[name], 38, 4) for name in ("mouthSmile", "mouthPucker")]
    return shots + [Shot(name, weights) for name, weights in VISEMES.items()]


def channel_shots() -> list[Shot]:
    """Return every channel at 1; those inside the mouth with the jaw ajar."""
    ajar = {name: {"jawOpen": 0.45} for name in CHANNELS if name.startswith("tongue")}
    ajar["mouthClose"] = {"jawOpen": 1.0}
    return [Shot(name, {**ajar.get(name, {}), name: 1.0}) for name in CHANNELS]


def emotion_shots() -> list[Shot]:
    """Return the ten emotions, a row at half intensity above a row at full."""
    shots = []
    for first in (0, 5):
        for share in (0.5, 1.0):
            for emotion in emotions()[first : first + 5]:
                weights = {name: share * weight for name, weight in emotion.weights.items()}
                shots.append(Shot(f"{emotion.label} {share:g}", weights))
    return shots


def pair_shots() -> list[Shot]:
    """Return channels at 1 that meet another one at 1: where plain sums of shapes break."""
    return [Shot(pair, dict.fromkeys(_both_sides(pair), 1.0)) for pair in PAIRS]


def _both_sides(pair: str) -> list[str]:
    names = []
    for name in pair.split(" + "):
        names += [name] if name in CHANNELS else [f"{name}Left", f"{name}Right"]
    return names


def posed(rig: Rig, weights: Weights) -> NDArray[np.float32]:
    """Vertices (V, 3) of a rig with these weights."""
    row = np.zeros(len(rig.channels), np.float32)
    for name, weight in weights.items():
        row[rig.index[name]] = weight
    return np.asarray(decode(rig, row[None])[0])


def _place_camera(renderer: vtkRenderer, shot: Shot) -> None:
    azimuth, elevation = np.radians([shot.azimuth, shot.elevation])
    camera = renderer.GetActiveCamera()
    toward = [np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)]
    distance = shot.height / 2 / np.tan(np.radians(camera.GetViewAngle() / 2))
    camera.SetFocalPoint(*shot.focus)
    camera.SetPosition(*(np.asarray(shot.focus) + distance * np.asarray(toward)))
    camera.SetViewUp(0, 1, 0)
    renderer.ResetCameraClippingRange()


def figures() -> Image.Image:
    """Draw both figures of the head and the one between, at rest and in two poses."""
    bust = [Shot("", {}, *angles, BUST_FOCUS, BUST_HEIGHT) for angles in ((0, 0), (38, 4), (90, 0))]
    smile: Weights = {"mouthSmileLeft": 0.9, "mouthSmileRight": 0.9, "jawOpen": 0.15, "cheekSquintLeft": 0.5}
    poses = [Shot("", smile), Shot("", {"jawOpen": 0.7, "browInnerUp": 0.6}, 30, 0)]
    shapes = (0.0, 0.5, 1.0)
    pictures = [picture for shape in shapes for picture in shoot(default_rig(shape), bust + poses, CELL)]
    labels = [f"head.shape {shape:g}" for shape in shapes for _ in bust + poses]
    return tile(pictures, labels, len(bust + poses))


def sheet(kind: str) -> Image.Image:
    """Draw a sheet: figures, or one of `SHEETS`."""
    if kind == "figures":
        return figures()
    make, columns = SHEETS[kind]
    shots = make()
    size = (200, 224) if columns == 10 else CELL
    return tile(shoot(default_rig(), shots, size), [shot.label for shot in shots], columns)


CELL = (330, 370)
SHEETS = {
    "head": (head_shots, 5),
    "channels": (channel_shots, 10),
    "emotions": (emotion_shots, 5),
    "pairs": (pair_shots, 5),
}
PAIRS = (
    *("jawOpen + mouthSmile", "jawOpen + mouthPucker", "jawOpen + mouthFunnel", "jawOpen + mouthFrown"),
    *(
        "jawOpen + mouthClose",
        "mouthClose + mouthSmile",
        "mouthFunnel + mouthPucker",
        "mouthSmile + mouthFrown",
    ),
    *("mouthPucker + mouthSmile", "mouthPress + mouthSmile", "mouthUpperUp + mouthLowerDown"),
    *("mouthRollUpper + mouthRollLower", "jawOpen + mouthRollLower", "cheekPuff + mouthPucker"),
    *("jawOpen + jawLeft", "eyeBlink + mouthSmile", "eyeBlink + eyeLookDown", "eyeBlink + cheekSquint"),
    *("browInnerUp + browDown", "noseSneer + mouthUpperUp"),
)
"""Channels of a shot of `pair_shots`; a name without its side stands for both."""

if __name__ == "__main__":
    sheet(sys.argv[2] if len(sys.argv) > 2 else "head").save(Path(sys.argv[1]), quality=90)
