"""Denoising diffusion (Ho et al. 2020) with classifier-free guidance (Ho and Salimans 2022) and DDIM."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from models.toolbox.attention import PERIOD, SPAN, encoded, encoder, positions
from models.toolbox.motion_net import MotionNet, reconstruction
from models.toolbox.windows import windows

STEPS = 200
"""Of the chain that is learnt, with a cosine course of noise (Nichol and Dhariwal 2021)."""
DROPPED = 0.1
"""Share of clips whose sound is taken away in training, for guidance to know what the sound adds."""


class DiffusionNet(MotionNet):
    """Predicts the clean motion from a noisy one and the sound.

    Parameters
    ----------
    guidance : float
        1 follows the sound as learnt, more exaggerates what it adds.
    draws : int
        Steps of DDIM in use (Song et al. 2021); always from the same noise, so that the same sound gives the
        same motion.
    """

    denoised = 8 * PERIOD
    """Frames denoised at once: each step is taken over the whole length before the next, without seams."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        width: int = 128,
        layers: int = 3,
        heads: int = 4,
        guidance: float = 1.3,
        draws: int = 10,
    ) -> None:
        super().__init__(inputs, outputs)
        self.depth = layers * SPAN
        self.guidance, self.draws = guidance, draws
        self.into = nn.Linear(outputs, width)
        self.listen = nn.Sequential(nn.Linear(inputs, width), nn.GELU(), nn.Linear(width, width))
        self.unheard = nn.Parameter(torch.zeros(width))
        self.when = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))
        self.body = encoder(width, layers, heads, 0.1)
        self.out = nn.Linear(width, outputs)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Draw motion (B, F, O)."""
        return self._drawn(features)

    def go_on(
        self,
        heard: torch.Tensor,
        kept: slice,
        past: None = None,
        progress: Callable[[float], None] = lambda _share: None,
    ) -> tuple[torch.Tensor, None]:
        """Draw some frames of a window, telling of each step."""
        del past
        return self._drawn(heard, progress)[:, kept], None

    def _drawn(
        self, features: torch.Tensor, progress: Callable[[float], None] = lambda _share: None
    ) -> torch.Tensor:
        heard = self.listen(features)
        unheard = self.unheard.expand_as(heard)
        source = torch.Generator().manual_seed(0)
        shape = (*features.shape[:2], self.outputs)
        noisy = torch.randn(shape[1:], generator=source).to(features).expand(shape)
        times = torch.linspace(1.0, 0.0, self.draws + 1)
        for now, then in zip(times[:-1].tolist(), times[1:].tolist(), strict=True):
            clean = self._whole(noisy, heard, now)
            if self.guidance != 1:
                clean = clean + (self.guidance - 1) * (clean - self._whole(noisy, unheard, now))
            kept, left = _shares(now), _shares(then)
            noise = (noisy - kept[0] * clean) / max(kept[1], 1e-4)
            noisy = left[0] * clean + left[1] * noise
            progress(1.0 - then)
        return noisy

    def loss(self, features: torch.Tensor, motion: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        """Clean motion of a random degree of noise."""
        steps = torch.randint(1, STEPS + 1, (len(motion),))
        shares = torch.tensor([_shares(step / STEPS) for step in steps.tolist()]).to(motion)[:, :, None, None]
        noisy = shares[:, 0] * motion + shares[:, 1] * torch.randn_like(motion)
        heard = self.listen(features)
        dropped = (torch.rand(len(heard), 1, 1) < DROPPED).to(heard.device)
        heard = torch.where(dropped, self.unheard.expand_as(heard), heard)
        return reconstruction(self._clean(noisy, heard, steps.to(motion) / STEPS), motion, known)

    def _whole(self, noisy: torch.Tensor, heard: torch.Tensor, time: float) -> torch.Tensor:
        parts = [
            self._clean(noisy[:, read], heard[:, read], time)[:, kept]
            for read, kept in windows(noisy.shape[1], self.denoised, self.depth)
        ]
        return torch.cat(parts, dim=1)

    def _clean(self, noisy: torch.Tensor, heard: torch.Tensor, time: torch.Tensor | float) -> torch.Tensor:
        width = heard.shape[2]
        course = torch.as_tensor(time, dtype=heard.dtype, device=heard.device).reshape(-1, 1)
        angles = course * 1000.0 ** (torch.arange(width // 2).to(heard) / (width // 2))
        when = self.when(torch.cat([angles.sin(), angles.cos()], dim=1))[:, None]
        hidden = self.into(noisy) + heard + when + positions(heard.shape[1], width, PERIOD).to(heard)
        predicted: torch.Tensor = self.out(encoded(self.body, hidden))
        return predicted


def _shares(time: float) -> tuple[float, float]:
    """Shares of motion and of noise after this much of the chain, 0..1."""
    angle = torch.tensor(0.5 * torch.pi * min(max(time, 0.0), 0.999))
    return float(angle.cos()), float(angle.sin())
