"""Lipsync while the sound still comes in: the same model and readout over the last seconds, again and again.

The network looks half a second ahead and levels what it hears by all of it; a stream waits for `LOOK_AHEAD`
only and knows the last `MEMORY` seconds. So it follows what `core.inference.engine.infer` gives for the whole
recording within a tolerance (models/README.md) instead of exactly. A network that remembers its own motion is
not asked again: it goes on from the last frame that was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.audio import AudioClip, Samples
from core.errors import InputError
from core.inference.engine import infer
from core.inference.models import load_any
from core.inference.moving import Moving
from core.inference.request import SPEAKER, InferenceRequest
from core.mesh import Floats

LOOK_AHEAD = 0.2
"""Seconds of sound after a frame that are heard before it is given."""
MEMORY = 8.0
"""Seconds of sound that are listened to each time."""


@dataclass
class LipsyncStream:
    """Gives frames as soon as their look-ahead has been heard.

    Attributes
    ----------
    model : str
        Name of a model or path of a checkpoint, a network of the toolbox as well.
    settings : mapping of str to str
        Of `core.inference.request.SETTINGS`.

    Raises
    ------
    InputError
        The model is unknown, or cannot be played, or knows no such speaker.
    """

    model: str = "default"
    settings: Mapping[str, str] = field(default_factory=dict)
    _heard: Samples = field(default_factory=lambda: np.empty(0, np.float32), repr=False)
    _first: int = 0
    _given: int = 0
    _moving: Moving | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._moving = _moving(self.model, self.settings)

    @property
    def fps(self) -> float:
        """Frames per second."""
        return float(load_any(self.model).card.fps)

    def feed(self, samples: Samples) -> Floats:
        """Hear more sound.

        Parameters
        ----------
        samples : ndarray of shape (N,), float32
            Mono at the model's sample rate; any number of them.

        Returns
        -------
        ndarray of shape (F, C), float32
            Weights of the channels of `core.channels.CHANNELS` in the frames that are ready now, often none.

        Raises
        ------
        InputError
            If samples are not numbers (NaN or infinity); nothing of them is heard.
        """
        if not np.isfinite(samples).all():
            raise InputError("stream", "samples that are not numbers (NaN or infinity)")
        self._heard = np.concatenate([self._heard, samples.astype(np.float32)])
        return self._up_to(self._frames(self._end - round(LOOK_AHEAD * self._rate)))

    def finish(self) -> Floats:
        """Return the frames that are left when no more sound comes, (F, C)."""
        return self._up_to(self._frames(self._end) + 1 if self._end else 0)

    @property
    def _end(self) -> int:
        return self._first + len(self._heard)

    def _frames(self, samples: int) -> int:
        return samples * round(self.fps) // self._rate

    @property
    def _rate(self) -> int:
        return int(load_any(self.model).card.sample_rate)

    def _up_to(self, frame: int) -> Floats:
        if frame <= self._given:
            return np.empty((0, 0), np.float32)
        start = self._frames(self._first)
        ready = self._weights(slice(self._given - start, frame - start))
        self._given += len(ready)
        self._forget()
        return ready

    def _weights(self, wanted: slice) -> Floats:
        """Weights in some frames of what is held, (F, C)."""
        if self._moving:
            return self._moving.frames(self._heard, wanted)
        clip = AudioClip(self._heard[None], self._rate, "stream")
        return infer(InferenceRequest(clip, self.model, self.settings)).weights[wanted]

    def _forget(self) -> None:
        """Drop sound that is out of memory, by whole frames of the features and of 25, 30 or 60 Hz."""
        step = self._rate // 5
        spare = (len(self._heard) - round(MEMORY * self._rate)) // step * step
        if spare > 0:
            self._heard, self._first = self._heard[spare:], self._first + spare


def _moving(name: str, settings: Mapping[str, str]) -> Moving | None:
    """Make what goes on from its own motion; None of a model that is asked again and again."""
    from models.checkpoint import Checkpoint

    model = load_any(name)
    if isinstance(model, Checkpoint) or not model.net.remembers:
        return None
    return Moving(model, settings.get(SPEAKER, ""))
