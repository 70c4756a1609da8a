"""A network of the toolbox behind an encoder of sound that learns with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from models.toolbox.encoder_folders import EncoderError, EncoderName, parsed, pinned
from models.toolbox.encoder_loading import load_encoder, record_of
from models.toolbox.encoders import SoundEncoder, between
from models.toolbox.motion_net import MotionNet, Objective

ENCODER, TRAINED = "encoder", "trained"
"""Options of a card that make an `EncodedNet` of a network."""
SLOWER = 0.1
"""Learning rate of what is trained already, as a share of that of what is new."""
ALL, NONE, TOP = "all", "none", "top:"


class EncodedNet(MotionNet):
    """Hears the sound itself.

    Its features are the ear ``sound`` of `models.toolbox.listening`: a frame's own H samples, so that frames
    in a row are the waveform; columns after them (a speaker's style) go on to the inner network as they are.

    Parameters
    ----------
    inner : callable
        Makes the network behind the encoder, given the number of its features.
    inputs, outputs : int
        I, which is H and further columns, and O.
    samples : int
        H.
    encoder : str
        JSON of `described`.
    trained : str
        ``all``, ``none``, or ``top:N``: the last N Transformer layers of those that are used. FaceFormer
        (Fan et al. 2022) trains every layer but not the convolutions, a ``top`` of as many as there are.

    Raises
    ------
    EncoderError
        The encoder cannot be made, or has no so many layers.
    """

    hears = True

    def __init__(
        self,
        inner: Callable[[int], MotionNet],
        inputs: int,
        outputs: int,
        *,
        samples: int,
        encoder: str,
        trained: str,
    ) -> None:
        super().__init__(inputs, outputs)
        self.samples, self.trained = samples, trained
        self.source, record = (json.loads(encoder)[key] for key in ("source", "record"))
        self._take(SoundEncoder(record))
        self.inner = inner(self.encoder.width + inputs - samples)
        self.window, self.overlap, self.reach = self.inner.window, self.inner.overlap, self.inner.reach
        self.remembers = self.inner.remembers

    def start(self) -> None:
        """Take the pretrained weights from the encoder's own folder."""
        self._take(load_encoder(parsed(self.source)))

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict motion (B, F, O)."""
        return self.inner.predict(self.heard(features))

    def hear(
        self, features: torch.Tensor, progress: Callable[[float], None] = lambda _share: None
    ) -> torch.Tensor:
        """Hear a whole sound, so that windows share what the encoder made of it."""
        return self.heard(features, progress)

    def go_on(
        self,
        heard: torch.Tensor,
        kept: slice,
        past: Any = None,
        progress: Callable[[float], None] = lambda _share: None,
    ) -> tuple[torch.Tensor, Any]:
        """Predict as the inner network does."""
        return self.inner.go_on(heard, kept, past, progress)

    def taught(self, features: torch.Tensor, motion: torch.Tensor) -> torch.Tensor:
        """Predict in training, as the inner network does."""
        return self.inner.taught(self.heard(features), motion)

    def objectives(self) -> Mapping[str, tuple[nn.Module, Objective]]:
        """Those of the inner network; the encoder learns with the first of them."""
        (name, (part, objective)), *others = self.inner.objectives().items()
        first = (nn.ModuleList([self.encoder, part]), self._hearing(objective))
        return {name: first, **{each: (own, self._overhearing(goal)) for each, (own, goal) in others}}

    def heard(
        self, features: torch.Tensor, progress: Callable[[float], None] = lambda _share: None
    ) -> torch.Tensor:
        """Hidden states at the frames of the motion, and what came beside the sound: (B, F, W + I - H)."""
        sound, beside = features[..., : self.samples], features[..., self.samples :]
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.trained != NONE):
            states = self.encoder(sound.flatten(1), progress)
        middles = torch.arange(features.shape[1], device=features.device, dtype=torch.float64) * self.samples
        places = (middles - self.encoder.centre) / self.encoder.hop
        return torch.cat([between(states, places).to(features), beside], dim=2)

    def train(self, mode: bool = True) -> EncodedNet:
        """Set the mode of all that learns; an encoder that does not stays in evaluation."""
        super().train(mode)
        self.encoder.train(mode and self.trained != NONE)
        return self

    def _take(self, encoder: SoundEncoder) -> None:
        choose(encoder, self.trained)
        self.encoder = encoder.train(self.training and self.trained != NONE)

    def _hearing(self, objective: Objective) -> Objective:
        return lambda features, motion, known: objective(self.heard(features), motion, known)

    def _overhearing(self, objective: Objective) -> Objective:
        return lambda features, motion, known: objective(self.heard(features).detach(), motion, known)


def described(name: EncoderName) -> str:
    """Describe an encoder for a card: where its weights came from, and how to make it without them.

    Raises
    ------
    EncoderError
        It is not found or damaged.
    """
    found = pinned(name)
    return json.dumps({"source": str(found), "record": record_of(found)})


def choose(encoder: SoundEncoder, trained: str) -> None:
    """Choose which of an encoder's weights learn.

    Raises
    ------
    EncoderError
        ``trained`` is no choice, or of more layers than there are.
    """
    count = _layers_wanted(trained)
    used = encoder.layers[: int(encoder.layer)] if encoder.layer.isdigit() else encoder.layers
    if count > len(used):
        raise EncoderError(f"trained={trained}: only {len(used)} layers of the encoder are used")
    if trained != ALL:
        encoder.freeze()
    for layer in used[len(used) - count :]:
        layer.requires_grad_(True)
    for idle in (*encoder.layers[len(used) :], *encoder.idle()):
        idle.requires_grad_(False)


def parameter_groups(part: nn.Module) -> list[dict[str, Any]]:
    """Weights that learn, for an optimiser; ``share`` is how much of the learning rate they get."""
    pretrained = {
        id(weight)
        for each in part.modules()
        if isinstance(each, SoundEncoder)
        for weight in each.parameters()
    }
    learning = [weight for weight in part.parameters() if weight.requires_grad]
    slow = [weight for weight in learning if id(weight) in pretrained]
    fast = [weight for weight in learning if id(weight) not in pretrained]
    groups: list[dict[str, Any]] = [{"params": fast, "share": 1.0}, {"params": slow, "share": SLOWER}]
    return [group for group in groups if group["params"]]


def _layers_wanted(trained: str) -> int:
    number = trained.removeprefix(TOP)
    if trained in (ALL, NONE):
        return 0
    if number == trained or not number.isdigit() or number == "0":
        raise EncoderError(f"trained is {ALL}, {NONE} or {TOP}N, not {trained!r}")
    return int(number)
