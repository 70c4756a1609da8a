"""``main.py evaluate CHECKPOINT --data DIR``: a network beside the truth of the lines that were held out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import soxr

from models.checkpoint import CheckpointError
from models.toolbox.motion_model import MotionModel, load_motion_model
from models.training.datasets.layouts import layout_of
from models.training.datasets.line import DatasetError, Floats, Line
from models.training.lab.material import split_of
from models.training.metrics.channel_errors import channel_errors
from models.training.metrics.dynamics import jitter
from models.training.metrics.timing import beat_alignment, motion_beats, sound_beats, temporal_misalignment

DRAWN = ("jawOpen", "mouthFunnel", "mouthPucker")
"""Channels that are drawn beside the truth."""
Figures = Mapping[str, float]


def run(words: Sequence[str]) -> int:
    """Print the figures, and draw curves; returns the exit code."""
    options = _parser().parse_args(list(words))
    try:
        model = load_motion_model(options.checkpoint)
        lines = [entry.load() for entry in split_of(options.data, layout_of(options.data)).test]
        answers = [spoken(model, line) for line in lines]
    except (DatasetError, CheckpointError, OSError) as error:
        where = "" if isinstance(error, DatasetError) else f"{options.checkpoint}: "
        print(f"main.py: {where}{error}", file=sys.stderr)
        return 2
    rows = [figures(line, answer, model.card.columns) for line, answer in zip(lines, answers, strict=True)]
    names = sorted({line.speaker for line in lines})
    print(f"{model.card.name}: {len(lines)} held-out lines of {', '.join(names)}")
    for key in rows[0]:
        print(f"{key:34} {np.nanmean([row[key] for row in rows]):10.4f}")
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        draw(lines[:3], answers[:3], model.card.columns, options.out / "curves.png")
    return 0


def spoken(model: MotionModel, line: Line) -> Floats:
    """Let a model speak a line, at the line's own frames.

    Raises
    ------
    DatasetError
        The line moves something else than the model does.
    """
    if line.space != model.card.motion_space or line.motion.shape[1] != len(model.mean):
        raise DatasetError(Path(line.name), f"moves {line.space}, the model {model.card.motion_space}")
    rate = model.card.sample_rate
    samples = line.samples
    if line.rate != rate:
        samples = np.asarray(soxr.resample(samples, line.rate, rate), np.float32)
    motion = model.speak(samples)
    times = np.arange(len(line.motion)) / line.fps
    grid = np.arange(len(motion)) / model.card.fps
    return np.stack([np.interp(times, grid, column) for column in motion.T], axis=1).astype(np.float32)


def figures(line: Line, answer: Floats, columns: Sequence[str]) -> Figures:
    """Measure one line: errors of known channels, change, timing."""
    valid = line.valid
    truth, guess = line.motion[valid][:, line.known], answer[valid][:, line.known]
    names = [name for name, known in zip(columns, line.known, strict=True) if known]
    errors = {f"mean absolute error, {part}": e for part, e in channel_errors(truth, guess, names).items()}
    change = np.abs(np.diff(truth, axis=0) - np.diff(guess, axis=0)).mean() * line.fps
    jaw = names.index("jawOpen") if "jawOpen" in names else 0
    true_jaw, jaw_guess = truth[:, jaw].astype(np.float64), guess[:, jaw].astype(np.float64)
    beats = sound_beats(line.samples, line.rate)
    return {
        **errors,
        "velocity error, a second": float(change),
        "jitter, predicted / true": jitter(guess, line.fps) / max(jitter(truth, line.fps), 1e-9),
        "misalignment of the jaw, ms": temporal_misalignment(true_jaw, jaw_guess, line.fps),
        "beat alignment, predicted": beat_alignment(beats, motion_beats(guess, line.fps)),
        "beat alignment, true": beat_alignment(beats, motion_beats(truth, line.fps)),
    }


def draw(lines: Sequence[Line], answers: Sequence[Floats], columns: Sequence[str], path: Path) -> None:
    """Draw channels of some lines, true and predicted."""
    from matplotlib.figure import Figure

    figure = Figure((12, 2.4 * len(lines)), layout="constrained")
    grid = figure.subplots(len(lines), len(DRAWN), squeeze=False)
    for row, line, answer in zip(grid, lines, answers, strict=True):
        times = np.arange(len(line.motion)) / line.fps
        for axes, channel in zip(row, DRAWN, strict=True):
            place = list(columns).index(channel)
            axes.plot(times, line.motion[:, place], color="#23527c", label="true", linewidth=1.2)
            axes.plot(times, answer[:, place], color="#c8502d", label="predicted", linewidth=1.2)
            axes.set_title(f"{line.name}: {channel}", fontsize=9)
    grid[0][0].legend(fontsize=8, frameon=False)
    figure.savefig(path, dpi=100)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("main.py evaluate", description="Judge a network of the toolbox.")
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="what main.py train wrote")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the dataset's folder")
    parser.add_argument("-o", "--out", type=Path, metavar="DIR", help="draw curves here")
    return parser
