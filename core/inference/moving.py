"""Networks of the toolbox: from their motion spaces to the editor's channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from core.audio import AudioClip
from core.channels import CHANNELS
from core.errors import InputError
from core.inference.request import SPEAKER
from core.inference.solving import named, solved_weights
from core.mesh import Floats, Mesh
from core.neutral import Neutral
from core.rig import Rig
from core.templates.topology import rig_of

if TYPE_CHECKING:
    from models.toolbox.motion_model import MotionModel
    from models.toolbox.motion_space import RestFace

ARKIT_SPACE = "arkit"


def check_motion(model: MotionModel) -> None:
    """Make sure that what a network moves can be turned into channels.

    Raises
    ------
    InputError
        It cannot.
    """
    if model.card.motion_space != ARKIT_SPACE:
        _face(model)


def moved(
    model: MotionModel, audio: AudioClip, progress: Callable[[float], None], speaker: str = ""
) -> Neutral:
    """Let a network of the toolbox speak.

    Parameters
    ----------
    model : MotionModel
    audio : AudioClip
    progress : callable
        Given the share done; may raise `core.errors.Cancelled`.
    speaker : str
        In whose manner, of those the network knows; in nobody's where empty.

    Raises
    ------
    InputError
        If what the network moves is no face that is known, it knows no such speaker, or it hears through an
        encoder that is not found.
    """
    card = model.card
    if speaker and speaker not in card.speakers:
        known = f"one of {', '.join(card.speakers)}" if card.speakers else "known: it has one manner"
        raise InputError(card.name, f"{SPEAKER} {speaker!r} is not {known}")
    if card.motion_space == ARKIT_SPACE:
        motion = _spoken(model, audio, progress, speaker)
        weights = np.clip(named(motion, card.columns, CHANNELS), 0.0, 1.0)
        return Neutral(card.fps, CHANNELS, weights, card.name)
    rig, rest = _face(model)
    motion = _spoken(model, audio, progress, speaker)
    return Neutral(card.fps, CHANNELS, _weights(rig, rest, motion), card.name)


def _spoken(model: MotionModel, audio: AudioClip, progress: Callable[[float], None], speaker: str) -> Floats:
    from models.toolbox.encoder_folders import EncoderError

    try:
        return model.speak(audio.mono(model.card.sample_rate), progress, speaker)
    except EncoderError as error:
        raise InputError(model.card.name, str(error)) from error


def _face(model: MotionModel) -> tuple[Rig, RestFace]:
    """Return the face that a network moves, with channels and at rest."""
    name, rest = model.card.name, model.rest
    if rest is None:
        raise InputError(name, f"moves {model.card.motion_space}, which cannot be turned into channels")
    try:
        return rig_of(Mesh(rest.vertices, rest.face_sizes, rest.face_vertices, name=name)), rest
    except InputError as error:
        raise InputError(name, f"its vertices are of no face that is known ({error.reason})") from error


def _weights(rig: Rig, rest: RestFace, motion: Floats) -> Floats:
    """Weights of `CHANNELS` for displacements (F, D), whatever unit and place their face has."""
    from core.fitting.register import align  # brings what only fitting needs otherwise

    likeness = align(rest.vertices.astype(np.float64), rig.mesh.vertices.astype(np.float64))
    displaced = likeness.turn(motion.reshape(len(motion), -1, 3).astype(np.float64)).astype(np.float32)
    return named(solved_weights(rig.basis, displaced), rig.channels, CHANNELS)
