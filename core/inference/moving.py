"""Networks of the toolbox: from their motion spaces to the editor's channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from core.audio import AudioClip, Samples
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
Spoken = TypeVar("Spoken")


def check_motion(model: MotionModel) -> None:
    """Make sure that what a network moves can be turned into channels.

    Raises
    ------
    InputError
        It cannot.
    """
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
    _check_speaker(model, speaker)
    face = _face(model)
    motion = _spoken(model, lambda: model.speak(audio.mono(card.sample_rate), progress, speaker))
    return Neutral(card.fps, CHANNELS, _weights(model, face, motion), card.name)


class Moving:
    """A network that remembers, moving to a sound that still comes in: each frame is predicted once.

    Parameters
    ----------
    model : MotionModel
        Whose network `remembers`.
    speaker : str
        As `moved`.

    Raises
    ------
    InputError
        As `moved`.
    """

    def __init__(self, model: MotionModel, speaker: str = "") -> None:
        _check_speaker(model, speaker)
        self._model, self._speaker, self._face = model, speaker, _face(model)
        self._past: object = None

    def frames(self, samples: Samples, wanted: slice) -> Floats:
        """Give the coming frames.

        Parameters
        ----------
        samples : ndarray of shape (N,), float32
            Mono at the card's sample rate: the sound of these frames, and of some before and after.
        wanted : slice
            Frames of it; the first follows the last that was given.

        Returns
        -------
        ndarray of shape (F, C), float32
            Weights of the channels of `core.channels.CHANNELS`.

        Raises
        ------
        InputError
            As `moved`.
        """
        motion, self._past = _spoken(
            self._model, lambda: self._model.speak_on(samples, wanted, self._past, self._speaker)
        )
        return _weights(self._model, self._face, motion)


def _check_speaker(model: MotionModel, speaker: str) -> None:
    card = model.card
    if speaker and speaker not in card.speakers:
        known = f"one of {', '.join(card.speakers)}" if card.speakers else "known: it has one manner"
        raise InputError(card.name, f"{SPEAKER} {speaker!r} is not {known}")


def _spoken(model: MotionModel, speak: Callable[[], Spoken]) -> Spoken:
    from models.toolbox.encoder_folders import EncoderError

    try:
        return speak()
    except EncoderError as error:
        raise InputError(model.card.name, str(error)) from error


def _face(model: MotionModel) -> tuple[Rig, RestFace] | None:
    """Return the face that a network moves, with channels and at rest; None where it moves channels."""
    name, rest = model.card.name, model.rest
    if model.card.motion_space == ARKIT_SPACE:
        return None
    if rest is None:
        raise InputError(name, f"moves {model.card.motion_space}, which cannot be turned into channels")
    try:
        return rig_of(Mesh(rest.vertices, rest.face_sizes, rest.face_vertices, name=name)), rest
    except InputError as error:
        raise InputError(name, f"its vertices are of no face that is known ({error.reason})") from error


def _weights(model: MotionModel, face: tuple[Rig, RestFace] | None, motion: Floats) -> Floats:
    """Weights of `CHANNELS` for a motion (F, D)."""
    if face is None:
        return np.clip(named(motion, model.card.columns, CHANNELS), 0.0, 1.0)
    return _solved(*face, motion)


def _solved(rig: Rig, rest: RestFace, motion: Floats) -> Floats:
    """Weights of `CHANNELS` for displacements (F, D), whatever unit and place their face has."""
    from core.fitting.register import align  # brings what only fitting needs otherwise

    likeness = align(rest.vertices.astype(np.float64), rig.mesh.vertices.astype(np.float64))
    displaced = likeness.turn(motion.reshape(len(motion), -1, 3).astype(np.float64)).astype(np.float32)
    return named(solved_weights(rig.basis, displaced), rig.channels, CHANNELS)
