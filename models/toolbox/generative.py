"""A Transformer that draws what the sound leaves open: a variational one, and one judged by a critic."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from models.toolbox.attention import encoder
from models.toolbox.motion_net import MotionNet, Objective, reconstruction
from models.toolbox.transformer import TransformerNet

DIVERGENCE = 0.005
"""Weight of the distance of the latent from a normal one (Kingma and Welling 2014)."""
JUDGED = 0.02
"""Weight of the critic's opinion."""


class VariationalNet(MotionNet):
    """A latent for a whole clip, read off the motion in training; its mean speaks in use."""

    window = TransformerNet.window

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        width: int = 128,
        layers: int = 3,
        heads: int = 4,
        latent: int = 16,
    ) -> None:
        super().__init__(inputs, outputs)
        self.latent = latent
        self.read = nn.Sequential(nn.Linear(outputs, width), nn.GELU())
        self.summary = encoder(width, 1, heads, 0.1)
        self.moments = nn.Linear(width, 2 * latent)
        self.speak = TransformerNet(inputs + latent, outputs, width=width, layers=layers, heads=heads)
        self.reach = self.speak.reach

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict the most likely motion (B, F, O)."""
        return self._spoken(features, features.new_zeros(len(features), self.latent))

    def loss(self, features: torch.Tensor, motion: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        """Reconstruct through the latent, and keep it normal."""
        mean, spread = self.moments(self.summary(self.read(motion)).mean(1)).chunk(2, dim=1)
        drawn = mean + (0.5 * spread).exp() * torch.randn_like(mean)
        divergence: torch.Tensor = 0.5 * (mean.square() + spread.exp() - 1 - spread).sum(1).mean()
        return reconstruction(self._spoken(features, drawn), motion, known) + DIVERGENCE * divergence

    def _spoken(self, features: torch.Tensor, latent: torch.Tensor) -> torch.Tensor:
        told = latent[:, None].expand(-1, features.shape[1], -1)
        return self.speak.predict(torch.cat([features, told], dim=2))


class Critic(nn.Module):
    """Judges stretches of motion, its change, and the sound that goes with them (after Isola et al. 2017)."""

    def __init__(self, inputs: int, outputs: int, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(inputs + 2 * outputs, width, 5, stride=2, padding=2),
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, width, 5, stride=2, padding=2),
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, 1, 5, padding=2),
        )

    def forward(self, features: torch.Tensor, motion: torch.Tensor) -> torch.Tensor:
        """How true each stretch looks, (B, stretches)."""
        change = nn.functional.pad(motion.diff(dim=1), (0, 0, 1, 0))
        opinion: torch.Tensor = self.body(torch.cat([features, motion, change], dim=2).transpose(1, 2))
        return opinion.flatten(1)


class AdversarialNet(MotionNet):
    """The Transformer with a critic that tells its motion from the true one, hinge losses on both sides."""

    window = TransformerNet.window

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        width: int = 128,
        layers: int = 3,
        heads: int = 4,
        critic: int = 64,
    ) -> None:
        super().__init__(inputs, outputs)
        self.speak = TransformerNet(inputs, outputs, width=width, layers=layers, heads=heads)
        self.reach = self.speak.reach
        self.critic = Critic(inputs, outputs, critic)

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict motion (B, F, O)."""
        return self.speak.predict(features)

    def objectives(self) -> Mapping[str, tuple[nn.Module, Objective]]:
        """Speaker and critic."""
        return {"speaker": (self.speak, self.loss), "critic": (self.critic, self.tell_apart)}

    def loss(self, features: torch.Tensor, motion: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        """Please the critic and keep near the truth."""
        predicted = self.predict(features)
        opinion: torch.Tensor = self.critic(features, predicted).mean()
        return reconstruction(predicted, motion, known) - JUDGED * opinion

    def tell_apart(self, features: torch.Tensor, motion: torch.Tensor, _known: torch.Tensor) -> torch.Tensor:
        """Tell true motion from made."""
        with torch.no_grad():
            predicted = self.predict(features)
        true, made = self.critic(features, motion), self.critic(features, predicted)
        apart: torch.Tensor = nn.functional.relu(1 - true).mean() + nn.functional.relu(1 + made).mean()
        return apart
