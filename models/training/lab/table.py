"""All recipes on one dataset: ``python -m models.training.lab.table DATA OUT [key=value ...]``.

Trains each recipe, or goes on where it was stopped, and prints how far it is from held-out speakers, beside
two answers that need no ears, and how many times faster than the sound it is.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.toolbox.motion_model import MotionModel, load_motion_model
from models.training.lab.processes import joined
from models.training.lab.recipes import RECIPES, overridden
from models.training.lab.run import train

SECONDS = 20
"""Length of the sound that speed is measured with."""
HEADING = ("recipe", "network", "weights", "error", "mean face", "other sound", "x real time")


def row(name: str, data: Path, out: Path, words: list[str]) -> tuple[str, ...]:
    """Train one recipe, unless it is there, and describe it."""
    path = out / f"{name}.safetensors"
    recipe = overridden(RECIPES[name], words)
    if not path.exists():
        with joined(recipe.config.device) as processes:
            train(name, recipe, data, path, processes)
    model = load_motion_model(path)
    found = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    figures = (f"{found[key]:.3f}" for key in ("error", "mean_face", "shuffled"))
    return (name, recipe.network, f"{model.parameters:,}", *figures, f"{speed(model):.0f}")


def speed(model: MotionModel) -> float:
    """Seconds of sound spoken in a second, after one that does not count."""
    sound = np.random.default_rng(0).normal(0, 0.1, SECONDS * model.card.sample_rate).astype(np.float32)
    model.speak(sound[: model.card.sample_rate])
    began = time.perf_counter()
    model.speak(sound)
    return SECONDS / (time.perf_counter() - began)


def main(words: Sequence[str]) -> int:
    """Print the table; returns the exit code."""
    data, out, *changes = words
    rows = [row(name, Path(data), Path(out), list(changes)) for name in RECIPES]
    for cells in (HEADING, ("---",) * len(HEADING), *rows):
        print("| " + " | ".join(cells) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
