"""``main.py train RECIPE DATA -o OUT [key=value ...]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from core.inference.remembered import remember_model
from models.toolbox.motion_model import MotionCard, MotionModel, save_motion_model
from models.training.datasets.line import DatasetError
from models.training.lab.examples import Example, Standard
from models.training.lab.fitting import Fit, fit
from models.training.lab.judging import error_of, judge, predicted
from models.training.lab.material import material
from models.training.lab.recipes import RECIPES, Recipe, overridden

LICENCE = "as the data it was trained on"


def run(words: Sequence[str]) -> int:
    """Train; returns the exit code."""
    options = _parser().parse_intermixed_args(list(words))
    try:
        recipe = overridden(RECIPES[options.recipe], options.overrides)
        model = train(options.recipe, recipe, options.data, options.out)
    except (DatasetError, ValueError, TypeError) as error:
        print(f"main.py: {error}", file=sys.stderr)
        return 2
    remember_model(options.out)
    print(f"{options.out}: {model.parameters:,} weights; the editor offers it under Model")
    return 0


def train(name: str, recipe: Recipe, data: Path, out: Path) -> MotionModel:
    """Train a recipe on a dataset, or go on where it was stopped.

    Beside ``out`` lie the state of the run (.state), its curves (.jsonl) and its judgement (.json).

    Raises
    ------
    DatasetError
        A file of the dataset is at fault.
    TypeError, ValueError
        The network knows no such option.
    """
    given = material(data, recipe)
    card = MotionCard(
        name,
        recipe.network,
        dict(recipe.options),
        given.space,
        given.columns,
        given.fps,
        LICENCE,
        f"{len(given.learnt)} lines",
        recipe.ear,
        speakers=given.speakers,
    )
    standard = given.standard
    torch.manual_seed(recipe.config.seed)
    net = card.built(len(standard.mean))
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.with_suffix(".jsonl").open("a", encoding="utf-8") as curves:

        def report(step: int, values: dict[str, float]) -> None:
            curves.write(json.dumps({"step": step, **values}) + "\n")
            curves.flush()
            print(f"step {step}  " + "  ".join(f"{k} {v:.4f}" for k, v in values.items()), flush=True)

        task = Fit(net, given.learnt, standard, given.fps, recipe.config)
        best = fit(task, out.with_suffix(".state"), lambda each: _error(each, given.valid, standard), report)
    model = MotionModel(card, best.eval(), standard.mean, standard.scale, given.components, given.rest)
    save_motion_model(out, model)
    found = judge(best, given.test, standard)
    out.with_suffix(".json").write_text(json.dumps(vars(found)), encoding="utf-8")
    print(
        f"held-out speakers: error {found.error:.3f} standard deviations; mean face {found.mean_face:.3f}, "
        f"another line's sound {found.shuffled:.3f}"
    )
    return model


def _error(net: torch.nn.Module, examples: list[Example], standard: Standard) -> float:
    return error_of(examples, standard, lambda n: predicted(net, examples[n].features))  # type: ignore[arg-type]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("main.py train", description="Train a network of the toolbox.")
    parser.add_argument("recipe", choices=sorted(RECIPES), metavar="RECIPE", help=", ".join(sorted(RECIPES)))
    parser.add_argument("data", type=Path, metavar="DATA", help="the dataset's folder")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT", help="name.safetensors")
    parser.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help="e.g. steps=500 width=64 pca=0.99")
    return parser
