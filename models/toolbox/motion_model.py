"""A trained network of the toolbox in a file, and speaking with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from models.checkpoint import CheckpointError
from models.frontend import SAMPLE_RATE
from models.toolbox.attention import lay, windows
from models.toolbox.baseline import BaselineNet
from models.toolbox.conv_windows import ConvWindowNet
from models.toolbox.diffusion import DiffusionNet
from models.toolbox.encoded_net import ENCODER, TRAINED, EncodedNet
from models.toolbox.encoder_folders import EncoderError
from models.toolbox.faceformer import FaceFormerNet
from models.toolbox.generative import AdversarialNet, VariationalNet
from models.toolbox.listening import listen, size_of
from models.toolbox.motion_net import MotionNet
from models.toolbox.motion_space import Components, RestFace, read_space, space_arrays, with_style
from models.toolbox.published.editable import PublishedEditableDiffusion, PublishedEditableTransformer
from models.toolbox.published.faceformer import PublishedFaceFormer
from models.toolbox.recurrent import RecurrentNet
from models.toolbox.transformer import TransformerNet

HEARING = 0.9
"""Share of the time that goes into hearing, where a pretrained encoder hears."""
MOST_FPS = 1000
FORMAT, VERSION = "editable-lipsync-motion", 1
NETWORKS: dict[str, Callable[..., MotionNet]] = {
    "conv-windows": ConvWindowNet,
    "transformer": TransformerNet,
    "diffusion": DiffusionNet,
    "faceformer": FaceFormerNet,
    "recurrent": RecurrentNet,
    "variational": VariationalNet,
    "adversarial": AdversarialNet,
    "baseline": BaselineNet,
}
"""Networks that recipes train, by the names that cards use."""
PUBLISHED: dict[str, Callable[..., MotionNet]] = {
    "published-editable": PublishedEditableTransformer,
    "published-editable-ddpm": PublishedEditableDiffusion,
    "published-faceformer": PublishedFaceFormer,
}
"""Networks of others' checkpoints."""
Option = int | float | bool | str


@dataclass(frozen=True)
class MotionCard:
    """What a file of the toolbox says of itself.

    Attributes
    ----------
    network : str
        Of `NETWORKS` or `PUBLISHED`.
    options : mapping of str to number or text
        What it was built with; `EncodedNet`'s among them where it brings its own encoder.
    motion_space : str
        As in `models.training.datasets.line.Line`.
    columns : tuple of str
        Channels, where the motion space has names; empty otherwise.
    ear : str
        What it hears, as `models.toolbox.listening` names it.
    speakers : tuple of str
        Whom it tells apart; empty where it does not.
    """

    name: str
    network: str
    options: Mapping[str, Option]
    motion_space: str
    columns: tuple[str, ...]
    fps: float
    licence: str
    training_data: str
    ear: str
    sample_rate: int = SAMPLE_RATE
    speakers: tuple[str, ...] = ()

    def built(self, outputs: int) -> MotionNet:
        """Make the network, untrained."""
        make, samples = (NETWORKS | PUBLISHED)[self.network], size_of(self.ear, self.fps)
        inputs = samples + len(self.speakers)
        if ENCODER not in self.options:
            return make(inputs, outputs, **self.options)
        own = {name: value for name, value in self.options.items() if name not in (ENCODER, TRAINED)}
        return EncodedNet(
            lambda size: make(size, outputs, **own),
            inputs,
            outputs,
            samples=samples,
            encoder=str(self.options[ENCODER]),
            trained=str(self.options[TRAINED]),
        )


@dataclass(frozen=True, eq=False)
class MotionModel:
    """A network ready to speak.

    Attributes
    ----------
    mean, scale : ndarray of shape (O,), float32
        What the network predicts is standardised.
    components : Components or None
        Where it predicts coefficients, of what.
    rest : RestFace or None
        Where it moves vertices or landmarks, away from what.
    content_hash : str
        SHA-256 of the file.
    """

    card: MotionCard
    net: MotionNet
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    components: Components | None = None
    rest: RestFace | None = None
    content_hash: str = field(default="", repr=False)

    @property
    def parameters(self) -> int:
        """Number of trained weights."""
        return sum(weight.numel() for weight in self.net.parameters())

    @torch.inference_mode()
    def speak(
        self,
        samples: NDArray[np.float32],
        progress: Callable[[float], None] = lambda _share: None,
        speaker: str = "",
    ) -> NDArray[np.float32]:
        """Move to a sound.

        Parameters
        ----------
        samples : ndarray of shape (N,), float32
            Mono, at the card's sample rate.
        progress : callable
            Given the share done after each window; what it raises ends the work.
        speaker : str
            In whose manner, of those the network knows; in nobody's where it is another name.

        Returns
        -------
        ndarray of shape (F, D), float32
            In the card's motion space; vertices and landmarks as displacements from `rest`.
        """
        hearing = HEARING if ":" in self.card.ear or self.net.hears else 0.0
        features = self._features(samples, speaker, lambda share: progress(hearing * share))
        self.net.eval()
        heard = self.net.hear(features, lambda share: progress(hearing * share))
        motion = _windowed(self.net, heard, lambda share: progress(hearing + (1 - hearing) * share))
        return self._moved(motion[0])

    @torch.inference_mode()
    def speak_on(
        self, samples: NDArray[np.float32], kept: slice, past: Any = None, speaker: str = ""
    ) -> tuple[NDArray[np.float32], Any]:
        """Move to a part of a sound, after parts before it.

        Parameters
        ----------
        samples : ndarray of shape (N,), float32
            As `speak`, with sound around the part.
        kept : slice
            Frames of it that are wanted; the first follows the last that was given before.
        past : object
            What was given back with that one; None where the sound begins.
        speaker : str

        Returns
        -------
        ndarray of shape (kept, D), float32
        object
            For the frames after these.
        """
        self.net.eval()
        heard = self.net.hear(self._features(samples, speaker))
        read = slice(max(kept.start - self.net.reach, 0), min(kept.stop + self.net.reach, heard.shape[1]))
        wanted = slice(kept.start - read.start, kept.stop - read.start)
        motion, past = self.net.go_on(heard[:, read], wanted, past)
        return self._moved(motion[0]), past

    def _features(
        self,
        samples: NDArray[np.float32],
        speaker: str,
        progress: Callable[[float], None] = lambda _share: None,
    ) -> torch.Tensor:
        heard = listen(samples, self.card.fps, self.card.ear, progress)
        return torch.from_numpy(with_style(heard, self.card.speakers, speaker))[None]

    def _moved(self, motion: torch.Tensor) -> NDArray[np.float32]:
        predicted = np.asarray(motion.numpy() * self.scale + self.mean, np.float32)
        return self.components.decode(predicted) if self.components else predicted


def _windowed(net: MotionNet, heard: torch.Tensor, progress: Callable[[float], None]) -> torch.Tensor:
    """Predict (1, F, O) window by window, each from where the one before ended, or faded over from it."""
    frames, past = heard.shape[1], None
    motion = torch.zeros(1, frames, net.outputs)
    for read, kept in windows(frames, net.window, net.reach, net.overlap):
        part, past = net.go_on(heard[:, read], kept, past)
        start = read.start + kept.start
        lay(part, motion, start, net.overlap)
        progress((start + part.shape[1]) / frames)
    return motion


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
