"""What a run must keep to go on as if nothing had happened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from torch import nn

Tensors = dict[str, torch.Tensor]


def remember(average: nn.Module, latest: nn.Module, memory: float, step: int) -> None:
    """Draw a running mean of weights towards the latest.

    Parameters
    ----------
    memory : float
        How much of the mean stays at each step; early weights are forgotten sooner, as the mean spans a third
        of the run at most.
    step : int
        Steps made so far.
    """
    share = max(1 - memory, 3 / (step + 3))
    weights = latest.state_dict()
    for name, mean in average.state_dict().items():
        mean.copy_(mean.lerp(weights[name], share) if mean.is_floating_point() else weights[name])


def optimizer_tensors(optimizer: torch.optim.Optimizer, prefix: str) -> Tensors:
    """Return an optimiser's state as named tensors."""
    state = optimizer.state_dict()["state"]
    return {f"{prefix}{n}.{slot}": value for n, slots in state.items() for slot, value in slots.items()}


def load_optimizer(
    optimizer: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor], prefix: str
) -> None:
    """Give an optimiser the state that `optimizer_tensors` named."""
    slots: dict[int, Tensors] = {}
    for name, value in under(prefix, tensors).items():
        number, slot = name.split(".")
        slots.setdefault(int(number), {})[slot] = value
    optimizer.load_state_dict({"state": slots, "param_groups": optimizer.state_dict()["param_groups"]})


def under(prefix: str, tensors: Mapping[str, torch.Tensor]) -> Tensors:
    """Return the tensors whose names begin so, without the beginning."""
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def read_state(path: Path, key: str) -> tuple[str, Tensors]:
    """Return the record of that key and all tensors of a stored state."""
    with safe_open(path, "pt") as stored:
        return stored.metadata()[key], {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
