"""Several processes that train one network, as ``torchrun`` starts them, and the device of each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import distributed

CPU = torch.device("cpu")
PATIENCE = timedelta(hours=2)
"""How long the others wait while the first judges, draws and writes."""
KINDS = ("auto", "cpu", "cuda")
"""What ``device`` may be; auto takes a GPU where there is one."""


@dataclass(frozen=True)
class Processes:
    """One process among those that train together.

    Attributes
    ----------
    rank : int
        Its number, from 0.
    count : int
        How many there are.
    device : torch.device
        Where it computes.
    """

    rank: int = 0
    count: int = 1
    device: torch.device = CPU

    @property
    def first(self) -> bool:
        """Whether it judges, writes and reports for all."""
        return self.rank == 0

    @torch.no_grad()
    def average(self, tensors: Iterable[torch.Tensor]) -> None:
        """Put the mean over all processes into each tensor; all give the same shapes in the same order."""
        parts = list(tensors)
        if self.count == 1 or not parts:
            return
        whole = torch.cat([part.flatten() for part in parts])
        distributed.all_reduce(whole)
        whole /= self.count
        means = torch.split(whole, [part.numel() for part in parts])
        for part, mean in zip(parts, means, strict=True):
            part.copy_(mean.view_as(part))

    def told(self, values: Sequence[float]) -> list[float]:
        """Return the values of the first process, in every process."""
        if self.count == 1:
            return list(values)
        message = torch.tensor(values, dtype=torch.float64, device=self.device)
        distributed.broadcast(message, src=0)
        return [float(value) for value in message.tolist()]


ALONE = Processes()


@contextmanager
def joined(kind: str = "auto") -> Iterator[Processes]:
    """Join the processes that ``torchrun`` started beside this one; without it, be alone.

    Parameters
    ----------
    kind : str
        Of `KINDS`. Several processes on GPUs take one each and talk through NCCL, on processors through Gloo.

    Raises
    ------
    ValueError
        There is no such device.
    """
    if kind == "cuda" and not torch.cuda.is_available():
        raise ValueError("device=cuda: there is no GPU that PyTorch can use")
    graphics = kind != "cpu" and torch.cuda.is_available()
    rank, count = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if graphics else torch.device("cpu")
    if graphics:
        torch.cuda.set_device(device)
    if count == 1:
        yield Processes(0, 1, device)
        return
    distributed.init_process_group("nccl" if graphics else "gloo", timeout=PATIENCE)
    try:
        yield Processes(rank, count, device)
    finally:
        distributed.destroy_process_group()
