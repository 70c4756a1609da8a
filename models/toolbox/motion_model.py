"""A trained network of the toolbox, and speaking with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.toolbox.listening import listen
from models.toolbox.motion_card import MotionCard
from models.toolbox.motion_net import MotionNet
from models.toolbox.motion_space import Components, RestFace, with_style
from models.toolbox.windows import lay, windows

HEARING = 0.9
"""Share of the time that goes into hearing, where a pretrained encoder hears."""


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
            Given the share done after each window, or each step of it; what it raises ends the work.
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
        start, length = read.start + kept.start, kept.stop - kept.start

        def told(share: float, start: int = start, length: int = length) -> None:
            progress((start + share * length) / frames)

        part, past = net.go_on(heard[:, read], kept, past, told)
        lay(part, motion, start, net.overlap)
        told(1.0)
    return motion
