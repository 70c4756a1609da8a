"""The speech models at hand: those of the program, and any checkpoint file by its path."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.inference.remembered import remembered_models

if TYPE_CHECKING:
    from models.checkpoint import Checkpoint
    from models.toolbox.motion_model import MotionModel

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "speech"
SUFFIX = ".safetensors"
"""What tells the file of a model from the name of one that ships."""


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
    from models.toolbox.motion_file import is_motion_model, load_motion_model

    try:
        return load_motion_model(path) if is_motion_model(path) else load_checkpoint(path)
    except CheckpointError as error:
        raise InputError(path, str(error)) from error
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror or error}") from error


def check_model(name: str) -> None:
    """Make sure that a model can speak, before anything relies on it.

    Raises
    ------
    InputError
        There is none, the file is no usable checkpoint, or what it moves is no face that is known.
    """
    from core.inference.moving import check_motion
    from models.checkpoint import Checkpoint

    model = load_any(name)
    if not isinstance(model, Checkpoint):
        check_motion(model)


def known_models() -> dict[str, str]:
    """Models to choose from: what to call each, by what `load_any` takes; the program's own first."""
    shipped = {path.stem: path.stem for path in sorted(SHIPPED.glob(f"*{SUFFIX}"))}
    own = remembered_models()
    return shipped | {str(path): _title(path, [*map(Path, shipped), *own]) for path in own}


def _title(path: Path, others: Sequence[Path]) -> str:
    """Call a file by its name, and by as many of its folders as tell it from others of that name."""
    namesakes = [other for other in others if other != path and other.stem == path.stem]
    for depth in range(len(path.parts)):
        folders = path.parts[-1 - depth : -1]
        if all(other.parts[-1 - depth : -1] != folders for other in namesakes):
            return f"{path.stem} ({'/'.join(folders)})" if folders else path.stem
    return str(path)


def title_of(name: str) -> str:
    """Say what to call a model, be it at hand or not."""
    return known_models().get(name, PurePath(name).stem if name.endswith(SUFFIX) else name)


def is_missing(name: str) -> bool:
    """Tell whether there is no such model, or its file is gone."""
    try:
        model_path(name)
    except InputError:
        return True
    return False


def speakers_of(name: str) -> tuple[str, ...]:
    """Say whom a model can speak like, without loading it; nobody where it cannot be read."""
    speakers = _card(name).get("speakers", ())
    return tuple(str(speaker) for speaker in speakers) if isinstance(speakers, list) else ()


def hears_phones(name: str) -> bool:
    """Tell whether a model hears phones, so that transcripts and the posture in pauses are of use to it."""
    return not isinstance(_card(name).get("network"), str)  # a name in files of the toolbox


def _card(name: str) -> Mapping[str, Any]:
    """Return what a file says of itself; nothing where it cannot be read."""
    try:
        path = model_path(name)
        return _stored_card(path.resolve(), path.stat().st_mtime_ns)
    except (InputError, OSError):
        return {}


@lru_cache(maxsize=64)
def _stored_card(path: Path, _changed: int) -> Mapping[str, Any]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "np") as stored:
            card = json.loads((stored.metadata() or {}).get("card", "{}"))
    except (SafetensorError, OSError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}


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
