"""The one loop: steps that follow from seed and number alone, so that a killed run resumes bit for bit."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from models.toolbox.motion_net import MotionNet
from models.training.lab.examples import Example, Standard, batch
from models.training.resuming import load_optimizer, optimizer_tensors, read_state, remember, under


@dataclass(frozen=True)
class FitConfig:
    """How to train.

    Attributes
    ----------
    rate : float
        Peak learning rate; warms up, then falls to zero along a cosine.
    seconds : float
        Length of a crop.
    memory : float
        How much of the running mean of the weights, which is what is kept, stays at each step.
    judge_every : int
        Steps from one look at the validation lines to the next.
    patience : int
        Looks without a better one after which training ends; 0 for never.
    """

    steps: int = 2000
    batch: int = 8
    rate: float = 1e-3
    warmup: int = 100
    weight_decay: float = 1e-3
    seconds: float = 3.0
    memory: float = 0.995
    judge_every: int = 200
    patience: int = 0
    seed: int = 0


class Fit:
    """A network in training.

    Parameters
    ----------
    net : MotionNet
    examples : sequence of Example
        Training lines.
    standard : Standard
    fps : float
    config : FitConfig
    """

    def __init__(
        self, net: MotionNet, examples: Sequence[Example], standard: Standard, fps: float, config: FitConfig
    ) -> None:
        self.net, self.examples, self.standard, self.config = net, examples, standard, config
        self.frames = max(round(config.seconds * fps), 8)
        self.objectives = net.objectives()
        self.optimizers = {
            name: torch.optim.AdamW(part.parameters(), config.rate, weight_decay=config.weight_decay)
            for name, (part, _) in self.objectives.items()
        }
        self.average = copy.deepcopy(net).eval()
        self.best = {name: value.clone() for name, value in net.state_dict().items()}
        self.best_error, self.best_step, self.step_number = math.inf, 0, 0

    def step(self) -> dict[str, float]:
        """Make one step; returns the loss of each part."""
        config, number = self.config, self.step_number
        seed = config.seed * 1_000_003 + number
        torch.manual_seed(seed)  # dropout, noise and latents draw from the global generator
        crops = batch(self.examples, self.standard, config.batch, self.frames, seed)
        self.net.train()
        losses = {}
        for name, (part, objective) in self.objectives.items():
            optimizer = self.optimizers[name]
            for group in optimizer.param_groups:
                group["lr"] = config.rate * self._schedule()
            loss = objective(crops.features, crops.motion, crops.known)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(part.parameters(), 1.0)
            optimizer.step()
            losses[name] = loss.item()
        self.step_number += 1
        remember(self.average, self.net, config.memory, self.step_number)
        return losses

    def judged(self, error: float) -> bool:
        """Take the validation error of the mean weights; returns whether to go on."""
        if error < self.best_error:
            self.best_error, self.best_step = error, self.step_number
            self.best = {name: value.clone() for name, value in self.average.state_dict().items()}
        waited = (self.step_number - self.best_step) // self.config.judge_every
        return not self.config.patience or waited < self.config.patience

    def _schedule(self) -> float:
        warm = min(1.0, (self.step_number + 1) / self.config.warmup)
        return warm * 0.5 * (1 + math.cos(math.pi * self.step_number / self.config.steps))

    # ---- stopping and going on

    def save(self, path: Path) -> None:
        """Write all that `load` needs to go on as if nothing had happened."""
        sets = {"net": self.net.state_dict(), "average": self.average.state_dict(), "best": self.best}
        state = {f"{kind}.{name}": value for kind, values in sets.items() for name, value in values.items()}
        for part, optimizer in self.optimizers.items():
            state |= optimizer_tensors(optimizer, f"optimizer.{part}.")
        record = {"step": self.step_number, "best_error": self.best_error, "best_step": self.best_step}
        partial = path.with_suffix(".partial")
        save_file({n: v.contiguous() for n, v in state.items()}, partial, {"fit": json.dumps(record)})
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Go on from what `save` wrote."""
        text, tensors = read_state(path, "fit")
        record = json.loads(text)
        self.net.load_state_dict(under("net.", tensors))
        self.average.load_state_dict(under("average.", tensors))
        self.best = under("best.", tensors)
        for part, optimizer in self.optimizers.items():
            load_optimizer(optimizer, tensors, f"optimizer.{part}.")
        self.step_number = record["step"]
        self.best_error, self.best_step = record["best_error"], record["best_step"]


def fit(
    task: Fit,
    state: Path,
    judge: Callable[[MotionNet], float],
    report: Callable[[int, dict[str, float]], None],
) -> MotionNet:
    """Train to the last step, or until nothing gets better; an existing state is gone on from.

    Parameters
    ----------
    task : Fit
    state : Path
        Where the state of the run is kept.
    judge : callable
        Validation error of a network.
    report : callable
        Given the step's number, mean losses since the last report, and the validation error.

    Returns
    -------
    MotionNet
        The mean weights that were best on validation.
    """
    if state.exists():
        task.load(state)
    sums: dict[str, float] = {}
    goes_on = True
    while goes_on and task.step_number < task.config.steps:
        for name, value in task.step().items():
            sums[name] = sums.get(name, 0.0) + value
        if task.step_number % task.config.judge_every == 0 or task.step_number == task.config.steps:
            error = judge(task.average)
            goes_on = task.judged(error)
            means = {name: value / task.config.judge_every for name, value in sums.items()}
            report(task.step_number, {**means, "validation": error})
            sums.clear()
            task.save(state)
    task.average.load_state_dict(task.best)
    return task.average
