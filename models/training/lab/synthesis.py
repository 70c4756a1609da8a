"""``main.py synthesize OUT``: a corpus with exact ground truth in the layout of a published dataset."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from models.training.datasets.layouts import LAYOUTS
from models.training.datasets.line import Line
from models.training.lab.synthetic_lines import SPEAKERS, synthetic_lines

NAMES: Mapping[str, Callable[[int, Line], str]] = {
    "livelink": lambda _number, line: line.name,
    "beat": lambda number, line: (
        f"{SPEAKERS.index(line.speaker) + 1}_{line.speaker}_0_{number + 1}_{number + 1}"
    ),
    "blendshape-arrays": lambda number, _line: f"{number + 1}.mp4",
}
"""What lines are called in the layouts of ARKit's channels."""


def run(words: Sequence[str]) -> int:
    """Write a corpus; returns the exit code."""
    parser = argparse.ArgumentParser(
        "main.py synthesize", description="Make a corpus with exact ground truth."
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="a folder that does not exist yet")
    parser.add_argument("--layout", choices=sorted(NAMES), default="livelink")
    parser.add_argument(
        "--lines", type=int, default=200, metavar="N", help="200 where not given: ten minutes"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another one, other texts")
    options = parser.parse_args(list(words))
    if options.out.exists() and any(options.out.iterdir() if options.out.is_dir() else [options.out]):
        print(f"main.py: {options.out}: is there already, and not empty", file=sys.stderr)
        return 2
    layout = LAYOUTS[options.layout]
    options.out.mkdir(parents=True, exist_ok=True)
    lines = (
        replace(line, name=NAMES[layout.name](number, line))
        for number, line in enumerate(synthetic_lines(options.lines, layout.fps, options.seed))
    )
    layout.write(options.out, lines)
    print(f"{options.out}: {options.lines} lines of {len(SPEAKERS)} speakers, layout {options.layout}")
    return 0
