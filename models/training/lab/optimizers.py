"""Optimisers by the names that recipes use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import nn


class Lion(torch.optim.Optimizer):
    """Steps of one size along the sign of the momentum (Chen et al. 2023, "Symbolic discovery").

    Every weight moves by the whole rate, so that it wants a third to a tenth of the rate of Adam.

    Parameters
    ----------
    weights : iterable of Parameter
    lr : float
    betas : tuple of float
        How much of the momentum the step keeps, and how much the momentum itself.
    weight_decay : float
        Decoupled: weights shrink by ``lr * weight_decay`` a step.
    """

    def __init__(
        self,
        weights: Iterable[nn.Parameter],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(weights, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]  # it is overloaded
        """Make one step."""
        loss = None if closure is None else closure()
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._move(weight, group)
        return loss

    def _move(self, weight: torch.Tensor, group: Mapping[str, Any]) -> None:
        state, (now, later) = self.state[weight], group["betas"]
        if not state:
            state["momentum"] = torch.zeros_like(weight)
        direction = state["momentum"].lerp(weight.grad, 1 - now).sign_()
        weight.mul_(1 - group["lr"] * group["weight_decay"]).add_(direction, alpha=-group["lr"])
        state["momentum"].lerp_(weight.grad, 1 - later)


OPTIMIZERS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "adamw": torch.optim.AdamW,
    "adam": torch.optim.Adam,
    "lion": Lion,
}
"""Each is called with weights, ``lr`` and ``weight_decay``."""
