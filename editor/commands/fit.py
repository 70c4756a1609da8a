"""``main.py fit``: a rig of a head, written to a file that is a template from then on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.command_line import OneLineParser
from core.errors import InputError
from core.rig import Rig
from core.rig_file import save_rig
from core.templates.load import load_template
from editor.commands.progress import share_bar

SUFFIX = ".npz"


def run(words: Sequence[str]) -> int:
    """Make and write a rig, and say what came of it; return the exit code."""
    options = _parser().parse_args(words)
    if options.out.suffix.lower() != SUFFIX:
        raise InputError(options.out, f"a rig file ends in {SUFFIX}")
    with share_bar(f"Fitting {options.mesh.name}") as progress:
        rig = load_template(options.mesh, progress, options.landmarks)
    save_rig(rig, options.out)
    print(f"{options.out}: {_summary(rig)}")
    return 0


def _summary(rig: Rig) -> str:
    moving = int(np.any(rig.basis, axis=(1, 2)).sum())
    lips = "no lips found" if rig.lips is None else f"{len(rig.lips.upper)} pairs of lip vertices"
    return f"{moving} channels on {len(rig.mesh.vertices)} vertices ({rig.origin}), {lips}"


def _parser() -> OneLineParser:
    parser = OneLineParser("main.py fit", description="Make a rig of a head, to be used as a template.")
    parser.add_argument("mesh", type=Path, metavar="MESH", help="a mesh, or a folder of shapes")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="RIG", help="name.npz")
    parser.add_argument(
        "--landmarks",
        type=Path,
        metavar="FILE",
        help="where the face is: JSON with points and curves by name, vertex numbers from 0",
    )
    return parser
