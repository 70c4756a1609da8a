"""Landmarks and sound of films.

``python -m models.training.landmarks.extract FILM... -o FOLDER --model face_landmarker.task`` writes
a dataset of the layout of `models.training.datasets.mediapipe`, ready for training.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from core.command_line import OneLineParser, reported
from core.errors import InputError
from models.training.datasets.writers import write_mediapipe
from models.training.landmarks.finder import MediaPipeFinder
from models.training.landmarks.recording import Finder, as_line, averaged, closed_face, record
from models.training.places import check_folder

HELD_OUT = 0.1
"""Share of the films that validates, and as large a share that tests."""


def extract(films: Sequence[Path], folder: Path, find: Finder, seed: int = 0, average: int = 1) -> None:
    """Write a dataset of films; it appears whole or not at all.

    Parameters
    ----------
    films : sequence of Path
    folder : Path
        Must not exist.
    find : callable
        From a picture to landmarks, see `recording.Finder`.
    seed : int
        Of the lot that decides who trains; fewer than three films are not shared out.
    average : int
        Frames over which landmarks are averaged, against their trembling; 1 leaves them as they were found.

    Raises
    ------
    InputError
        If a film is at fault, or two have one name, or the folder is there already.
    """
    names = [film.stem for film in films]
    twice = next((film for film in reversed(films) if names.count(film.stem) > 1), None)
    if twice is not None:
        raise InputError(twice, "has the name of another film: lines are told apart by their names")
    if folder.exists():
        raise InputError(folder, "is there already")
    recordings = [averaged(record(film, find), average) for film in films]
    rest = closed_face(recordings)
    beside = folder.with_name(f".{folder.name}.part")
    try:
        write_mediapipe(
            beside, [as_line(each, rest) for each in recordings], drawn_parts(names, seed) or None
        )
        beside.rename(folder)
    except OSError as error:
        raise InputError(folder, f"cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def drawn_parts(names: Sequence[str], seed: int) -> dict[str, str]:
    """Draw by lot which lines train, validate and test; nothing for fewer than three, which cannot."""
    if len(names) < 3:
        return {}
    lot = sorted(names)
    random.Random(seed).shuffle(lot)
    held = max(1, round(HELD_OUT * len(lot)))
    parts = ["valid"] * held + ["test"] * held + ["train"] * (len(lot) - 2 * held)
    return dict(sorted(zip(lot, parts, strict=True)))


def run(words: Sequence[str]) -> int:
    """Extract; returns the exit code."""
    options = _parser().parse_args(list(words))
    return reported("extract", lambda: _extract(options))


def _extract(options: argparse.Namespace) -> None:
    check_folder(options.out)
    if options.average < 1:
        raise InputError("--average", f"{options.average} is not 1 or more")
    with MediaPipeFinder(options.model) as find:
        extract(options.films, options.out, find, options.seed, options.average)
    print(f"{options.out}: {len(options.films)} lines")


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="extract", description=__doc__)
    parser.add_argument("films", nargs="+", type=Path, metavar="FILM")
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--model", required=True, type=Path, help="MediaPipe's face_landmarker.task")
    parser.add_argument(
        "--average", type=int, default=1, metavar="FRAMES", help="against trembling; 2 is usual"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the lot that splits the films")
    return parser


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
