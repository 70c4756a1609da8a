"""The one loop: a network learns, is judged and is kept until its last step, or until nothing gets better."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from models.toolbox.motion_net import MotionNet
from models.training.lab.fitting import Fit

Look = Callable[[int, Mapping[str, float], MotionNet], None]
"""Is told of each judgement: steps made, mean losses since the last one and the validation error, and the
network of the mean weights, on the device it is trained on."""
KEPT_EVERY_S = 60.0
"""Seconds after which the state is kept, where a judgement is long in coming."""


def fit(task: Fit, state: Path, judge: Callable[[MotionNet], float], looks: Sequence[Look] = ()) -> MotionNet:
    """Train to the last step, or until nothing gets better; an existing state is gone on from.

    Parameters
    ----------
    task : Fit
    state : Path
        Where the state of the run is kept.
    judge : callable
        Validation error of a network.
    looks : sequence of Look

    Returns
    -------
    MotionNet
        The mean weights that were best on validation; in the first process alone.
    """
    first = task.processes.first
    if state.exists():
        task.load(state)
        if first:
            print(f"{state}: goes on after step {task.step_number}", flush=True)
    kept = time.monotonic()
    # None: no bar where standard error is no terminal.
    manner = {"unit": " steps", "dynamic_ncols": True, "disable": None if first else True}
    with tqdm(total=task.config.steps, initial=task.step_number, **manner) as bar:
        while task.goes_on:
            bar.set_postfix(task.step(), refresh=False)
            bar.update()
            if task.is_due:
                _judge(task, judge, looks)
            elif time.monotonic() - kept < KEPT_EVERY_S:
                continue
            if first:
                task.save(state)
            kept = time.monotonic()
    task.average.load_state_dict(task.best)
    return task.average


def _judge(task: Fit, judge: Callable[[MotionNet], float], looks: Sequence[Look]) -> None:
    """Let the first process judge, and tell the others."""
    if task.processes.first:
        error = judge(task.average)
        means = task.judged(error)
        for look in looks:
            look(task.step_number, {**means, "validation": error}, task.average)
    task.best_error, best_step = task.processes.told([task.best_error, task.best_step])
    task.best_step = int(best_step)
