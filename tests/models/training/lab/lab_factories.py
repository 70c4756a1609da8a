"""Small material for the training loop: lines whose motion follows from their sound."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from models.toolbox.motion_card import NETWORKS
from models.toolbox.motion_net import MotionNet
from models.training.lab.examples import Example, Standard
from models.training.lab.fit_config import FitConfig
from models.training.lab.fitting import Fit
from models.training.lab.processes import ALONE, Processes

INPUTS, OUTPUTS, FPS = 10, 4, 25.0
QUICK = FitConfig(steps=6, batch=2, seconds=1.0, warmup=2, judge_every=3, device="cpu")


def examples(count: int = 6, frames: int = 60) -> list[Example]:
    draw = np.random.default_rng(5)
    mixing = draw.normal(size=(INPUTS, OUTPUTS)) / INPUTS**0.5
    found = []
    for number in range(count):
        features = (draw.normal(size=(frames, INPUTS)).cumsum(0) / 4).astype(np.float32)
        motion = (features @ mixing).astype(np.float32)
        found.append(Example(f"line {number}", "m", features, motion, np.ones_like(motion, bool)))
    return found


def small(name: str, **options: object) -> MotionNet:
    """A small network as recipes have it, with all its chance."""
    torch.manual_seed(0)
    size = {"hidden": 16, "components": 8} if name == "conv-windows" else {"width": 8}
    return NETWORKS[name](INPUTS, OUTPUTS, **{**size, **options})


def still(name: str, **options: object) -> MotionNet:
    """The same without dropout."""
    net = small(name, **options)
    for part in net.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0
        if isinstance(part, torch.nn.MultiheadAttention | torch.nn.GRU):
            part.dropout = 0.0
    return net


def task(net: MotionNet, processes: Processes = ALONE, **changes: Any) -> Fit:
    lines = examples()
    config = replace(QUICK, **changes)
    return Fit(net, lines, Standard.of(lines), FPS, config, processes)
