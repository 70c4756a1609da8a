"""A network in training: steps follow from seed and number alone, so a killed run resumes bit for bit."""

from __future__ import annotations

import copy
import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from models.toolbox.encoded_net import parameter_groups
from models.toolbox.motion_net import MotionNet
from models.training.datasets.line import Floats
from models.training.lab.examples import Batch, Example, Standard, batch
from models.training.lab.fit_config import FitConfig
from models.training.lab.optimizers import OPTIMIZERS
from models.training.lab.processes import ALONE, Processes
from models.training.resuming import (
    check_same_run,
    load_optimizer,
    optimizer_tensors,
    read_state,
    remember,
    under,
    write_state,
)
from models.training.schedule import share_of_peak

RECORDED = ("step_number", "best_error", "best_step", "sums", "summed")
"""What a state records beside tensors."""
NEARLY = 1e-2
"""Of what mean and spread of the same data may differ by, summed by another machine."""


class Fit:
    """A network in training.

    Parameters
    ----------
    net : MotionNet
        Moves to the device of the process.
    examples : sequence of Example
        Training lines.
    standard : Standard
    fps : float
    config : FitConfig
    processes : Processes
        Who else trains it; each draws crops of its own, as one process does that accumulates as many.
    about : mapping of str to number or text
        What else a run has to keep to, to go on from a state, e.g. ``{"ear": "mel"}``.
    """

    def __init__(
        self,
        net: MotionNet,
        examples: Sequence[Example],
        standard: Standard,
        fps: float,
        config: FitConfig,
        processes: Processes = ALONE,
        about: Mapping[str, float | str] | None = None,
    ) -> None:
        self.settings = {**(about or {}), **config.binding, "data": _identity(examples)}
        self.net, self.examples, self.standard = net.to(processes.device), examples, standard
        self.config, self.processes = config, processes
        longest = max(len(each.motion) for each in examples)
        self.frames = max(min(round(min(config.seconds, 1e6) * fps), longest), 8)
        self.objectives = net.objectives()
        self.optimizers = {
            name: OPTIMIZERS[config.optimizer](
                parameter_groups(part), lr=config.rate, weight_decay=config.weight_decay
            )
            for name, (part, _) in self.objectives.items()
        }
        self.average = copy.deepcopy(net).eval()
        self.best = {name: value.clone() for name, value in net.state_dict().items()}
        self.best_error, self.best_step, self.step_number = math.inf, 0, 0
        self.sums, self.summed = dict[str, float](), 0

    @property
    def goes_on(self) -> bool:
        """Whether there is a step to make: neither the last one nor the end of patience is reached."""
        waited = (self.step_number - self.best_step) // self.config.judge_every
        patient = not self.config.patience or waited < self.config.patience
        return patient and self.step_number < self.config.steps

    @property
    def is_due(self) -> bool:
        """Whether it is time to judge."""
        return self.step_number % self.config.judge_every == 0 or self.step_number == self.config.steps

    def step(self) -> dict[str, float]:
        """Make one step; returns the loss of each part.

        Raises
        ------
        ValueError
            A loss is no number any more.
        """
        crops = [self.crops(share) for share in range(self.config.accumulate)]
        self.net.train()
        losses = {name: self._learn(name, crops) for name in self.objectives}
        self.processes.average(value for value in self.net.buffers() if value.is_floating_point())
        self.step_number += 1
        remember(self.average, self.net, self.config.memory, self.step_number)
        self.sums = {name: self.sums.get(name, 0.0) + value for name, value in losses.items()}
        self.summed += 1
        return losses

    def crops(self, share: int) -> Batch:
        """Draw one of the batches of the coming step."""
        drawn = batch(self.examples, self.standard, self.config.batch, self.frames, self._seed(share))
        device = self.processes.device
        return Batch(drawn.features.to(device), drawn.motion.to(device), drawn.known.to(device))

    def _learn(self, name: str, crops: Sequence[Batch]) -> float:
        (part, objective), optimizer = self.objectives[name], self.optimizers[name]
        config, total = self.config, 0.0
        falling = share_of_peak(self.step_number, config.steps, max(config.warmup, 1))
        for group in optimizer.param_groups:
            group["lr"] = config.rate * group["share"] * falling
        optimizer.zero_grad()
        for share, crop in enumerate(crops):
            torch.manual_seed(self._seed(share))  # dropout, noise and latents draw from the global generator
            with torch.autocast(self.processes.device.type, torch.bfloat16, enabled=config.amp):
                loss = objective(crop.features, crop.motion, crop.known) / len(crops)
            torch.autograd.backward(loss)
            total += loss.item()
        if not math.isfinite(total):
            raise ValueError(f"the loss is no number after {self.step_number} steps; try a smaller rate")
        self.processes.average(weight.grad for weight in part.parameters() if weight.grad is not None)
        nn.utils.clip_grad_norm_(part.parameters(), 1.0)
        optimizer.step()
        return total

    def _seed(self, share: int) -> int:
        """Seed of a batch: the same for the second of two processes as for the second of two accumulated."""
        every = self.processes.count * self.config.accumulate
        drawn = self.processes.rank * self.config.accumulate + share
        return self.config.seed * 1_000_003 + self.step_number * every + drawn

    def judged(self, error: float) -> dict[str, float]:
        """Take the validation error of the mean weights; returns the mean losses since the last one."""
        if error < self.best_error:
            self.best_error, self.best_step = error, self.step_number
            self.best = {name: value.clone() for name, value in self.average.state_dict().items()}
        means = {name: value / self.summed for name, value in self.sums.items()}
        self.sums, self.summed = {}, 0
        return means

    # ---- stopping and going on

    def save(self, path: Path) -> None:
        """Write all that `load` needs to go on as if nothing had happened."""
        sets = {"net": self.net.state_dict(), "average": self.average.state_dict(), "best": self.best}
        state = {f"{kind}.{name}": value for kind, values in sets.items() for name, value in values.items()}
        for part, optimizer in self.optimizers.items():
            state |= optimizer_tensors(optimizer, f"optimizer.{part}.")
        state |= {f"standard.{name}": torch.from_numpy(part) for name, part in self._standards()}
        record = {name: getattr(self, name) for name in RECORDED}
        write_state(path, "fit", {**record, "settings": self.settings}, state)

    def load(self, path: Path) -> None:
        """Go on from what `save` wrote.

        Raises
        ------
        ValueError
            It is damaged, or of a run with other settings, other data or another network.
        """
        record, tensors = read_state(path, "fit")
        try:
            check_same_run(path, record, self.settings)
            told = under("standard.", tensors)
            if not all(np.allclose(part, told[name], NEARLY) for name, part in self._standards()):
                raise ValueError(
                    f"{path}: is of a run with other data; remove it to start anew, or name another file"
                )
            self._take(record, tensors)
        except RuntimeError as error:
            raise ValueError(f"{path}: is the state of another network; remove it to start anew") from error
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"{path}: is not the whole state of a run; remove it to start anew") from error

    def _take(self, record: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]) -> None:
        self.net.load_state_dict(under("net.", tensors))
        best = under("best.", tensors)
        for kind in (best, under("average.", tensors)):  # the best are only tried on, to see that they fit
            self.average.load_state_dict(kind)
        self.best = {name: value.to(self.processes.device) for name, value in best.items()}
        for part, optimizer in self.optimizers.items():
            load_optimizer(optimizer, tensors, f"optimizer.{part}.")
        if record["step_number"] and not all(each.state for each in self.optimizers.values()):
            raise KeyError("optimizer")
        for name in RECORDED:
            setattr(self, name, type(getattr(self, name))(record[name]))

    def _standards(self) -> tuple[tuple[str, Floats], ...]:
        return ("mean", self.standard.mean), ("scale", self.standard.scale)


def _identity(examples: Sequence[Example]) -> str:
    """Give a text that is another one for other lines."""
    lines = repr([(each.name, each.motion.shape) for each in examples])
    return hashlib.sha256(lines.encode()).hexdigest()
