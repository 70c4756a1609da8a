"""A trained network of the toolbox in a file: card, weights, and what its numbers stand for."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from models.checkpoint import CheckpointError
from models.toolbox.encoder_folders import EncoderError
from models.toolbox.motion_card import MotionCard
from models.toolbox.motion_model import MotionModel
from models.toolbox.motion_space import read_space, space_arrays

MOST_FPS = 1000
FORMAT, VERSION = "editable-lipsync-motion", 1


def save_motion_model(path: Path, model: MotionModel) -> None:
    """Write card and weights, whole or not at all."""
    tensors = {f"net.{name}": value.contiguous() for name, value in model.net.state_dict().items()}
    arrays = {"mean": model.mean, "scale": model.scale, **space_arrays(model.components, model.rest)}
    tensors |= {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}
    metadata = {"format": FORMAT, "version": str(VERSION), "card": json.dumps(asdict(model.card))}
    partial = path.with_suffix(".partial")
    try:
        partial.write_bytes(save(tensors, metadata))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def is_motion_model(path: Path) -> bool:
    """Tell whether a file is one of the toolbox."""
    try:
        with safe_open(path, "pt") as stored:
            return (stored.metadata() or {}).get("format") == FORMAT
    except (SafetensorError, OSError):
        return False


def load_motion_model(path: Path) -> MotionModel:
    """Read a file of the toolbox.

    Raises
    ------
    CheckpointError
        The file is none, of a newer version, or damaged; or it hears through an encoder that is not found.
    OSError
        It cannot be read.
    """
    content = path.read_bytes()
    try:
        with safe_open(path, "pt") as stored:
            metadata = stored.metadata() or {}
            tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise CheckpointError("damaged, or not a safetensors file") from error
    if metadata.get("format") != FORMAT:
        raise CheckpointError("not a motion model of this program")
    try:
        if (version := int(metadata["version"])) > VERSION:
            raise CheckpointError(f"made by a newer program (format {version}, known up to {VERSION})")
        card = _card(json.loads(metadata["card"]))
        weights = {n.removeprefix("net."): value for n, value in tensors.items() if n.startswith("net.")}
        arrays = {name: value.numpy() for name, value in tensors.items() if not name.startswith("net.")}
        if broken := [name for name, value in tensors.items() if not torch.isfinite(value).all()]:
            raise ValueError(f"{broken[0]} holds values that are no numbers")
        mean, scale = arrays["mean"], arrays["scale"]
        net = card.built(len(mean))
        net.load_state_dict(weights)
        space = read_space(arrays)
    except (EncoderError, CheckpointError):
        raise
    except (AttributeError, KeyError, TypeError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise CheckpointError(f"damaged motion model ({reason})") from error
    return MotionModel(card, net.eval(), mean, scale, *space, hashlib.sha256(content).hexdigest())


def _card(record: Any) -> MotionCard:
    """Make a card of what a file says, and refuse one that cannot be."""
    lists = {name: tuple(record.get(name, ())) for name in ("columns", "speakers")}
    card = MotionCard(**{**record, **lists})
    if not 0 < card.fps < MOST_FPS:
        raise ValueError(f"{card.fps} frames a second")
    return card
