"""What the expert is good for: ``python -m models.training.experiments.ablation OUT GUIDE JUDGE [lines=N]``.

Trains system 4 with and without the lip-reader GUIDE on one synthetic corpus, from the same first weights and
with the same crops, and lets GUIDE and a second lip-reader, JUDGE, read what held-out speakers' lines become.
Further words are those of ``main.py train``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from core.command_line import OneLineParser, reported
from models.phones import Segment
from models.toolbox.motion_model import load_motion_model
from models.training.datasets.layouts import layout_of
from models.training.datasets.line import Floats, Line
from models.training.experiments.systems import counted
from models.training.lab.material import split_of
from models.training.lab.recipes import RECIPES, overridden
from models.training.lab.train import train
from models.training.lipreading.films import default_mouth, filmed
from models.training.lipreading.guidance import at
from models.training.lipreading.mouth_decoder import MouthDecoder
from models.training.lipreading.reader import FPS, LipReader, load_reader
from models.training.lipreading.renderer import MouthRenderer
from models.training.lipreading.transcripts import best_path
from models.training.lipreading.visemes import error_rate, spoken_visemes
from models.training.metrics.masks import Mask
from models.training.metrics.vertex_errors import (
    lip_vertex_error,
    mean_lip_distance,
    pooled,
    worst_lip_distance,
)
from models.training.places import check_folder
from models.training.reports.report import spoken
from models.training.synthetic.lines import labelled_lines
from models.training.synthetic.synthesis import appearing, synthesize

ARMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    f"{decoder}{arm}": (f"{decoder}{recipe}", words)
    for decoder in ("faceformer-parallel", "faceformer")
    for arm, recipe, words in (
        ("", "", ()),
        ("-lips", "-guided", ("reading=0",)),
        ("-lips-and-reader", "-guided", ()),
    )
}
"""Recipes and words by what stands in the table; the distance of the lips is a part of the guidance."""
LAYOUT, SEED, LINES = "livelink", 7, 160
HEADING = ("motion", "VER guide", "VER judge", "LVE mm²", "worst lip mm", "mean lip mm")


@dataclass(frozen=True, eq=False)
class Bench:
    """What motions are judged by.

    Attributes
    ----------
    lines : sequence of Line
        Of held-out speakers.
    said : mapping of str to tuple of Segment
        Which phone is when in each.
    readers : sequence of LipReader
        The guide and the judge.
    """

    lines: Sequence[Line]
    said: dict[str, tuple[Segment, ...]]
    decoder: MouthDecoder
    readers: Sequence[LipReader]

    @torch.inference_mode()
    def row(self, name: str, answer: Callable[[Line], Floats]) -> tuple[str, ...]:
        """Measure the motions (F, 52) that lines are answered with."""
        motions = [answer(line) for line in self.lines]
        truths = [spoken_visemes(self.said[line.name]) for line in self.lines]
        films = [self._filmed(m, line.fps) for m, line in zip(motions, self.lines, strict=True)]
        rates = [
            error_rate(truths, [best_path(reader(film).ctc[0]) for film in films]) for reader in self.readers
        ]
        pairs = [
            (self._lips(line.motion), self._lips(m)) for m, line in zip(motions, self.lines, strict=True)
        ]
        mask = Mask("inner lips", np.arange(len(self.decoder.mouth.lips)))
        figures = (
            pooled(lip_vertex_error(*pair, mask) for pair in pairs),
            pooled(worst_lip_distance(*pair, mask, 1.0) for pair in pairs),
            pooled(mean_lip_distance(*pair, mask, 1.0) for pair in pairs),
        )
        return (name, *(f"{rate:.3f}" for rate in rates), *(f"{figure:.2f}" for figure in figures))

    def _filmed(self, motion: Floats, fps: float) -> torch.Tensor:
        """Film a motion at the readers' rate, (1, F, S, S)."""
        times = torch.arange(int(len(motion) / fps * FPS)) * (fps / FPS)
        slower = at(torch.from_numpy(motion)[None], times)[0].numpy()
        render = MouthRenderer(self.decoder.mouth, self.readers[0].size)
        return torch.from_numpy(filmed(slower, self.decoder, render))[None] / 255

    def _lips(self, motion: Floats) -> NDArray[np.float32]:
        return np.asarray(self.decoder.lips(torch.from_numpy(np.ascontiguousarray(motion))).numpy())


def corpus(folder: Path, lines: int) -> dict[str, tuple[Segment, ...]]:
    """Write the corpus where there is none yet; returns what is said in each line, by its name."""
    if not folder.exists():
        with appearing(folder) as beside:
            synthesize(beside, LAYOUT, lines, SEED)
    return {line.name: segments for line, segments in labelled_lines(lines, layout_of(folder).fps, SEED)}


def main(words: Sequence[str]) -> int:
    """Print the table; returns the exit code."""
    parser = OneLineParser("ablation", description="FaceFormer with and without a lip-reader.")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder of the corpus and the networks")
    for name, does in (("guide", "watches the networks learn"), ("judge", "another one, that only reads")):
        parser.add_argument(name, type=Path, metavar=name.upper(), help=f"lip-reader that {does}")
    parser.add_argument("words", nargs="*", metavar="KEY=VALUE", help=f"as main.py train has; lines={LINES}")
    options = parser.parse_args(list(words))
    return reported("ablation", lambda: _print(options))


def _print(options: argparse.Namespace) -> None:
    check_folder(options.out)
    count, changes = counted(options.words, LINES)
    for recipe, own in ARMS.values():
        overridden(RECIPES[recipe], [*changes, *own])
    readers = [load_reader(options.guide), load_reader(options.judge)]
    rows = table(options.out, options.guide, readers, count, changes)
    for cells in (HEADING, ("---",) * len(HEADING), *rows):
        print("| " + " | ".join(cells) + " |")


def table(
    out: Path, guide: Path, readers: Sequence[LipReader], count: int, changes: list[str]
) -> list[tuple[str, ...]]:
    """Train each arm, unless it is there, and measure it.

    Parameters
    ----------
    out : Path
        Where corpus and networks are kept.
    guide : Path
        The file of the lip-reader that guides.
    readers : sequence of LipReader
        The guide and the judge.
    count : int
        Lines of the corpus.
    changes : list of str
        ``key=value`` words for every recipe.
    """
    said = corpus(out / "takes", count)
    lines = [entry.load() for entry in split_of(out / "takes", layout_of(out / "takes")).test]
    bench = Bench(lines, said, default_mouth(), readers)
    rows = [
        bench.row("truth", lambda line: line.motion),
        bench.row("mean of the line", lambda line: np.repeat(line.motion.mean(0)[None], len(line.motion), 0)),
    ]
    for name, (recipe, own) in ARMS.items():
        path = out / f"{name}.safetensors"
        if not path.exists():
            expert = [f"expert={guide}"] if recipe.endswith("guided") else []
            words = ["paces=false", *changes, *own, *expert]  # arms are compared, not made as good as can be
            train(recipe, overridden(RECIPES[recipe], words), out / "takes", path)
        rows.append(bench.row(name, partial(spoken, load_motion_model(path))))
    return rows


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.exit(main(sys.argv[1:]))
