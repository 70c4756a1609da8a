"""All recipes on one dataset: ``python -m models.training.experiments.table DATA OUT [key=value ...]``.

Trains each recipe, or goes on where it was stopped, and prints how far it is from held-out speakers, beside
two answers that need no ears, and how long it takes to speak. LVE is the mean over frames of the largest
distance of a lip vertex, in mm on one head for all (`judged_head`), whatever space a recipe moves; movement
kept and closures met are those of `models.training.metrics.mouth`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from models.toolbox.motion_file import load_motion_model
from models.toolbox.motion_model import MotionModel
from models.training.datasets.layouts import layout_of
from models.training.lab.material import split_of
from models.training.lab.processes import joined
from models.training.lab.recipes import RECIPES, overridden
from models.training.lab.train import train
from models.training.reports.evaluation import judged_head
from models.training.reports.figures import closed_below
from models.training.reports.report import MEAN, MODEL, report, true_openings

SECONDS = 20
"""Length of the sound that speed is measured with."""
CORES = 2
LVE, KEPT, MET = "LVE, maximum, mm", "movement kept", "closure recall"
HEADING = (
    *("recipe", "network", "weights", "error", "mean face", "other sound"),
    *("LVE mm", "LVE mm, mean face", "movement kept", "closures met", f"real-time factor, {CORES} cores"),
)
"""Errors in standard deviations of what the network predicts; seconds of work for a second of sound."""


def row(name: str, data: Path, out: Path, words: list[str]) -> tuple[str, ...]:
    """Train one recipe, unless it is there, and describe it."""
    path = out / f"{name}.safetensors"
    recipe = overridden(RECIPES[name], words)
    if not path.exists():
        with joined(recipe.config.device) as processes:
            train(name, recipe, data, path, processes)
    model = load_motion_model(path)
    found = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    errors = (f"{found[key]:.3f}" for key in ("error", "mean_face", "shuffled"))
    lips = (f"{figure:.2f}" for figure in lip_figures(name, model, data))
    return (name, recipe.network, f"{model.parameters:,}", *errors, *lips, f"{real_time_factor(model):.4f}")


def lip_figures(name: str, model: MotionModel, data: Path) -> tuple[float, ...]:
    """LVE in mm of a network and of the mean face, movement kept and closures met, on held-out lines."""
    entries = split_of(data, layout_of(data)).test
    head = judged_head(entries, model, None, None)
    closed = closed_below(list(true_openings((entry.load() for entry in entries), head)))
    found = report(name, model, entries, head, closed)
    spoken = found.pooled(MODEL)
    return (spoken[LVE], found.pooled(MEAN)[LVE], *(spoken.get(key, float("nan")) for key in (KEPT, MET)))


def real_time_factor(model: MotionModel, cores: int = CORES) -> float:
    """Seconds that speaking a second of sound takes, features included, the second time."""
    sound = np.random.default_rng(0).normal(0, 0.1, SECONDS * model.card.sample_rate).astype(np.float32)
    before = torch.get_num_threads()
    torch.set_num_threads(cores)
    try:
        model.speak(sound[: model.card.sample_rate])
        began = time.perf_counter()
        model.speak(sound)
        return (time.perf_counter() - began) / SECONDS
    finally:
        torch.set_num_threads(before)


def main(words: Sequence[str]) -> int:
    """Print the table; returns the exit code."""
    data, out, *changes = words
    rows = [row(name, Path(data), Path(out), list(changes)) for name in RECIPES]
    for cells in (HEADING, ("---",) * len(HEADING), *rows):
        print("| " + " | ".join(cells) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
