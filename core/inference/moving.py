"""Networks of the toolbox: from their motion spaces to the editor's channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from core.audio import AudioClip
from core.channels import CHANNELS
from core.errors import InputError
from core.neutral import Neutral

if TYPE_CHECKING:
    from models.toolbox.motion_model import MotionModel

ARKIT_SPACE = "arkit"


def moved(model: MotionModel, audio: AudioClip, progress: Callable[[float], None]) -> Neutral:
    """Let a network of the toolbox speak.

    Parameters
    ----------
    model : MotionModel
    audio : AudioClip
    progress : callable
        Given the share done; may raise `core.errors.Cancelled`.

    Raises
    ------
    InputError
        If the network predicts something that has no channels.
    """
    card = model.card
    if card.motion_space != ARKIT_SPACE:
        raise InputError(card.name, f"moves {card.motion_space}, which cannot be turned into channels yet")
    motion = model.speak(audio.mono(card.sample_rate), progress)
    weights = np.zeros((len(motion), len(CHANNELS)), np.float32)
    for column, name in enumerate(card.columns):
        if name in CHANNELS:
            weights[:, CHANNELS.index(name)] = np.clip(motion[:, column], 0.0, 1.0)
    return Neutral(card.fps, CHANNELS, weights, card.name)
