"""One optimisation step, and a loop of them that can stop and resume without a trace."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn

from models.frontend import FrontendConfig, level, levelled, log_mel
from models.phones import PHONES
from models.speech2face import Speech2Face
from models.training.resuming import (
    load_optimizer,
    optimizer_tensors,
    read_state,
    remember,
    under,
    write_state,
)
from models.training.schedule import share_of_peak
from models.training.speech.augment import augment, mask, warped
from models.training.speech.clips import ClipMaker, Clips
from models.training.speech.noises import NoiseBank

_WEIGHTS = dict.fromkeys(("P", "B", "M", "N", "NG", "F", "V"), 2.0) | {"TH": 3.0, "DH": 3.0}
VISIBLE = torch.tensor([_WEIGHTS.get(name, 1.0) for name in PHONES])
"""Weight of each phone's recognition: a bilabial mistaken, or taken for one, is seen by everybody; /th/ is
rare, and else never heard."""


@dataclass(frozen=True)
class TrainingConfig:
    """How to train.

    Attributes
    ----------
    rate : float
        Peak learning rate; warms up over `warmup` steps, then falls to zero along a cosine.
    motion_weight : float
        Weight of the error of the frame-to-frame change against that of the value.
    phone_weight : float
        Weight of the cross-entropy of phones.
    memory : float
        How much of the running mean of the weights, which is what ships, stays at each step.
    half_precision : bool
        bfloat16 products; three times as fast on processors that have them.
    """

    steps: int = 4000
    batch: int = 12
    rate: float = 2e-3
    warmup: int = 200
    weight_decay: float = 1e-2
    motion_weight: float = 6.0
    phone_weight: float = 0.5
    label_smoothing: float = 0.05
    memory: float = 0.998
    half_precision: bool = True
    seed: int = 1


class Trainer:
    """A network in training: its optimiser and how many steps it has made."""

    def __init__(
        self,
        net: Speech2Face,
        clips: ClipMaker,
        prior: torch.Tensor,
        config: TrainingConfig,
        frontend: FrontendConfig,
    ) -> None:
        self.net, self.clips, self.prior, self.config, self.frontend = net, clips, prior, config, frontend
        self.optimizer = torch.optim.AdamW(net.parameters(), config.rate, weight_decay=config.weight_decay)
        self.average = copy.deepcopy(net).eval()
        self.noises = NoiseBank()
        self.step_number = 0

    def step(self) -> dict[str, float]:
        """Make one step; everything random in it follows from the seed and its number."""
        config = self.config
        seed = config.seed * 1_000_003 + self.step_number
        generator = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)  # dropout draws from the global generator
        clips = self.clips.batch(config.batch, random.Random(seed))
        features = log_mel(augment(clips.samples, self.noises, generator), self.frontend)
        features = warped(features, generator)
        features = levelled(features, level(features, self.prior, self.frontend), self.frontend)
        features = mask(features, generator)
        for group in self.optimizer.param_groups:
            group["lr"] = config.rate * share_of_peak(self.step_number, config.steps, config.warmup)
        self.net.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=config.half_precision):
            phones, articulation = self.net(features)
        report = self._learn(phones.float(), articulation.float(), clips)
        self.step_number += 1
        remember(self.average, self.net, config.memory, self.step_number)
        return report

    def _learn(self, phones: torch.Tensor, articulation: torch.Tensor, clips: Clips) -> dict[str, float]:
        error = articulation - clips.articulation
        motion = error.diff(dim=1).square().mean()
        heard = nn.functional.cross_entropy(
            *(phones.transpose(1, 2), clips.phones, VISIBLE),
            label_smoothing=self.config.label_smoothing,
        )
        place = error.square().mean()
        loss = 5 * (place + self.config.motion_weight * motion) + self.config.phone_weight * heard
        self.optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        correct = (phones.argmax(2) == clips.phones).float().mean()
        return {"loss": loss.item(), "error": place.item(), "phones": correct.item()}

    def save(self, path: Path) -> None:
        """Write everything that `load` needs to continue."""
        state = {f"net.{name}": value for name, value in self.net.state_dict().items()}
        state |= {f"average.{name}": value for name, value in self.average.state_dict().items()}
        state |= optimizer_tensors(self.optimizer, "optimizer.")
        write_state(path, "training", {"step": self.step_number, "config": asdict(self.config)}, state)

    def load(self, path: Path) -> None:
        """Continue from what `save` wrote."""
        record, tensors = read_state(path, "training")
        self.net.load_state_dict(under("net.", tensors))
        self.average.load_state_dict(under("average.", tensors))
        load_optimizer(self.optimizer, tensors, "optimizer.")
        self.step_number = record["step"]


def train(trainer: Trainer, checkpoint: Path, report: Callable[[str], None], save_every: int = 500) -> None:
    """Run to the last step, saving on the way; an existing checkpoint is continued."""
    if checkpoint.exists():
        trainer.load(checkpoint)
    started, sums = time.monotonic(), dict[str, float]()
    while trainer.step_number < trainer.config.steps:
        for name, value in trainer.step().items():
            sums[name] = sums.get(name, 0.0) + value
        if trainer.step_number % 100 == 0:
            means = "  ".join(f"{name} {value / 100:.4f}" for name, value in sums.items())
            report(f"step {trainer.step_number}  {means}  {time.monotonic() - started:.0f} s")
            sums.clear()
        if trainer.step_number % save_every == 0 or trainer.step_number == trainer.config.steps:
            trainer.save(checkpoint)
