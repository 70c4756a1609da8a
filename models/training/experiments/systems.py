"""Every recipe on its own system's layout.

``python -m models.training.experiments.systems OUT [KEY=VALUE ...]``

Makes the corpora in OUT/LAYOUT, trains OUT/RECIPE.safetensors, each unless it is there, and prints the table.
Runs that were stopped go on where they were. ``lines=N`` says how large a corpus is; the other words are
those of ``main.py train``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.command_line import OneLineParser, reported
from models.training.experiments.table import HEADING, row
from models.training.lab.recipes import RECIPES, overridden
from models.training.places import check_folder
from models.training.synthetic.lines import CLEAR
from models.training.synthetic.synthesis import appearing, synthesize

LAYOUTS: Mapping[str, str] = {
    "editable-transformer": "vocaset",
    "editable-ddpm": "vocaset",
    "blendshapes": "blendshape-arrays",
    "face-mesh": "mediapipe",
    "faceformer": "biwi",
    "faceformer-parallel": "faceformer",
    "faceformer-guided": "faceformer",
    "faceformer-parallel-guided": "faceformer",
    "voca-rnn": "vocaset",
    "voca-transformer": "vocaset",
    "voca-vae": "vocaset",
    "voca-gan": "vocaset",
    "baseline": "mead3d",
}
"""What each system is published with; FaceFormer with two, and the yardstick with none."""
LINES = 160
FEWEST = 3
"""Lines of the smallest corpus: one to learn from, one to choose by, one to judge by."""


def corpus(out: Path, layout: str, lines: int) -> Path:
    """Make a corpus, unless it is there whole."""
    folder = out / layout
    if not folder.exists():
        with appearing(folder) as beside:
            synthesize(beside, layout, lines, seed=1, diction=CLEAR)
    return folder


def main(words: Sequence[str]) -> int:
    """Print the table; returns the exit code."""
    parser = OneLineParser("systems", description="Train every recipe on its own system's layout.")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder of the corpora and the networks")
    parser.add_argument("words", nargs="*", metavar="KEY=VALUE", help="as main.py train has; lines=160")
    options = parser.parse_args(list(words))
    return reported("systems", lambda: _table(options.out, options.words))


def _table(out: Path, words: Sequence[str]) -> None:
    check_folder(out)
    count, changes = counted(words, LINES)
    for recipe in LAYOUTS:  # says now, and not in an hour, that one of them has no such option
        overridden(RECIPES[recipe], changes)
    rows = []
    for recipe, layout in LAYOUTS.items():
        rows.append((layout, *row(recipe, corpus(out, layout, count), out, changes)))
    heading = ("layout", *HEADING)
    for cells in (heading, ("---",) * len(heading), *rows):
        print("| " + " | ".join(cells) + " |")


def counted(words: Sequence[str], usual: int) -> tuple[int, list[str]]:
    """Take ``lines=N`` out of words; returns N, and the others.

    Raises
    ------
    ValueError
        It is no whole number of 3 or more.
    """
    counts = [word.removeprefix("lines=") for word in words if word.startswith("lines=")]
    if wrong := [count for count in counts if not count.isdecimal() or int(count) < FEWEST]:
        raise ValueError(f"lines={wrong[0]} is not {FEWEST} or more")
    others = [word for word in words if not word.startswith("lines=")]
    return int(counts[-1]) if counts else usual, others


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
