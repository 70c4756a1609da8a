"""A film: prediction, truth, and how far they are from each other, with sound.

Letters: F frames, V vertices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.atomic import replacing
from core.audio import AudioClip
from core.export.video import write_video
from core.export.watch import Watch
from core.mesh import Floats
from core.paths import ASSETS
from core.take import Take
from models.training.reports.judged_head import JudgedHead
from models.training.reports.panels import Colours, Panel, Picture, panel

SIZE = (1280, 720)
EDGE, GAP, BAR = 20, 12, 74
"""Pixels around everything, between panels, and for the scale beside the last."""
TOP, STRIP = 84, 96
PANEL = ((SIZE[0] - 2 * EDGE - 2 * GAP - BAR) // 3, SIZE[1] - TOP - STRIP - EDGE)
PAPER, INK, FAINT = (17, 18, 20), (226, 229, 233), (140, 146, 154)
TRUE, SPOKEN = (112, 166, 214), (226, 120, 76)
CAPTIONS = ("prediction", "ground truth", "distance between them")
UNKNOWN = 88
"""Grey of what was not measured."""
SOUND_RATE = 48_000
STEPS = (0.2, 0.5, 1, 2, 3, 5, 8, 10, 15, 20, 30, 50)
"""Millimetres at which a scale may end."""


@dataclass(frozen=True, eq=False)
class Shot:
    """A line of a film.

    Attributes
    ----------
    answer, truth : ndarray of shape (F, V, 3)
        In mm.
    distances : ndarray of shape (F, V)
        Of each vertex from where it should be; NaN where none was measured.
    opening : pair of ndarray of shape (F,), or None
        Of the predicted and the true mouth.
    samples : ndarray of shape (N,), float32
        At `SOUND_RATE`.
    """

    title: str
    subtitle: str
    answer: Floats
    truth: Floats
    distances: Floats
    opening: tuple[NDArray[np.float64], NDArray[np.float64]] | None
    samples: Floats


def write_film(head: JudgedHead, shots: Sequence[Shot], fps: float, path: Path, watch: Watch) -> None:
    """Write shots one after another as mp4, whole or not at all.

    Raises
    ------
    InputError
        The file cannot be written, or the machine has no OpenGL.
    Cancelled
        The user asked to stop.
    """
    frames = sum(len(shot.truth) for shot in shots)
    sound = np.concatenate([_fitted(shot.samples, len(shot.truth) / fps) for shot in shots])
    take = Take(
        head.mesh,
        (),
        np.zeros((frames, 0), np.float32),
        np.arange(frames) / fps,
        fps,
        lambda times: np.repeat(head.mesh.vertices[None], len(times), axis=0),
        AudioClip(sound[None], SOUND_RATE),
    )
    with replacing(path) as temporary:
        write_video(take, temporary, _Renderer(head, shots, fps), watch)


def scale_end(shots: Sequence[Shot]) -> float:
    """Choose where the scale of distances ends: hardly a vertex lies beyond it."""
    return ending_of(max(float(np.nanpercentile(shot.distances, 99.5)) for shot in shots))


def ending_of(most: float) -> float:
    """Choose a round end of a scale for distances up to so many mm."""
    return float(next((step for step in STEPS if step >= most), STEPS[-1]))


@dataclass(frozen=True, eq=False)
class _Renderer:
    head: JudgedHead
    shots: Sequence[Shot]
    fps: float

    def frames(self, _take: Take) -> Iterator[Picture]:
        """Yield one picture a frame, (H, W, 3) uint8."""
        end = scale_end(self.shots)
        panels = [panel(self.head, PANEL) for _ in CAPTIONS]
        try:
            for shot in self.shots:
                sheet = _sheet(shot, end)
                for frame in range(len(shot.truth)):
                    yield _composed(sheet, panels, shot, frame, heat(shot.distances[frame], end), self.fps)
        finally:
            for each in panels:
                each.close()


def heat(distances: NDArray[np.floating], end: float) -> Colours:
    """Colour distances (...): dark blue for none to yellow for the end of the scale, grey for NaN."""
    from matplotlib import colormaps

    painted = colormaps["viridis"](np.clip(np.nan_to_num(distances) / end, 0, 1), bytes=True)[..., :3]
    return np.where(np.isnan(distances)[..., None], np.uint8(UNKNOWN), painted)


def _composed(
    sheet: Image.Image, panels: Sequence[Panel], shot: Shot, frame: int, colours: Colours, fps: float
) -> Picture:
    drawn = sheet.copy()
    faces = (
        panels[0].picture(shot.answer[frame]),
        panels[1].picture(shot.truth[frame]),
        panels[2].picture(shot.truth[frame], colours),
    )
    for number, face in enumerate(faces):
        drawn.paste(Image.fromarray(face), (_left(number), TOP))
    pen = ImageDraw.Draw(drawn)
    pen.text((SIZE[0] - EDGE, 20), f"{frame / fps:.2f} s", FAINT, _font(18), anchor="ra")
    if shot.opening is not None:
        _draw_playhead(pen, frame, len(shot.truth))
    return np.asarray(drawn)


def _draw_playhead(pen: ImageDraw.ImageDraw, frame: int, frames: int) -> None:
    x = _strip_x(frame, frames)
    pen.line((x, SIZE[1] - STRIP + 22, x, SIZE[1] - EDGE), INK, 1)


def _sheet(shot: Shot, end: float) -> Image.Image:
    """Draw what stays the same through a shot."""
    sheet = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((EDGE, 16), shot.title, INK, _font(22, "SemiBold"))
    left = EDGE + pen.textlength(shot.title, _font(22, "SemiBold")) + 14
    pen.text((left, 20), shot.subtitle, FAINT, _font(18))
    for number, caption in enumerate(CAPTIONS):
        pen.text((_left(number), TOP - 26), caption, (SPOKEN, TRUE, INK)[number], _font(16, "Medium"))
    if np.isnan(shot.distances).any():
        pen.text((_left(2) + PANEL[0], TOP - 24), "grey: not measured", FAINT, _font(14), anchor="ra")
    _draw_scale(sheet, pen, end)
    if shot.opening is not None:
        _draw_opening(pen, *shot.opening)
    return sheet


def _draw_scale(sheet: Image.Image, pen: ImageDraw.ImageDraw, end: float) -> None:
    left, top, height = SIZE[0] - EDGE - BAR + GAP, TOP + 36, PANEL[1] - 48
    ramp = heat(np.linspace(end, 0, height)[:, None].repeat(16, axis=1), end)
    pen.text((left, TOP - 4), "mm", INK, _font(16))
    sheet.paste(Image.fromarray(ramp), (left, top))
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = top + (1 - share) * (height - 1)
        pen.line((left + 16, y, left + 21, y), FAINT, 1)
        beyond = "+" if share == 1 else ""
        pen.text((left + 26, y), f"{share * end:g}{beyond}", INK, _font(15), anchor="lm")


def _draw_opening(pen: ImageDraw.ImageDraw, answer: NDArray[np.float64], truth: NDArray[np.float64]) -> None:
    top, bottom = SIZE[1] - STRIP + 24, SIZE[1] - EDGE - 3
    low, high = min(truth.min(), answer.min()), max(truth.max(), answer.max())
    reach = high - low or 1.0
    caption = f"mouth opening, {low:.1f} to {high:.1f} mm"
    pen.text((EDGE, SIZE[1] - STRIP + 2), caption, FAINT, _font(14))
    for curve, colour in ((truth, TRUE), (answer, SPOKEN)):
        places = [
            (_strip_x(frame, len(curve)), bottom - (value - low) / reach * (bottom - top))
            for frame, value in enumerate(curve)
        ]
        pen.line(places, colour, 2, joint="curve")


def _strip_x(frame: int, frames: int) -> float:
    return EDGE + frame / max(frames - 1, 1) * (SIZE[0] - 2 * EDGE)


def _left(number: int) -> int:
    return EDGE + number * (PANEL[0] + GAP)


def _font(size: int, weight: str = "Regular") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(ASSETS / "fonts" / f"Inter-{weight}.otf"), size)


def _fitted(samples: Floats, seconds: float) -> Floats:
    count = round(seconds * SOUND_RATE)
    return np.pad(samples[:count], (0, max(count - len(samples), 0)))
