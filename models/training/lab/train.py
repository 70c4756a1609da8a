"""``main.py train RECIPE DATA -o OUT [key=value ...]``."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import torch
from tqdm import tqdm

from core.command_line import OneLineParser
from core.inference.remembered import remember_model
from models.toolbox.encoded_net import EncodedNet
from models.toolbox.motion_card import MotionCard
from models.toolbox.motion_file import save_motion_model
from models.toolbox.motion_model import MotionModel
from models.toolbox.motion_net import MotionNet
from models.training.datasets.layouts import layout_of
from models.training.datasets.line import DatasetError
from models.training.lab.curves import Curves, Events
from models.training.lab.examples import Example, Standard
from models.training.lab.fit_config import FitConfig
from models.training.lab.fitting import Fit
from models.training.lab.judging import Judgement, error_of, judge, predicted
from models.training.lab.loop import Look, fit
from models.training.lab.material import Material, material, split_of
from models.training.lab.preview import Film, Preview
from models.training.lab.processes import ALONE, Processes, joined
from models.training.lab.recipes import RECIPES, Recipe, overridden, settled
from models.training.lipreading.guidance import GuidedNet
from models.training.lipreading.teaching import DEFAULT_READER, guided
from models.training.places import check_file

GOES_ON = "the same line goes on from where its state was kept last"
LICENCE = "as the data it was trained on"


def run(words: Sequence[str]) -> int:
    """Train; returns the exit code."""
    options = _parser().parse_intermixed_args(list(words))
    check_file(options.out, ".safetensors")
    try:
        recipe = overridden(RECIPES[options.recipe], options.overrides)
        with joined(recipe.config.device) as processes:
            model = train(options.recipe, recipe, options.data, options.out, processes)
    except KeyboardInterrupt:
        kept = options.out.with_suffix(".state").exists()
        print(f"main.py: stopped; {GOES_ON if kept else 'nothing was kept yet'}", file=sys.stderr)
        return 130
    except (DatasetError, ValueError, TypeError) as error:
        print(f"main.py: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        where = error.filename or options.out
        print(f"main.py: {where}: cannot be read or written: {error.strerror or error}", file=sys.stderr)
        return 2
    if processes.first:
        remember_model(options.out)
        print(f"{options.out}: {model.parameters:,} weights; the editor offers it under Model")
    return 0


def train(name: str, recipe: Recipe, data: Path, out: Path, processes: Processes = ALONE) -> MotionModel:
    """Train a recipe on a dataset, or go on where it was stopped.

    Beside ``out`` lie the state of the run (.state), its curves (.jsonl), a held-out line (.preview.png, and
    .preview.mp4 where it is wanted), events (.tensorboard, where they are), and its judgement (.json). Of
    several processes the first writes.

    Parameters
    ----------
    name : str
        Of the recipe.
    recipe : Recipe
    data, out : Path
        The dataset's folder, and the file to make.
    processes : Processes
        Who else trains, and on which device.

    Raises
    ------
    DatasetError
        A file of the dataset is at fault.
    TypeError, ValueError
        The network knows no such option.
    """
    if recipe.expert and not Path(recipe.expert).is_file():  # before all is read and heard
        raise ValueError(f"{recipe.expert}: there is no such lip-reader")
    given = material(data, recipe)
    if processes.first:
        _tell(given)
    card = _card(name, recipe, given)
    net = _untrained(card, recipe, given)
    speaking = partial(_speaking, card, given)
    out.parent.mkdir(parents=True, exist_ok=True)
    looks = _looks(out, recipe.config, given)
    if recipe.config.preview:
        line = split_of(data, layout_of(data)).valid[0].load()
        looks.append(Film(out.with_suffix(".preview.mp4"), line, speaking))
    standard = given.standard
    task = Fit(
        net, [*given.learnt, *given.played], standard, given.fps, recipe.config, processes, settled(recipe)
    )
    best = fit(task, out.with_suffix(".state"), lambda each: _error(each, given.valid, standard), looks)
    model = speaking(best.cpu().eval())
    if processes.first:
        _keep(model, out, judge(model.net, given.test, standard), given.held_out)
    return model


def _card(name: str, recipe: Recipe, given: Material) -> MotionCard:
    return MotionCard(
        *(name, recipe.network, dict(recipe.options)),
        *(given.space, given.columns, given.fps),
        *(LICENCE, f"{len(given.learnt)} lines", recipe.ear),
        speakers=given.speakers,
    )


def _untrained(card: MotionCard, recipe: Recipe, given: Material) -> MotionNet:
    """Make the network that is to learn, with what watches it."""
    torch.manual_seed(recipe.config.seed)
    net = card.built(len(given.standard.mean))
    if isinstance(net, EncodedNet):
        net.start()
    if recipe.expert is None:
        return net
    return guided(net, Path(recipe.expert or DEFAULT_READER), given, recipe.ear, recipe.guidance)


def _speaking(card: MotionCard, given: Material, learnt: MotionNet) -> MotionModel:
    """Let a network speak by itself, without what watched it."""
    inner = learnt.inner if isinstance(learnt, GuidedNet) else learnt
    standard = given.standard
    return MotionModel(card, inner, standard.mean, standard.scale, given.components, given.rest)


def _tell(given: Material) -> None:
    print(given.described(), flush=True)
    for doubt in given.doubts():
        print(f"main.py: note: {doubt}", file=sys.stderr)


def _keep(model: MotionModel, out: Path, found: Judgement, held_out: str) -> None:
    save_motion_model(out, model)
    out.with_suffix(".json").write_text(json.dumps(vars(found)), encoding="utf-8")
    print(
        f"held-out {held_out}: error {found.error:.3f} standard deviations; mean face {found.mean_face:.3f}, "
        f"another line's sound {found.shuffled:.3f}"
    )


def _looks(out: Path, config: FitConfig, given: Material) -> list[Look]:
    events = [Events(out.with_suffix(".tensorboard"))] if config.tensorboard else []
    picture = out.with_suffix(".preview.png")
    preview = Preview(picture, given.valid[0], given.standard, given.columns, given.fps)
    return [_told, Curves(out.with_suffix(".jsonl")), *events, preview]


def _told(step: int, values: Mapping[str, float], _net: MotionNet) -> None:
    # Not `print`: it would write through the bar.
    tqdm.write(f"step {step}  " + "  ".join(f"{k} {v:.4f}" for k, v in values.items()), file=sys.stdout)
    sys.stdout.flush()


def _error(net: MotionNet, examples: list[Example], standard: Standard) -> float:
    return error_of(examples, standard, lambda n: predicted(net, examples[n].features))


def _parser() -> OneLineParser:
    parser = OneLineParser("main.py train", description="Train a network of the toolbox.")
    parser.add_argument("recipe", choices=sorted(RECIPES), metavar="RECIPE", help=", ".join(sorted(RECIPES)))
    parser.add_argument("data", type=Path, metavar="DATA", help="the dataset's folder")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT", help="name.safetensors")
    parser.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help="e.g. steps=500 width=64 pca=0.99")
    return parser
