"""How a speaking face wears an emotion: made once for a recording, scaled by the painted curve ever after.

A network (`models.residual`) makes it from the neutral lipsync, the voice and the one pose of the emotion, so
a new emotion needs no more than a pose. Painting only multiplies.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from core.channels import PARTS
from core.document import Document
from core.errors import InputError
from core.mesh import Floats
from core.neutral import Neutral
from core.paths import RESIDUAL_MODEL
from emotion.voice import Voice

if TYPE_CHECKING:
    from models.residual import ResidualNet

RESIDUAL = "emotion.residual"
"""Setting: how emotions follow the speech, one of `KINDS`; a pose held as it is in the second."""
KINDS = ("learned", "constant")
DRIFT_SEED = 1
HIGHEST_LIPS, HIGHEST = 1.0, 1.2
"""Weight that an accent may lift a channel to: past 1 lips crease, brows do not."""


def is_learned(document: Document) -> bool:
    """Tell whether a document's emotions follow the speech.

    Raises
    ------
    InputError
        If the setting is neither of `KINDS`.
    """
    kind = document.settings.get(RESIDUAL, KINDS[0])
    if kind not in KINDS:
        raise InputError(RESIDUAL, f"{kind!r} is not one of {', '.join(KINDS)}")
    return kind == KINDS[0]


def worn(pose: Floats, neutral: Neutral, voice: Voice) -> Neutral:
    """Let the network wear an emotion through a recording.

    Parameters
    ----------
    pose : ndarray of shape (C,)
        At full intensity, in the order of the neutral's channels.
    neutral : Neutral
    voice : Voice

    Returns
    -------
    Neutral
        Residual at full intensity, with the columns of ``neutral``; a channel that the network does not know
        stays at the pose.
    """
    from models.residual import drift, residual_of, voice_tracks

    net = _network()
    fps = net.config.fps
    times = np.arange(max(int(neutral.duration * fps) + 1, 1)) / fps
    heard = np.arange(len(voice.loudness)) / voice.fps
    loudness, stress = (
        np.interp(times, heard, each).astype(np.float32) for each in (voice.loudness, voice.stress)
    )
    known = [name for name in net.config.channels if name in neutral.channels]
    ours = [neutral.channels.index(name) for name in known]
    theirs = [net.config.channels.index(name) for name in known]
    spoken = np.zeros((len(times), len(net.config.channels)), np.float32)
    spoken[:, theirs] = neutral.sample(times)[:, ours]
    given = np.zeros(len(net.config.channels), np.float32)
    given[theirs] = pose[ours]
    tracks = voice_tracks(loudness, stress, drift(len(times), fps, DRIFT_SEED))
    weights = np.tile(pose, (len(times), 1))
    weights[:, ours] = residual_of(net, spoken, tracks, given)[:, theirs]
    highest = [HIGHEST_LIPS if name in PARTS["lips"] else HIGHEST for name in neutral.channels]
    weights = np.minimum(weights, np.maximum(np.asarray(highest, np.float32), pose))
    return Neutral(fps, neutral.channels, weights)


@cache
def _network() -> ResidualNet:
    from models.residual import load_residual

    return load_residual(RESIDUAL_MODEL)
