"""How the learning rate goes over a run: it warms up, then falls along half a cosine."""

from __future__ import annotations

import math


def share_of_peak(step: int, steps: int, warmup: int) -> float:
    """Share of the peak rate at a step (cosine annealing without restarts, Loshchilov and Hutter 2017).

    Parameters
    ----------
    step : int
        Steps made before it.
    steps : int
        Of the whole run.
    warmup : int
        Steps over which the rate rises, 1 at least.

    Returns
    -------
    float
        0..1.
    """
    return min(1.0, (step + 1) / warmup) * 0.5 * (1 + math.cos(math.pi * step / steps))
