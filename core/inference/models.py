"""The speech models at hand: those of the program, and any checkpoint file by its path."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from core.inference.remembered import remembered_models

if TYPE_CHECKING:
    from models.checkpoint import Checkpoint
    from models.toolbox.motion_model import MotionModel

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "speech"
SUFFIX = ".safetensors"


@dataclass(frozen=True)
class ModelSummary:
    """A line of ``main.py models``.

    Attributes
    ----------
    name : str
        What ``--model`` takes: a name, or the path of a file.
    """

    name: str
    motion_space: str
    fps: float
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
    """Load a speech model that hears phones; one that did not change on disk is loaded once.

    Raises
    ------
    InputError
        There is none, or the file is no usable checkpoint.
    """
    from models.checkpoint import Checkpoint

    model = load_any(name)
    if not isinstance(model, Checkpoint):
        raise InputError(name, "hears no phones, which this needs; take the default model")
    return model


def load_any(name: str) -> Checkpoint | MotionModel:
    """Load a speech model or a network of the toolbox.

    Raises
    ------
    InputError
        There is none, or the file is no usable checkpoint.
    """
    path = model_path(name)
    stat = path.stat()
    return _load(path.resolve(), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int, _size: int) -> Checkpoint | MotionModel:
    from models.checkpoint import CheckpointError, load_checkpoint
    from models.toolbox.motion_model import is_motion_model, load_motion_model

    try:
        return load_motion_model(path) if is_motion_model(path) else load_checkpoint(path)
    except CheckpointError as error:
        raise InputError(path, str(error)) from error
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror or error}") from error


def known_models() -> dict[str, str]:
    """Models to choose from: what to call each, by what `load_any` takes; the program's own first."""
    shipped = {path.stem: path.stem for path in sorted(SHIPPED.glob(f"*{SUFFIX}"))}
    return shipped | {str(path): path.stem for path in remembered_models()}


def speakers_of(name: str) -> tuple[str, ...]:
    """Say whom a model can speak like, without loading it; nobody where it cannot be read."""
    try:
        path = model_path(name)
        return _speakers(path.resolve(), path.stat().st_mtime_ns)
    except (InputError, OSError):
        return ()


@lru_cache(maxsize=64)
def _speakers(path: Path, _changed: int) -> tuple[str, ...]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "np") as stored:
            card = json.loads((stored.metadata() or {}).get("card", "{}"))
    except (SafetensorError, OSError, ValueError):
        return ()
    speakers = card.get("speakers", ()) if isinstance(card, dict) else ()
    return tuple(str(speaker) for speaker in speakers)


def list_models() -> list[ModelSummary]:
    """Summaries of the program's own models and of the user's; files that are no models any more are not."""
    summaries = []
    for name in known_models():
        try:
            summaries.append(replace(summarise(name), name=name))
        except InputError:
            continue
    return summaries


def summarise(name: str) -> ModelSummary:
    """Say the essentials of one model."""
    model = load_any(name)
    card = model.card
    return ModelSummary(
        card.name, card.motion_space, float(card.fps), model.parameters, card.licence, model.content_hash
    )
