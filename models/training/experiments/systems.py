"""Every recipe on its own system's layout.

``python -m models.training.experiments.systems OUT [KEY=VALUE ...]``

Makes the corpora in OUT/LAYOUT, trains OUT/RECIPE.safetensors, each unless it is there, and prints the table.
Runs that were stopped go on where they were. ``lines=N`` says how large a corpus is; the other words are
those of ``main.py train``.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.training.experiments.table import HEADING, row
from models.training.synthetic.lines import CLEAR
from models.training.synthetic.synthesis import synthesize

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


def corpus(out: Path, layout: str, lines: int) -> Path:
    """Make a corpus, unless it is there whole."""
    folder, partial = out / layout, out / f"{layout}.partial"
    if not folder.exists():
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        synthesize(partial, layout, lines, seed=1, diction=CLEAR)
        partial.rename(folder)
    return folder


def main(words: Sequence[str]) -> int:
    """Print the table; returns the exit code."""
    out, *changes = words
    sizes = [int(word.removeprefix("lines=")) for word in changes if word.startswith("lines=")]
    options = [word for word in changes if not word.startswith("lines=")]
    folder = Path(out)
    rows = []
    for recipe, layout in LAYOUTS.items():
        data = corpus(folder, layout, (sizes or [LINES])[-1])
        rows.append((layout, *row(recipe, data, folder, options)))
    heading = ("layout", *HEADING)
    for cells in (heading, ("---",) * len(heading), *rows):
        print("| " + " | ".join(cells) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
