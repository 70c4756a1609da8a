"""Film of landmarks, with sound, and a prediction beside the truth.

``python -m models.training.landmarks.film LANDMARKS.npy -o film.mp4 [--audio SOUND] [--beside OTHER.npy]``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.atomic import replacing
from core.audio import AudioClip, load_audio
from core.command_line import OneLineParser, reported
from core.errors import InputError
from core.export.video import write_video
from core.export.watch import Watch
from core.mesh import Mesh
from core.paths import ASSETS
from core.take import Take
from models.training.datasets.line import Floats
from models.training.datasets.mediapipe import FPS, RATE, read_landmarks, read_samples
from models.training.landmarks.drawing import BACKGROUND, FacePanel
from models.training.places import check_file

PANEL, CAPTION = (640, 660), 60
"""Size of each face and height of the line above it, pixels."""
MARGIN = 1.2
"""Leaves room above and for a jaw that opens."""
TURNED = 38.0
"""Degrees from the side that a face without another beside it is shown a second time."""


@dataclass(frozen=True, eq=False)
class Shown:
    """One of the faces side by side.

    Attributes
    ----------
    caption : str
    landmarks : ndarray of shape (F, 468, 3)
    azimuth : float
        Degrees.
    """

    caption: str
    landmarks: Floats
    azimuth: float = 0.0


def faces(landmarks: Path, beside: Path | None) -> tuple[Shown, Shown]:
    """Read what is to be shown: two performances, or one from two sides.

    Raises
    ------
    DatasetError
        A file holds no landmarks.
    """
    first = read_landmarks(landmarks)
    if beside is None:
        return Shown(landmarks.stem, first), Shown("", first, TURNED)
    other = read_landmarks(beside)
    frames = min(len(first), len(other))
    names = _told_apart(landmarks, beside)
    return Shown(names[0], first[:frames]), Shown(names[1], other[:frames])


def write_film(shown: Sequence[Shown], path: Path, clip: AudioClip | None = None, fps: float = FPS) -> None:
    """Write faces side by side as mp4, whole or not at all.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    none, count = np.empty(0, np.int32), len(shown[0].landmarks)
    rest = Mesh(shown[0].landmarks[0], none, none)
    take = Take(
        rest,
        (),
        np.zeros((count, 0), np.float32),
        np.arange(count) / fps,
        fps,
        lambda times: shown[0].landmarks[np.rint(times * fps).astype(int)],
        clip,
    )
    with replacing(path) as temporary:
        write_video(take, temporary, _Renderer(shown), Watch(count))


@dataclass(frozen=True, eq=False)
class _Renderer:
    shown: Sequence[Shown]

    def frames(self, _take: Take) -> Iterator[NDArray[np.uint8]]:
        """Yield one picture a frame, (H, W, 3) uint8."""
        sheet, panels = self._sheet(), [self._panel(each) for each in self.shown]
        for frame in range(len(self.shown[0].landmarks)):
            for number, (panel, each) in enumerate(zip(panels, self.shown, strict=True)):
                drawn = panel.picture(each.landmarks[frame].astype(np.float64))
                sheet.paste(drawn, (number * PANEL[0], CAPTION))
            yield np.asarray(sheet)

    def _panel(self, each: Shown) -> FacePanel:
        """Frame a face by its mean; those side by side are of one scale."""
        means = [other.landmarks.mean(axis=0).astype(np.float64) for other in self.shown]
        height = MARGIN * max(float(np.ptp(mean, axis=0).max()) for mean in means)
        return FacePanel(each.landmarks.mean(axis=0).astype(np.float64), PANEL, each.azimuth, height)

    def _sheet(self) -> Image.Image:
        sheet = Image.new("RGB", (len(self.shown) * PANEL[0], CAPTION + PANEL[1]), BACKGROUND)
        pen = ImageDraw.Draw(sheet)
        font = ImageFont.truetype(str(ASSETS / "fonts" / "Inter-Medium.otf"), 22)
        for number, each in enumerate(self.shown):
            place = (number * PANEL[0] + PANEL[0] / 2, CAPTION / 2 + 4)
            pen.text(place, each.caption, "#d6d6d6", font, anchor="mm")
        return sheet


def sound(path: Path) -> AudioClip:
    """Read a recording, or an array of 16 kHz as the layout of the landmarks has it.

    Raises
    ------
    InputError, DatasetError
        If the file holds no sound.
    """
    if path.suffix != ".npy":
        return load_audio(path)
    return AudioClip(read_samples(path)[0][None], RATE, path.stem)


def _told_apart(first: Path, second: Path) -> tuple[str, str]:
    """Names of two files; those that are called alike are told apart by their folders."""
    if first.stem != second.stem:
        return first.stem, second.stem
    return f"{first.parent.name}/{first.stem}", f"{second.parent.name}/{second.stem}"


def run(words: Sequence[str]) -> int:
    """Make a film; returns the exit code."""
    options = _parser().parse_args(list(words))
    return reported("film", lambda: _film(options))


def _film(options: argparse.Namespace) -> None:
    check_file(options.out, ".mp4")
    if not 1 <= options.fps <= 1000:
        raise InputError("--fps", f"{options.fps:g} is not between 1 and 1000")
    clip = None if options.audio is None else sound(options.audio)
    write_film(faces(options.landmarks, options.beside), options.out, clip, options.fps)


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="film", description=__doc__.partition("\n")[0])
    parser.add_argument("landmarks", type=Path, metavar="LANDMARKS.npy")
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="FILM.mp4")
    parser.add_argument("--audio", type=Path, help="a recording, or an array of 16 kHz")
    parser.add_argument("--beside", type=Path, metavar="OTHER.npy", help="shown at the right")
    parser.add_argument("--fps", type=float, default=FPS)
    return parser


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
