"""Residual editable lipsync as published (Du): a Transformer and its diffusion twin, of 30 frames at most.

Both hear windows of DeepSpeech's letters, standardised as in training, and predict standardised principal
components of displacements. Their positions are learnt for 30 frames, so that longer sounds go through in
windows that overlap.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

from models.toolbox.motion_net import MotionNet

HEADS = 8
TINY = 1e-9
"""Added to a spread before dividing by it."""
UNTOUCHED = 1e-4
"""Share of the noise's variance in the first step of the chain; it grows evenly up to `LOST`."""
LOST = 0.02


class _Editable(MotionNet):
    """What both have: how the sound was standardised, and learnt positions."""

    audio_mean: torch.Tensor
    audio_std: torch.Tensor

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        self.register_buffer("audio_mean", torch.zeros(inputs))
        self.register_buffer("audio_std", torch.ones(inputs))

    def standardised(self, features: torch.Tensor) -> torch.Tensor:
        return (features - self.audio_mean) / (self.audio_std + TINY)


def _encoder(width: int, layers: int, dropout: float) -> nn.TransformerEncoder:
    layer = nn.TransformerEncoderLayer(width, HEADS, width, dropout, batch_first=True)
    return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


class PublishedEditableTransformer(_Editable):
    """A Transformer encoder over 30 frames.

    Parameters
    ----------
    longest : int
        Frames that it has positions for.
    """

    def __init__(
        self, inputs: int, outputs: int, *, width: int = 512, layers: int = 2, longest: int = 30
    ) -> None:
        super().__init__(inputs, outputs)
        self.window, self.overlap = longest, longest // 2
        self.input_proj = nn.Linear(inputs, width)
        self.pos_embed = nn.Parameter(torch.randn(1, longest, width))
        self.transformer = _encoder(width, layers, 0.5)
        self.output_proj = nn.Linear(width, outputs)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict components (B, F, O); F is `window` at most."""
        hidden = self.input_proj(self.standardised(features)) + self.pos_embed[:, : features.shape[1]]
        predicted: torch.Tensor = self.output_proj(self.transformer(hidden))
        return predicted


class Denoiser(nn.Module):
    """Tells the noise in a motion from the motion."""

    def __init__(self, inputs: int, outputs: int, width: int, layers: int, longest: int) -> None:
        super().__init__()
        self.pose_input_proj = nn.Linear(outputs, width)
        self.audio_proj = nn.Linear(inputs, width)
        self.pos_embed = nn.Parameter(torch.randn(1, longest, width))
        self.time_embed = nn.Sequential(nn.Linear(1, width), nn.ReLU(), nn.Linear(width, width))
        self.transformer = _encoder(width, layers, 0.1)
        self.output_proj = nn.Linear(width, outputs)

    def forward(self, noisy: torch.Tensor, heard: torch.Tensor, time: float) -> torch.Tensor:
        """Noise (B, F, O) in a motion, after a share of the chain."""
        when = self.time_embed(noisy.new_tensor([[time]]))
        place = self.pos_embed[:, : noisy.shape[1]]
        hidden = self.pose_input_proj(noisy) + self.audio_proj(heard) + place + when
        noise: torch.Tensor = self.output_proj(self.transformer(hidden))
        return noise


class PublishedEditableDiffusion(_Editable):
    """Noise taken out step by step (Ho et al. 2020), guided by the sound (Ho and Salimans 2022).

    Published draws take all steps of the chain and differ each time. Here some steps of DDIM (Song et al.
    2021) start from the same noise always; windows agree at each step, so that no seam comes up.

    Parameters
    ----------
    steps : int
        Of the chain that was learnt.
    draws : int
        Steps of it that are taken.
    guidance : float
        1 follows the sound as learnt, more exaggerates what it adds.
    """

    sqrtab: torch.Tensor
    sqrtmab: torch.Tensor

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        width: int = 512,
        layers: int = 4,
        longest: int = 30,
        steps: int = 1000,
        draws: int = 20,
        guidance: float = 2.0,
    ) -> None:
        super().__init__(inputs, outputs)
        self.longest, self.steps, self.draws, self.guidance = longest, steps, draws, guidance
        self.nn_model = Denoiser(inputs, outputs, width, layers, longest)
        for name, values in chain(steps).items():
            self.register_buffer(name, values)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Draw components (B, F, O) of any length."""
        heard = self.standardised(features)
        source = torch.Generator().manual_seed(0)
        shape = (*features.shape[:2], self.outputs)
        noisy = torch.randn(shape[1:], generator=source).to(features).expand(shape)
        windows = _Windows(features.shape[1], self.longest)
        course = torch.linspace(self.steps, 0, self.draws + 1).round().long().tolist()
        for now, then in pairwise(course):
            noise = windows.joined(self._noise(windows.cut(noisy), windows.cut(heard), now / self.steps))
            clean = (noisy - self.sqrtmab[now] * noise) / self.sqrtab[now]
            noisy = self.sqrtab[then] * clean + self.sqrtmab[then] * noise if then else clean
        return noisy

    def _noise(self, noisy: torch.Tensor, heard: torch.Tensor, time: float) -> torch.Tensor:
        unheard: torch.Tensor = self.nn_model(noisy, torch.zeros_like(heard), time)
        told: torch.Tensor = self.nn_model(noisy, heard, time) - unheard
        return unheard + self.guidance * told


def chain(steps: int) -> dict[str, torch.Tensor]:
    """Course of the noise, each of shape (steps + 1,), by the names that checkpoints store it under."""
    beta = UNTOUCHED + (LOST - UNTOUCHED) * torch.arange(steps + 1) / steps
    alpha = 1 - beta
    left = alpha.log().cumsum(0).exp()
    return {
        "sqrt_beta_t": beta.sqrt(),
        "alpha_t": alpha,
        "oneover_sqrta": 1 / alpha.sqrt(),
        "alphabar_t": left,
        "sqrtab": left.sqrt(),
        "sqrtmab": (1 - left).sqrt(),
        "mab_over_sqrtmab": beta / (1 - left).sqrt(),
    }


class _Windows:
    """Cuts a course of frames into windows that overlap by half, and joins what was made of them."""

    def __init__(self, frames: int, longest: int) -> None:
        size = min(frames, longest)
        starts = [*range(0, frames - size, max(size // 2, 1)), frames - size]
        self.places = torch.tensor(starts)[:, None] + torch.arange(size)
        # Towards its ends a window counts less: it knows less of what is around.
        self.weights = torch.minimum(torch.arange(1, size + 1), torch.arange(size, 0, -1))[:, None].float()
        self.sums = torch.zeros(frames, 1).index_add_(
            0, self.places.flatten(), self.weights.repeat(len(starts), 1)
        )

    def cut(self, course: torch.Tensor) -> torch.Tensor:
        """(B, F, C) to (B * windows, size, C)."""
        return course[:, self.places].flatten(0, 1)

    def joined(self, windows: torch.Tensor) -> torch.Tensor:
        """(B * windows, size, C) to (B, F, C)."""
        weighted = (windows * self.weights).reshape(-1, self.places.numel(), windows.shape[2])
        whole = weighted.new_zeros(len(weighted), len(self.sums), weighted.shape[2])
        return whole.index_add(1, self.places.flatten(), weighted) / self.sums
