"""What every network of the toolbox is: sound features in, motion out, and its own losses.

Letters: B clips, F frames, I features of a frame, O coordinates of the motion space (standardised).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

Objective = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
VELOCITY = 10.0
"""Weight of the error of the frame-to-frame change against that of the value (Cudeiro et al. 2019)."""


class MotionNet(nn.Module, ABC):
    """Base of the toolbox's networks.

    Parameters
    ----------
    inputs, outputs : int
        I and O.

    Attributes
    ----------
    window : int
        Frames that are predicted at once in use; 0 where any length goes through whole.
    reach : int
        Frames to either side of a window that are read with it, and not kept. Where no frame depends on
        sound further away, windows join as if there were none.
    overlap : int
        Frames over which windows are faded into each other, where one frame depends on all others.
    remembers : bool
        Whether frames depend on those predicted before, which `go_on` hands from window to window.
    hears : bool
        Whether `hear` is an encoder, and takes most of the time.
    """

    window = 0
    reach = 0
    overlap = 0
    remembers = False
    hears = False

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.inputs, self.outputs = inputs, outputs

    @abstractmethod
    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict motion (B, F, O) from features (B, F, I), in evaluation."""

    def hear(
        self, features: torch.Tensor, progress: Callable[[float], None] = lambda _share: None
    ) -> torch.Tensor:
        """Make of the features of a whole sound what windows are cut from, (B, F, I or others).

        Parameters
        ----------
        features : tensor of shape (B, F, I)
        progress : callable
            Given the share done from time to time.
        """
        del progress
        return features

    def go_on(
        self,
        heard: torch.Tensor,
        kept: slice,
        past: Any = None,
        progress: Callable[[float], None] = lambda _share: None,
    ) -> tuple[torch.Tensor, Any]:
        """Predict some frames of a window, after those that were predicted before.

        Parameters
        ----------
        heard : tensor of shape (B, F, ...)
            Frames of `hear`.
        kept : slice
            Which of them are wanted, with `reach` around them where the sound has as much.
        past : object
            What the window before gave back; None where there is none.
        progress : callable
            Given the share of the window done, where it takes several steps.

        Returns
        -------
        tensor of shape (B, kept, O)
        object
            For the frames after these.
        """
        del past, progress
        return self.predict(heard)[:, kept], None

    def objectives(self) -> Mapping[str, tuple[nn.Module, Objective]]:
        """Parts that are trained in turn, each by an optimiser and a loss of its own; called as `loss`."""
        return {"net": (self, self.loss)}

    def loss(self, features: torch.Tensor, motion: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        """Loss of the whole.

        Parameters
        ----------
        features : tensor of shape (B, F, I)
        motion : tensor of shape (B, F, O)
        known : tensor of shape (B, F, O), bool
            What was measured; nothing else counts.
        """
        return reconstruction(self.taught(features, motion), motion, known)

    def taught(self, features: torch.Tensor, motion: torch.Tensor) -> torch.Tensor:
        """Predict (B, F, O) in training, where the true motion before each frame may be known."""
        del motion
        return self.predict(features)


def reconstruction(predicted: torch.Tensor, motion: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """Mean squared error of values and of their change, over what is known."""
    error = (predicted - motion) * known
    place = error.square().sum() / known.sum().clamp(min=1)
    pairs = known[:, 1:] & known[:, :-1]
    moved = ((predicted - motion).diff(dim=1) * pairs).square().sum() / pairs.sum().clamp(min=1)
    return place + VELOCITY * moved
