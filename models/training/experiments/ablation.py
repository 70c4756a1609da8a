"""What guidance is good for: ``python -m models.training.experiments.ablation OUT GUIDE JUDGE``.

Trains system 4 with and without the lip-reader GUIDE on synthetic corpora, and lets GUIDE and a second
lip-reader, JUDGE, read what a held-out speaker's lines become. Each of ``--seeds 0,1,2`` has its own texts,
judged speaker, first weights and crops, which all rows share: so differences of rows are paired.
``--study reader`` compares ways to ask the reader instead, on a speaker that is never judged, and
``--study autoregressive`` is of the other decoder. Networks that are there are not trained again, and one
that was stopped goes on. ``lines=N`` says how large a corpus is; more words are those of ``main.py train``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from core.command_line import OneLineParser, reported
from models.phones import Segment
from models.toolbox.motion_file import load_motion_model
from models.training.datasets.layouts import layout_of
from models.training.datasets.mediapipe import SPLIT
from models.training.experiments.lip_bench import FIGURES, Bench, Numbers
from models.training.experiments.systems import counted
from models.training.lab.material import split_of
from models.training.lab.recipes import RECIPES, overridden
from models.training.lab.train import train
from models.training.lipreading.films import HELD_OUT, default_mouth
from models.training.lipreading.reader import LipReader, load_reader
from models.training.places import check_folder
from models.training.reports.report import spoken
from models.training.synthetic.lines import SPEAKERS, labelled_lines
from models.training.synthetic.synthesis import appearing, synthesize

Arm = tuple[str, tuple[str, ...]]
"""A recipe, and words that change it."""
PARALLEL, LIPS, READER = "faceformer-parallel", "-lips", "-lips-and-reader"


@dataclass(frozen=True)
class Study:
    """What stands in a table.

    Attributes
    ----------
    part : str
        Whose lines are measured: ``test``, or ``valid`` where something is to be chosen.
    arms : mapping of str to Arm
    pairs : sequence of (str, str)
        Arms whose difference is of interest: the second less the first.
    """

    part: str
    arms: Mapping[str, Arm]
    pairs: Sequence[tuple[str, str]]


MORE_LIPS, OFTEN = f"{LIPS} x10", f"{READER} at each step"
WORDS: Mapping[str, tuple[str, ...]] = {
    LIPS: ("reading=0",),
    MORE_LIPS: ("reading=0", "reader.lips=0.2"),
    READER: (),
    OFTEN: ("reader.every=1",),
    f"{READER} x4": ("reading=2",),
    f"{READER} features": ("reader.frames=0", "reader.words=0"),
    f"{READER} words": ("reader.features=0", "reader.frames=0"),
    f"{READER} later": ("reader.after=100",),
}
"""Ways to guide. The distance of the lips is a part of all; ten times as much shows whether a reader says
more than that the mouth matters."""


def _study(part: str, decoder: str, ways: Sequence[str], pairs: Sequence[tuple[str, str]]) -> Study:
    arms = {f"{decoder}{way}": (f"{decoder}-guided", WORDS[way]) if way else (decoder, ()) for way in ways}
    return Study(part, arms, [(f"{decoder}{before}", f"{decoder}{after}") for before, after in pairs])


PLAIN = ("", LIPS)
STUDIES: dict[str, Study] = {
    "guidance": _study(
        "test",
        PARALLEL,
        ["", LIPS, MORE_LIPS, READER, OFTEN],
        [PLAIN, (LIPS, MORE_LIPS), (LIPS, READER), (LIPS, OFTEN), (MORE_LIPS, OFTEN)],
    ),
    "autoregressive": _study(
        "test", "faceformer", ["", LIPS, MORE_LIPS, READER], [PLAIN, (LIPS, READER), (MORE_LIPS, READER)]
    ),
    "reader": _study("valid", PARALLEL, list(WORDS), [(LIPS, way) for way in WORDS if way != LIPS]),
}
LINES, LAYOUT, TEXTS, CHOOSING = 160, "livelink", 7, SPEAKERS[4]
"""Seed of the first corpus's texts; the speaker to choose by, whom readers have learnt on."""


def corpus(folder: Path, lines: int, seed: int) -> dict[str, tuple[Segment, ...]]:
    """Write a seed's corpus where there is none yet; returns what is said in each line, by its name.

    Judged is one of the speakers that no reader has learnt on, in turn.
    """
    if not folder.exists():
        parts = {CHOOSING: "valid", HELD_OUT[seed % len(HELD_OUT)]: "test"}
        with appearing(folder) as beside:
            synthesize(beside, LAYOUT, lines, TEXTS + seed)
            entries = layout_of(beside).read(beside)
            rows = [f"{entry.name}\t{parts.get(entry.speaker, 'train')}" for entry in entries]
            (beside / SPLIT).write_text("\n".join(rows), encoding="utf-8")
    fps = layout_of(folder).fps
    return {line.name: segments for line, segments in labelled_lines(lines, fps, TEXTS + seed)}


@dataclass(frozen=True)
class Ablation:
    """Where networks are kept, who guides and judges, and how all are trained.

    Attributes
    ----------
    guide : Path
        The file of the lip-reader that guides.
    readers : sequence of LipReader
        The guide and the judge.
    lines : int
        Of a corpus.
    changes : sequence of str
        ``key=value`` words for every recipe.
    """

    out: Path
    guide: Path
    readers: Sequence[LipReader]
    lines: int
    changes: Sequence[str]

    def figures(self, study: Study, seed: int) -> dict[str, Numbers]:
        """Train each arm with a seed, unless it is there, and measure it."""
        folder = self.out / f"seed-{seed}"
        said = corpus(folder / "takes", self.lines, seed)
        split = split_of(folder / "takes", layout_of(folder / "takes"))
        lines = [entry.load() for entry in (split.test if study.part == "test" else split.valid)]
        bench = Bench(lines, said, default_mouth(), self.readers)
        found = {
            "truth": bench.figures(lambda line: line.motion),
            "mean of the line": bench.figures(
                lambda line: np.repeat(line.motion.mean(0)[None], len(line.motion), 0)
            ),
        }
        for name, arm in study.arms.items():
            path = folder / f"{name.replace(' ', '-')}.safetensors"
            if not path.exists():
                self._train(path, arm, seed)
            found[name] = bench.figures(partial(spoken, load_motion_model(path)))
        return found

    def _train(self, path: Path, arm: Arm, seed: int) -> None:
        recipe, own = arm
        expert = [f"expert={self.guide}"] if recipe.endswith("guided") else []
        # Without paces: arms are compared, not made as good as can be.
        words = ["paces=false", *self.changes, *own, *expert, f"seed={seed}"]
        print(path, flush=True)
        train(recipe, overridden(RECIPES[recipe], words), path.parent / "takes", path)


def table(study: Study, runs: Sequence[Mapping[str, Numbers]]) -> list[tuple[str, ...]]:
    """Rows of means and standard deviations over the seeds; of arms, then of paired differences."""
    rows = [(name, *_cells([run[name] for run in runs])) for name in runs[0]]
    for before, after in study.pairs:
        rows.append((f"{after} less {before}", *_cells([run[after] - run[before] for run in runs], "+")))
    return rows


def _cells(values: Sequence[Numbers], sign: str = "") -> list[str]:
    means, spreads = np.mean(values, axis=0), np.std(values, axis=0, ddof=1 if len(values) > 1 else 0)
    digits = [3 if name.startswith("VER") else 2 for name in FIGURES]
    return [
        f"{mean:{sign}.{count}f} ± {spread:.{count}f}"
        for mean, spread, count in zip(means, spreads, digits, strict=True)
    ]


def main(words: Sequence[str]) -> int:
    """Print the table; returns the exit code."""
    parser = OneLineParser("ablation", description="FaceFormer with and without a lip-reader.")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder of the corpora and the networks")
    for name, does in (("guide", "watches the networks learn"), ("judge", "another one, that only reads")):
        parser.add_argument(name, type=Path, metavar=name.upper(), help=f"lip-reader that {does}")
    parser.add_argument("words", nargs="*", metavar="KEY=VALUE", help=f"as main.py train has; lines={LINES}")
    parser.add_argument("--study", choices=sorted(STUDIES), default="guidance")
    parser.add_argument(
        "--seeds", type=_seeds, default=(0, 1, 2), metavar="N,...", help="0,1,2 where not given"
    )
    options = parser.parse_intermixed_args(list(words))
    return reported("ablation", lambda: _print(options))


def _seeds(word: str) -> tuple[int, ...]:
    return tuple(map(int, word.split(",")))


def _print(options: argparse.Namespace) -> None:
    check_folder(options.out)
    count, changes = counted(options.words, LINES)
    study = STUDIES[options.study]
    for recipe, own in study.arms.values():
        overridden(RECIPES[recipe], [*changes, *own])
    readers = [load_reader(options.guide), load_reader(options.judge)]
    ablation = Ablation(options.out, options.guide, readers, count, changes)
    runs = [ablation.figures(study, seed) for seed in options.seeds]
    heading = ("motion", *FIGURES)
    for cells in (heading, ("---",) * len(heading), *table(study, runs)):
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.exit(main(sys.argv[1:]))
