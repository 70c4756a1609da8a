"""What a file of the toolbox says of itself, and the network that this describes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.frontend import SAMPLE_RATE
from models.toolbox.baseline import BaselineNet
from models.toolbox.conv_windows import ConvWindowNet
from models.toolbox.diffusion import DiffusionNet
from models.toolbox.encoded_net import ENCODER, TRAINED, EncodedNet
from models.toolbox.faceformer import FaceFormerNet
from models.toolbox.generative import AdversarialNet, VariationalNet
from models.toolbox.listening import size_of
from models.toolbox.motion_net import MotionNet
from models.toolbox.published.editable import PublishedEditableDiffusion, PublishedEditableTransformer
from models.toolbox.published.faceformer import PublishedFaceFormer
from models.toolbox.recurrent import RecurrentNet
from models.toolbox.transformer import TransformerNet

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
