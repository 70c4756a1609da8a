"""What a network makes of one held-out line while it still learns: a picture, and a film if one is wanted."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.audio import AudioClip
from core.composing import decode
from core.inference.moving import moved
from core.library import default_rig
from core.neutral import Neutral
from core.take import Take
from models.toolbox.motion_model import MotionModel
from models.toolbox.motion_net import MotionNet
from models.training.datasets.line import Floats, Line
from models.training.lab.examples import Example, Standard
from models.training.lab.judging import predicted

TELLING = ("jawOpen", "mouthFunnel", "mouthPucker")
"""Channels that are drawn where there are such."""
LONGEST = 4.0
"""Seconds that are shown, so that training does not wait for pictures."""
SIZE = (480, 480)
"""Width and height of the film."""
TRUE, MADE = "#23527c", "#c8502d"


@dataclass(frozen=True, eq=False)
class Preview:
    """Draws one line.

    Attributes
    ----------
    picture : Path
        PNG that is drawn at each judgement.
    example : Example
        What is heard and what would be right.
    standard : Standard
    names : sequence of str
        Of the coordinates, where they have any.
    fps : float
    """

    picture: Path
    example: Example
    standard: Standard
    names: Sequence[str]
    fps: float

    def __call__(self, step: int, values: Mapping[str, float], net: MotionNet) -> None:
        """Draw what is true and what is made."""
        frames = round(LONGEST * self.fps)
        made = predicted(net, self.example.features[:frames]) * self.standard.scale + self.standard.mean
        title = f"{self.example.name}, step {step:,}, validation {values['validation']:.3f}"
        self._draw(self.example.moved(slice(len(made))), made[: len(self.example.motion)], title)

    def _draw(self, truth: Floats, made: Floats, title: str) -> None:
        from matplotlib.figure import Figure

        drawn = self.drawn()
        figure = Figure((9, 1.6 * len(drawn) + 0.8), layout="constrained")
        rows = figure.subplots(len(drawn), 1, sharex=True, squeeze=False)[:, 0]
        times = np.arange(len(made)) / self.fps
        for axes, (column, name) in zip(rows, drawn, strict=True):
            axes.plot(times, truth[:, column], color=TRUE, label="true", linewidth=1.4)
            axes.plot(times, made[:, column], color=MADE, label="predicted", linewidth=1.4)
            axes.set_ylabel(name, fontsize=9)
            axes.spines[["top", "right"]].set_visible(False)
            axes.margins(x=0)
        rows[0].legend(fontsize=8, frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1, 1))
        rows[-1].set_xlabel("seconds")
        figure.align_ylabels()
        figure.suptitle(title, fontsize=10, x=0.01, ha="left")
        partial = self.picture.with_name(f"{self.picture.name}.partial")
        figure.savefig(partial, dpi=110, format="png")
        partial.replace(self.picture)

    def drawn(self) -> list[tuple[int, str]]:
        """Columns and names of three coordinates: the speaking ones, or those that move most."""
        if set(TELLING) <= set(self.names):
            return [(list(self.names).index(name), name) for name in TELLING]
        liveliest = np.argsort(-self.example.moved().std(0), kind="stable")[: len(TELLING)]
        return [(int(column), f"coordinate {column}") for column in liveliest]


@dataclass(frozen=True, eq=False)
class Film:
    """Lets the default head speak one line.

    Attributes
    ----------
    path : Path
        Video that is written at each judgement.
    line : Line
    speaking : callable
        Makes a model of a network, as it will be played.
    """

    path: Path
    line: Line
    speaking: Callable[[MotionNet], MotionModel]

    def __call__(self, _step: int, _values: Mapping[str, float], net: MotionNet) -> None:
        """Film the network as it is.

        Raises
        ------
        InputError
            If there is no OpenGL, or what the network moves is no face that is known.
        """
        # Imported late: training needs no graphics unless it is asked for films.
        from core.export.registry import export
        from editor.render.offscreen import TakeRenderer

        samples = self.line.samples[: round(LONGEST * self.line.rate)]
        clip = AudioClip(samples[None], self.line.rate, self.line.name)
        spoken = moved(self.speaking(copy.deepcopy(net).cpu()), clip, lambda _share: None)
        export(on_the_default_head(spoken, clip), self.path, renderer=TakeRenderer(SIZE))


def on_the_default_head(spoken: Neutral, clip: AudioClip) -> Take:
    """Make a take of a lipsync, with the sound it belongs to."""
    rig = default_rig()
    neutral = spoken.arranged(rig.channels)
    times = np.arange(len(neutral.weights)) / neutral.fps
    return Take(
        *(rig.mesh, rig.channels, neutral.weights, times, neutral.fps),
        pose=lambda when: decode(rig, neutral.sample(when)),
        audio=clip,
        lips=rig.lips,
        colours=rig.colours,
    )
