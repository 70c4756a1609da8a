"""The speech model that ships, in the place of a network of the toolbox: the yardstick of every report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.audio import AudioClip, load_audio
from core.channels import CHANNELS as SPOKEN
from core.inference.engine import infer
from core.inference.models import load_model
from core.inference.request import InferenceRequest
from core.inference.solving import named
from core.paths import DEMO_CLIP
from models.checkpoint import Checkpoint
from models.toolbox.motion_card import MotionCard
from models.toolbox.motion_model import MotionModel
from models.training.datasets.arkit import CHANNELS, SPACE
from models.training.datasets.line import Floats


@dataclass(frozen=True, eq=False)
class ShippedModel(MotionModel):
    """Speaks as `core.inference.engine` lets it speak.

    Attributes
    ----------
    name : str
        Of the model, or the path of a checkpoint.
    """

    name: str = "default"

    def speak(
        self,
        samples: Floats,
        progress: Callable[[float], None] = lambda _share: None,
        speaker: str = "",
    ) -> Floats:
        """Move ARKit's channels, (F, 52); it knows no speakers."""
        del speaker
        spoken = _spoken(AudioClip(samples[None], self.card.sample_rate, "line"), self.name)
        progress(1.0)
        return spoken


def shipped(name: str) -> ShippedModel:
    """Load a speech model by name or path; its mean face is that of the bundled clip.

    Raises
    ------
    InputError
        There is none.
    """
    model = load_model(name)
    mean = _spoken(load_audio(DEMO_CLIP), name).mean(axis=0)
    net: Any = model.net  # no `MotionNet`: it is asked for its weights alone
    return ShippedModel(_card(model), net, mean, np.ones_like(mean), name=name)


def _card(model: Checkpoint) -> MotionCard:
    card = model.card
    return MotionCard(
        card.name,
        "",
        {},
        SPACE,
        CHANNELS,
        float(card.fps),
        card.licence,
        card.training_data,
        "",
        card.sample_rate,
    )


def _spoken(clip: AudioClip, name: str) -> Floats:
    return named(infer(InferenceRequest(clip, name)).weights, SPOKEN, CHANNELS)
