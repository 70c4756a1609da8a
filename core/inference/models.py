"""The speech models at hand: those of the program, and any checkpoint file by its path."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError

if TYPE_CHECKING:
    from models.checkpoint import Checkpoint

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "speech"
SUFFIX = ".safetensors"


@dataclass(frozen=True)
class ModelSummary:
    """A line of ``main.py models``."""

    name: str
    motion_space: str
    fps: int
    parameters: int
    licence: str
    content_hash: str


def model_path(name: str) -> Path:
    """Find a model by name, or take a path to a checkpoint.

    Raises
    ------
    InputError
        There is none.
    """
    shipped = SHIPPED / f"{name}{SUFFIX}"
    if shipped.is_file():
        return shipped
    if Path(name).is_file():
        return Path(name)
    known = ", ".join(sorted(path.stem for path in SHIPPED.glob(f"*{SUFFIX}")))
    raise InputError(name, f"no such model (known: {known}) and no such file")


def load_model(name: str) -> Checkpoint:
    """Load a model; one that did not change on disk is loaded once.

    Raises
    ------
    InputError
        There is none, or the file is no usable checkpoint.
    """
    path = model_path(name)
    stat = path.stat()
    return _load(path.resolve(), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int, _size: int) -> Checkpoint:
    from models.checkpoint import CheckpointError, load_checkpoint

    try:
        return load_checkpoint(path)
    except CheckpointError as error:
        raise InputError(path, str(error)) from error
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror or error}") from error


def list_models() -> list[ModelSummary]:
    """Summaries of the models that come with the program, by name."""
    return [summarise(str(path)) for path in sorted(SHIPPED.glob(f"*{SUFFIX}"))]


def summarise(name: str) -> ModelSummary:
    """Say the essentials of one model."""
    model = load_model(name)
    card = model.card
    return ModelSummary(
        card.name, card.motion_space, card.fps, model.parameters, card.licence, model.content_hash
    )
