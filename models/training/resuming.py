"""What a run must keep to go on as if nothing had happened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

Tensors = dict[str, torch.Tensor]
LONGEST = 40
"""Letters of a setting that is told as it is."""


@torch.no_grad()
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


def write_state(path: Path, key: str, record: Mapping[str, Any], tensors: Tensors) -> None:
    """Store a record under a key, and tensors; whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        save_file(
            {name: value.contiguous() for name, value in tensors.items()}, partial, {key: json.dumps(record)}
        )
        partial.replace(path)
    except SafetensorError as error:
        raise OSError(0, f"{error}", str(path)) from error
    finally:
        partial.unlink(missing_ok=True)


def read_state(path: Path, key: str) -> tuple[Any, Tensors]:
    """Return the record of that key and all tensors of a stored state.

    Raises
    ------
    ValueError
        The file is none, or damaged.
    """
    path.open("rb").close()  # an error of this names the file, one of the other does not
    try:
        with safe_open(path, "pt") as stored:
            record = json.loads((stored.metadata() or {})[key])
            return record, {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    except (SafetensorError, KeyError, json.JSONDecodeError) as error:
        raise ValueError(f"{path}: is not the state of a run; remove it to start anew") from error


def check_same_run(path: Path, record: Any, settings: Mapping[str, Any]) -> None:
    """Refuse to go on from a state with other settings than it was made with.

    Raises
    ------
    ValueError
        A setting is another one; the first is named.
    """
    stored = record.get("settings", {})
    # The network first: most others follow from it.
    for name in sorted(settings.keys() | stored.keys(), key=lambda name: (name != "network", name)):
        before, now = (each.get(name) for each in (stored, settings))
        if before != now:
            short = None not in (before, now) and max(len(str(before)), len(str(now))) < LONGEST
            what = f"with {name}={before}, and not {now}" if short else f"with other {name}"
            raise ValueError(f"{path}: is of a run {what}; remove it to start anew, or name another file")
