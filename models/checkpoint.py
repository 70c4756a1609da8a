"""Checkpoints: one safetensors file with the weights and a card that says everything needed to use them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from models.frontend import FrontendConfig
from models.readout import Readout
from models.speech2face import Speech2Face, Speech2FaceConfig

VERSION = 1
PRIOR = "frontend.prior"


class CheckpointError(ValueError):
    """The file is no checkpoint of this program, or one it cannot read."""


@dataclass(frozen=True)
class ModelCard:
    """What a checkpoint says of itself.

    Attributes
    ----------
    motion_space : str
        What the model predicts: ``arkit``, the channels of `core.channels`.
    network, frontend, readout
        Everything between the sound and the curves of the mouth.
    """

    name: str
    motion_space: str
    fps: int
    sample_rate: int
    licence: str
    training_data: str
    network: Speech2FaceConfig = field(default_factory=Speech2FaceConfig)
    frontend: FrontendConfig = field(default_factory=FrontendConfig)
    readout: Readout = field(default_factory=Readout)


@dataclass(frozen=True)
class Checkpoint:
    """A model ready to hear.

    Attributes
    ----------
    net : Speech2Face
        In evaluation mode, float32.
    prior : tensor of shape (M,)
        Typical log-mel spectrum of speech.
    content_hash : str
        SHA-256 of the file: the model's identity in the cache.
    """

    card: ModelCard
    net: Speech2Face
    prior: torch.Tensor
    content_hash: str

    @property
    def parameters(self) -> int:
        """Number of trained weights."""
        return sum(weight.numel() for weight in self.net.parameters())


def save_checkpoint(path: Path, card: ModelCard, net: Speech2Face, prior: torch.Tensor) -> None:
    """Write weights (as float16) and card, whole or not at all."""
    tensors = {name: value.half() for name, value in net.state_dict().items() if value.is_floating_point()}
    tensors[PRIOR] = prior
    metadata = {"format": "editable-lipsync", "version": str(VERSION), "card": json.dumps(asdict(card))}
    partial = path.with_suffix(".partial")
    partial.write_bytes(save({n: v.contiguous() for n, v in tensors.items()}, metadata))
    partial.replace(path)


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises
    ------
    CheckpointError
        The file is not one of ours, of a newer version, or damaged.
    OSError
        The file cannot be read.
    """
    content = path.read_bytes()
    metadata, tensors = _read(path)
    if metadata.get("format") != "editable-lipsync":
        raise CheckpointError("not a speech model of this program")
    if int(metadata["version"]) > VERSION:
        raise CheckpointError(
            f"made by a newer program (format {metadata['version']}, known up to {VERSION})"
        )
    try:
        card = _card(json.loads(metadata["card"]))
        prior = tensors.pop(PRIOR)
        net = Speech2Face(card.network)
        missing, unexpected = net.load_state_dict({n: v.float() for n, v in tensors.items()}, strict=False)
        lost = [name for name in missing if not name.endswith("num_batches_tracked")]
        if lost or unexpected:
            raise KeyError((lost or unexpected)[0])
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise CheckpointError(f"damaged speech model ({error})") from error
    return Checkpoint(card, net.eval(), prior, hashlib.sha256(content).hexdigest())


def _read(path: Path) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
    try:
        with safe_open(path, "pt") as stored:
            return stored.metadata() or {}, {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise CheckpointError("damaged, or not a safetensors file") from error


def _card(record: dict[str, Any]) -> ModelCard:
    record["network"]["dilations"] = tuple(record["network"]["dilations"])
    record["readout"] |= {name: tuple(record["readout"][name]) for name in ("gains", "push")}
    parts = {"network": Speech2FaceConfig, "frontend": FrontendConfig, "readout": Readout}
    built = {name: kind(**record.pop(name)) for name, kind in parts.items()}
    known = {each.name for each in fields(ModelCard)}
    return ModelCard(**{name: value for name, value in record.items() if name in known}, **built)
