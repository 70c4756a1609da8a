"""``main.py evaluate CHECKPOINT ... --data DIR``: networks beside the truth of held-out lines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soxr
from tqdm import tqdm

from core.command_line import OneLineParser
from core.errors import InputError
from core.export.watch import Watch
from core.mesh import Mesh
from models.checkpoint import CheckpointError
from models.toolbox.motion_file import is_motion_model, load_motion_model
from models.toolbox.motion_model import MotionModel
from models.training.datasets.arkit import SPACE as ARKIT
from models.training.datasets.layouts import layout_of
from models.training.datasets.line import DatasetError, Entry, Floats
from models.training.lab.examples import displacement
from models.training.lab.material import split_of
from models.training.metrics.masks import Mask, named, read_mask
from models.training.places import check_folder
from models.training.reports.figures import closed_below
from models.training.reports.film import SOUND_RATE, Shot, write_film
from models.training.reports.finding_parts import widest_frames
from models.training.reports.judged_head import JudgedHead, default_head, head_of
from models.training.reports.pictures import chosen_lines, draw_curves, draw_errors
from models.training.reports.positions import at_rest, spoken_positions, true_positions
from models.training.reports.report import MANNER, OPENING, LineReport, Report, report, spoken, true_openings
from models.training.reports.shipped import shipped
from models.training.reports.tables import (
    aligned,
    as_json,
    described,
    document,
    full_table,
    headline_table,
)
from models.training.reports.whole_head import around, is_cut_out, shown_head, unmeasured

SHIPPED = "default"
"""Name of the speech model of the program, which stands beside networks as a yardstick."""
LONGEST_SHOT = 8.0
"""Seconds of a line that the film shows."""


def run(words: Sequence[str]) -> int:
    """Print the figures, and write the report; returns the exit code."""
    options = _parser().parse_args(list(words))
    try:
        _evaluate(options)
    except OSError as error:
        where = error.filename or options.out
        print(f"main.py: {where}: cannot be read or written: {error.strerror}", file=sys.stderr)
        return 2
    except (CheckpointError, ValueError) as error:
        print(f"main.py: {error}", file=sys.stderr)
        return 2
    return 0


def _evaluate(options: argparse.Namespace) -> None:
    if options.out:
        check_folder(options.out)
    if options.millimetres is not None and not 0 < options.millimetres < np.inf:
        raise ValueError(f"--millimetres: {options.millimetres:g} is not above 0")
    models = {path: _loaded(path) for path in options.checkpoint}
    entries = split_of(options.data, layout_of(options.data)).test
    if not entries:
        raise DatasetError(options.data, "holds no line to judge by")
    mask = named_mask(options.mask) if options.mask else None
    head = judged_head(entries, next(iter(models.values())), mask, options.millimetres)
    closed = closed_below(list(true_openings((entry.load() for entry in entries), head)))
    names = _names(list(models))
    reports = [report(names[path], model, entries, head, closed) for path, model in models.items()]
    about = described(reports[0], str(options.data))
    print(about, *(_printed(reports)), sep="\n\n")
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "table.md").write_text(document(reports, about), encoding="utf-8")
        (options.out / "figures.json").write_text(as_json(reports, about), encoding="utf-8")
        for each, model in zip(reports, models.values(), strict=True):
            _illustrate(each, model, entries, options.out, "" if len(reports) == 1 else f"-{each.model}")


def judged_head(
    entries: Sequence[Entry], model: MotionModel, mask: Mask | None, millimetres: float | None
) -> JudgedHead:
    """Choose the head that held-out lines are measured on, one for all networks.

    Raises
    ------
    DatasetError
        The motion is of no place in space, or the mask asks for vertices that are not there.
    """
    first = entries[0].load()
    if first.space == ARKIT:
        return default_head(lips=mask)
    if first.template is None:
        raise DatasetError(Path(first.name), f"moves {first.space}, which has no place on a head")
    none = np.empty(0, np.int32)
    sizes, corners = (none, none) if model.rest is None else (model.rest.face_sizes, model.rest.face_vertices)
    mesh = Mesh(np.asarray(first.template, np.float32), sizes, corners, name="template")
    widest = widest_frames([_moved(entry) for entry in entries])
    return head_of(first.space, mesh, widest, mask, millimetres)


def _moved(entry: Entry) -> Floats:
    line = entry.load()
    motion = displacement(line)[line.valid]
    return motion.reshape(len(motion), -1, 3)


def named_mask(path: Path) -> Mask:
    """Read a mask, and tell in its name how many vertices it has."""
    mask = read_mask(path)
    return named(mask.name, mask.vertices)


def _loaded(path: Path) -> MotionModel:
    try:
        if str(path) == SHIPPED or (path.is_file() and not is_motion_model(path)):
            return shipped(str(path))
        return load_motion_model(path)
    except CheckpointError as error:
        raise CheckpointError(f"{path}: {error}") from error
    except InputError as error:
        raise CheckpointError(f"{path}: {error.reason}") from error
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror}") from error


def _names(paths: Sequence[Path]) -> dict[Path, str]:
    """Name networks by their files; by their folders, too, where two files are called the same."""
    stems = [path.stem for path in paths]
    return {
        path: path.stem if stems.count(path.stem) == 1 else f"{path.parent.name}-{path.stem}"
        for path in paths
    }


def _printed(reports: Sequence[Report]) -> list[str]:
    if len(reports) == 1:
        return [aligned(full_table(reports[0]))]
    return [aligned(headline_table(reports))]


def _illustrate(
    found: Report, model: MotionModel, entries: Sequence[Entry], folder: Path, suffix: str
) -> None:
    draw_curves(found, folder / f"curves{suffix}.png")
    draw_errors(found, folder / f"errors{suffix}.png")
    by_name = {entry.name: entry for entry in entries}
    drawn = shown_head(found.head)
    shots = [
        _shot(found, rank, line, model, by_name[line.name]) for rank, line in chosen_lines(found).items()
    ]
    film = folder / f"side_by_side{suffix}.mp4"
    frames = sum(len(shot.truth) for shot in shots)
    with tqdm(desc=film.name, total=frames, unit="frame", **MANNER) as bar:
        watch = Watch(frames, lambda done, _all: bar.update(done - bar.n))
        write_film(drawn, shots, found.lines[0].fps, film, watch)


def _shot(found: Report, rank: str, line: LineReport, model: MotionModel, entry: Entry) -> Shot:
    loaded = entry.load()
    span = slice(0, min(line.frames, round(LONGEST_SHOT * line.fps)))
    opening = line.curves.get(OPENING)
    motion = spoken(model, loaded)[span]
    if loaded.space == ARKIT:
        head = shown_head(found.head)
        answer, truth = spoken_positions(model, loaded, head, motion), true_positions(loaded, head, span)
    else:
        answer = spoken_positions(model, loaded, found.head, motion)
        truth = true_positions(loaded, found.head, span)
    distances = np.asarray(np.linalg.norm(answer - truth, axis=2), np.float32)
    if loaded.space != ARKIT and is_cut_out(found.head):
        rest = at_rest(loaded, found.head)
        answer, truth, distances = around(answer, rest), around(truth, rest), unmeasured(distances)
    samples = loaded.samples[: round(LONGEST_SHOT * loaded.rate)]
    return Shot(
        found.model,
        f"{line.name}, the {rank} of {len(found.lines)} held-out lines",
        answer,
        truth,
        distances,
        None if opening is None else (opening["model"][span], opening["truth"][span]),
        np.asarray(soxr.resample(samples, loaded.rate, SOUND_RATE), np.float32),
    )


def _parser() -> OneLineParser:
    parser = OneLineParser("main.py evaluate", description="Judge networks of the toolbox.")
    add = parser.add_argument
    add("checkpoint", type=Path, nargs="+", metavar="CHECKPOINT", help="what main.py train wrote, or default")
    add("--data", type=Path, required=True, metavar="DIR", help="the dataset's folder")
    add("-o", "--out", type=Path, metavar="REPORT", help="write tables, pictures and a film into this folder")
    add("--mask", type=Path, metavar="FILE", help="numbers of the vertices that are lips")
    add("--millimetres", type=float, metavar="N", help="of a unit of the data; estimated where not given")
    return parser
