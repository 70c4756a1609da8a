"""How a run of the one loop is configured: what ``key=value`` words change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from models.training.lab.optimizers import OPTIMIZERS
from models.training.lab.processes import KINDS

BOUNDS: tuple[tuple[tuple[str, ...], Callable[[float], bool], str], ...] = (
    (("steps", "batch", "accumulate", "judge_every"), lambda value: value >= 1, "1 or more"),
    (("warmup", "patience"), lambda value: value >= 0, "0 or more"),
    (("rate", "seconds"), lambda value: 0 < value < float("inf"), "a number above 0"),
    (("weight_decay",), lambda value: 0 <= value < float("inf"), "a number of 0 or more"),
    (("memory",), lambda value: 0 <= value <= 1, "between 0 and 1"),
    (("seed",), lambda value: 0 <= value < 2**32, "between 0 and 4294967295"),
)
"""What numbers may be: names, a test, and its words."""
FREE = ("patience", "device", "tensorboard", "preview")
"""What may change while a run is stopped: nothing that it has learnt depends on it."""


@dataclass(frozen=True)
class FitConfig:
    """How to train.

    Attributes
    ----------
    batch : int
        Clips whose gradient is taken at once.
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
    optimizer : str
        Of `OPTIMIZERS`.
    accumulate : int
        Batches whose mean gradient makes a step; each process takes so many.
    amp : bool
        Products in bfloat16 where PyTorch deems it safe.
    device : str
        Of `processes.KINDS`.
    tensorboard : bool
        Write event files, too.
    preview : bool
        Film a held-out line at each judgement.

    Raises
    ------
    ValueError
        A value makes no sense.
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
    optimizer: str = "adamw"
    accumulate: int = 1
    amp: bool = False
    device: str = "auto"
    tensorboard: bool = False
    preview: bool = False

    def __post_init__(self) -> None:
        for names, fits, wanted in BOUNDS:
            for name in names:
                if not fits(value := getattr(self, name)):
                    raise ValueError(f"{name}={value} is not {wanted}")
        for name, kinds in (("optimizer", OPTIMIZERS), ("device", KINDS)):
            if getattr(self, name) not in kinds:
                raise ValueError(f"{name} is one of {', '.join(kinds)}, not {getattr(self, name)!r}")

    @property
    def binding(self) -> dict[str, float | str]:
        """What a run has to keep to, to go on as if nothing had happened."""
        return {name: value for name, value in asdict(self).items() if name not in FREE}
