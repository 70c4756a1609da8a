"""``main.py synthesize OUT``: a corpus with exact ground truth in the layout of a published dataset."""

from __future__ import annotations

import argparse
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from core.command_line import OneLineParser
from core.errors import InputError
from core.landmark_points import landmarks_of
from core.library import default_rig
from core.mesh import Mesh
from core.meshes.obj_writer import write_obj
from core.rig import Rig
from core.templates.load import load_template
from core.templates.topology import default_face
from models.toolbox.deepspeech import SHAPE
from models.toolbox.listening import listen
from models.training.datasets.arkit import SPACE as ARKIT
from models.training.datasets.layouts import LAYOUTS
from models.training.datasets.line import Line
from models.training.datasets.mediapipe import PARTS, SPLIT
from models.training.datasets.mediapipe import SPACE as LANDMARKS
from models.training.places import check_folder
from models.training.synthetic.faces import with_faces
from models.training.synthetic.lines import CLEAR, PLAIN, SPEAKERS, Diction, synthetic_lines

BIWI = ("M3", "F2", "M4", "F3", "M5", "F4", "M1", "F1")
"""Whom the speakers stand for in that layout, voice by voice."""
UNITS: Mapping[str, float] = {"mediapipe": 0.1, "sequences": 1.0}
"""Units of a layout in a millimetre; the others are in metres."""
HELD_OUT = {len(SPEAKERS) - 2: "valid", len(SPEAKERS) - 1: "test"}
"""Speakers that are held out where the layout does not say who speaks."""


def _beat(number: int, line: Line) -> Line:
    return replace(
        line, name=f"{SPEAKERS.index(line.speaker) + 1}_{line.speaker}_0_{number + 1}_{number + 1}"
    )


def _sentence(number: int, line: Line) -> Line:
    return replace(line, name=f"{line.speaker}_sentence{number // len(SPEAKERS) + 1:02}")


def _biwi(number: int, line: Line) -> Line:
    speaker = BIWI[SPEAKERS.index(line.speaker)]
    return replace(line, speaker=speaker, name=f"{speaker}_e{number // len(SPEAKERS) + 1:02}")


def _mead(number: int, line: Line) -> Line:
    return replace(line, name=f"{line.speaker}/neutral/level_1/{number // len(SPEAKERS) + 1:03}", level=1)


NAMES: Mapping[str, Callable[[int, Line], Line]] = {
    "livelink": lambda _number, line: line,
    "beat": _beat,
    "blendshape-arrays": lambda number, line: replace(line, name=f"{number + 1}.mp4"),
    "vocaset": _sentence,
    "faceformer": _sentence,
    "biwi": _biwi,
    "mead3d": _mead,
    "mediapipe": lambda number, line: replace(line, name=f"{number + 1:04}"),
    "sequences": lambda _number, line: line,
}
"""What lines and speakers are called in each layout."""


def run(words: Sequence[str]) -> int:
    """Write a corpus; returns the exit code."""
    options = _parser().parse_args(list(words))
    _check(options)
    head = load_template(options.template) if options.template else None
    with appearing(options.out) as folder:
        synthesize(folder, options.layout, options.lines, options.seed, head, CLEAR)
    speakers = min(options.lines, len(SPEAKERS))
    counts = (
        f"{n} {what}{'s' if n > 1 else ''}" for n, what in ((options.lines, "line"), (speakers, "speaker"))
    )
    print(f"{options.out}: {' of '.join(counts)}, layout {options.layout}")
    return 0


def _check(options: argparse.Namespace) -> None:
    out: Path = options.out
    check_folder(out)
    if out.exists() and any(out.iterdir()):
        raise InputError(out, "is there already, and not empty")
    for name, least in (("lines", 1), ("seed", 0)):
        if (value := getattr(options, name)) < least:
            raise InputError(f"--{name}", f"{value} is not {least} or more")
    if options.template and LAYOUTS[options.layout].space in (ARKIT, LANDMARKS):
        kept = ", ".join(name for name in sorted(NAMES) if LAYOUTS[name].space not in (ARKIT, LANDMARKS))
        raise InputError("--template", f"layout {options.layout} has no vertices of a mesh; {kept} have")


@contextmanager
def appearing(out: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of a missing or empty one when the block ends well."""
    partial = out.absolute().with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        partial.mkdir(parents=True)
        yield partial
        if out.exists():
            out.rmdir()
        partial.rename(out)
    except OSError as error:
        raise InputError(out, f"cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def synthesize(
    out: Path, name: str, count: int, seed: int = 0, head: Rig | None = None, diction: Diction = PLAIN
) -> None:
    """Write a corpus into an empty folder.

    Parameters
    ----------
    name : str
        Of the layout.
    count : int
        Of lines.
    head : Rig, optional
        Whose vertices move, in layouts of vertices; the face of the default head where not given.
    diction : Diction
    """
    layout = LAYOUTS[name]
    spoken = synthetic_lines(count, layout.fps, seed, diction)
    lines: Iterable[Line] = tqdm(spoken, total=count, unit=" lines", dynamic_ncols=True, disable=None)
    if layout.space == LANDMARKS:  # one face at rest for all: the layout knows no other
        lines = with_faces(lines, UNITS[name], LANDMARKS, landmarks_of(default_rig()))
    elif layout.space != ARKIT:
        unit = UNITS.get(name, 1e-3) * (1 / head.millimetre if head else 1.0)
        lines = with_faces(lines, unit, layout.space, head)
        mesh = (head or default_face()[1]).mesh
        write_obj(
            Mesh(mesh.vertices * np.float32(unit), mesh.face_sizes, mesh.face_vertices), out / "template.obj"
        )
    named = (NAMES[name](number, line) for number, line in enumerate(lines))
    layout.write(out, (with_letters(line) for line in named) if layout.read_heard else named)
    if name == "mediapipe":
        parts = [HELD_OUT.get(number % len(SPEAKERS), PARTS[0]) for number in range(count)]
        rows = (f"{number + 1:04}.npy\t{part}" for number, part in enumerate(parts))
        (out / SPLIT).write_text("\n".join(rows), encoding="utf-8")


def with_letters(line: Line) -> Line:
    """Add windows of DeepSpeech's letters, as far as the default model hears them."""
    windows = listen(line.samples, line.fps, "deepspeech")
    return line.with_windows(windows.reshape(len(windows), *SHAPE))


def _parser() -> OneLineParser:
    parser = OneLineParser("main.py synthesize", description="Make a corpus with exact ground truth.")
    parser.add_argument("out", type=Path, metavar="OUT", help="a folder that does not exist yet")
    parser.add_argument(
        "--layout",
        choices=sorted(NAMES),
        default="livelink",
        metavar="NAME",
        help=f"{', '.join(sorted(NAMES))}; livelink where not given",
    )
    parser.add_argument(
        "--lines", type=int, default=200, metavar="N", help="200 where not given: ten minutes"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another one, other texts")
    parser.add_argument(
        "--template", type=Path, metavar="MESH", help="whose vertices move; the default face where not given"
    )
    return parser
