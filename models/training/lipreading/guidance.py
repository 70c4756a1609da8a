"""Training that a lip-reader watches: its opinion of the rendered prediction has a gradient.

After the audio-visual guidance of Han et al. (Interspeech 2024). The reader is frozen and no part of the
network. What the prediction ought to be read as is what the reader makes of the truth, and of the sound where
the network hears one that the reader understands: so datasets need no transcripts.

Letters: B clips, F frames of the motion, G frames at the reader's rate, O coordinates that are predicted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from models.toolbox.motion_net import MotionNet, reconstruction
from models.training.lipreading.auto_avsr import AutoAvsr
from models.training.lipreading.mouth_decoder import MouthDecoder
from models.training.lipreading.reader import FPS, LipReader, Reading
from models.training.lipreading.renderer import MouthRenderer
from models.training.lipreading.transcripts import best_path, padded

TINY = 1e-8
"""Keeps a division by the length of a gradient from failing where there is none."""


@dataclass(frozen=True)
class GuidanceConfig:
    """How much the lips count.

    Attributes
    ----------
    lips : float
        Weight of the mean squared distance of lip vertices, in mm².
    reading : float
        How hard the reader's opinion pulls at a motion, of how hard all else does: its gradient is made so
        long. Left as it is it would be hundreds of times as long.
    every : int
        It is asked in one step of so many, at random.
    clips : int
        How many of a batch it is shown.
    seconds : float
        How much of each.
    after : int
        Steps before it is asked first.
    features, frames, words : float
        What its opinion is made of: features, what is seen at each frame, and transcripts.
    """

    lips: float = 0.02
    reading: float = 0.5
    every: int = 4
    clips: int = 1
    seconds: float = 1.6
    after: int = 0
    features: float = 1.0
    frames: float = 1.0
    words: float = 1.0


class Expert:
    """A frozen lip-reader, and the renderer that it watches.

    Parameters
    ----------
    reader : LipReader or AutoAvsr
    decoder : MouthDecoder
        From a motion space.
    """

    def __init__(self, reader: LipReader | AutoAvsr, decoder: MouthDecoder) -> None:
        self.reader = reader.eval().requires_grad_(False)
        self.decoder = decoder
        self.render = MouthRenderer(decoder.mouth, reader.size)

    def watch(self, motion: torch.Tensor, sound: torch.Tensor | None = None) -> Reading:
        """Read a motion (B, G, D) at the reader's rate."""
        reading: Reading = self.reader(self.render(self.decoder(motion)), sound)
        return reading

    def disagreement(
        self,
        predicted: torch.Tensor,
        truth: torch.Tensor,
        sound: torch.Tensor | None,
        config: GuidanceConfig = GuidanceConfig(),
    ) -> torch.Tensor:
        """Tell how differently a prediction is read from the truth.

        Features and frames are compared with those of the truth's pictures; transcripts (by CTC and by the
        decoder that attends) with what pictures and sound together say.

        Parameters
        ----------
        predicted, truth : tensor of shape (B, G, D)
        sound : tensor of shape (B, G, A), or None
        config : GuidanceConfig
            What counts how much.
        """
        with torch.no_grad():
            seen = self.watch(truth)
            said = seen if sound is None else self.watch(truth, sound)
            transcripts = padded([best_path(each) for each in said.ctc])
        found = self.watch(predicted)
        apart = 1 - nn.functional.cosine_similarity(found.hidden, seen.hidden, dim=2).mean()
        frames = (
            nn.functional.kl_div(found.frames, seen.frames, log_target=True, reduction="none").sum(2).mean()
        )
        said_so = self.reader.unread(found, transcripts)
        return config.features * apart + config.frames * frames + config.words * said_so


@dataclass(frozen=True, eq=False)
class Guide:
    """What the lips add to a network's loss.

    Attributes
    ----------
    mean, scale : tensor of shape (O,)
        The network's answers are standardised by these.
    fps : float
        Of the motion.
    hear : callable or None
        Makes of the network's features (B, F, I) and of times (G,), in frames, what the reader hears.
    """

    expert: Expert
    mean: torch.Tensor
    scale: torch.Tensor
    fps: float
    config: GuidanceConfig
    hear: Callable[[torch.Tensor, torch.Tensor], torch.Tensor] | None = None

    def loss(
        self,
        features: torch.Tensor,
        predicted: torch.Tensor,
        motion: torch.Tensor,
        known: torch.Tensor,
        asking: bool = True,
    ) -> torch.Tensor:
        """Weigh standardised answers (B, F, O): themselves, their lips, and at times how they are read."""
        answer, truth = (self._moved(torch.where(known, each, 0)) for each in (predicted, motion))
        lips = self._lips(answer, truth).to(predicted)
        lost = reconstruction(predicted, motion, known) + self.config.lips * lips
        # From the generator that the loop seeds for each step: a resumed run asks at the same steps.
        if torch.rand(()) * self.config.every >= 1 or not self.config.reading or not asking:
            return lost
        (pull,) = torch.autograd.grad(lost, predicted, retain_graph=True)
        with torch.autocast("cpu", enabled=False):
            found = self._opinion(features.float().cpu(), answer.detach(), truth).to(pull) * known
        found = found * (self.config.reading * pull.norm() / (found.norm() + TINY))
        pulled: torch.Tensor = lost + (found * (predicted - predicted.detach())).sum()
        return pulled

    def _opinion(self, features: torch.Tensor, answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        """Gradient of the reader's opinion with respect to the standardised answer, (B, F, O)."""
        asked = answer.requires_grad_()
        (found,) = torch.autograd.grad(self._reading(features, asked, truth), asked)
        return found * self.scale

    def _moved(self, standardised: torch.Tensor) -> torch.Tensor:
        # The mouth is small, and rendered where the reader is; what is unknown is alike in both.
        return standardised.float().cpu() * self.scale + self.mean

    def _lips(self, answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        decoder = self.expert.decoder
        apart = (decoder.lips(answer) - decoder.lips(truth)) * decoder.mouth.millimetres
        return apart.square().sum(-1).mean()

    def _reading(self, features: torch.Tensor, answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        shown = min(len(answer), self.config.clips)
        times = self._times(answer.shape[1])
        sound = None if self.hear is None else self.hear(features[:shown], times)
        seen = (at(answer[:shown], times), at(truth[:shown], times))
        return self.expert.disagreement(*seen, sound, self.config)

    def _times(self, frames: int) -> torch.Tensor:
        """Moments of a piece at the reader's rate, in frames of the motion, (G,)."""
        ratio = self.fps / FPS
        count = int(min(self.config.seconds * FPS, (frames - 1) / ratio + 1))
        room = frames - 1 - (count - 1) * ratio
        return torch.rand(()) * room + torch.arange(count) * ratio


def at(motion: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
    """Interpolate (B, F, ...) at times in frames, (G,)."""
    before = times.floor().long().clamp(0, motion.shape[1] - 1)
    after = (before + 1).clamp(max=motion.shape[1] - 1)
    return torch.lerp(motion[:, before], motion[:, after], (times - before)[:, None].to(motion))


class GuidedNet(MotionNet):
    """A network that learns as it would, and from a guide as well.

    The guide is no module of it: the optimiser does not see it, and no file holds it.

    Parameters
    ----------
    inner : MotionNet
        One that predicts in training what it predicts in use.
    guide : Guide
    """

    taught_so_far: torch.Tensor

    def __init__(self, inner: MotionNet, guide: Guide) -> None:
        super().__init__(inner.inputs, inner.outputs)
        self.inner, self.guide = inner, guide
        self.register_buffer("taught_so_far", torch.zeros((), dtype=torch.long))
        self.window, self.reach, self.overlap = inner.window, inner.reach, inner.overlap

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        """Predict as the network does."""
        return self.inner.predict(features)

    def loss(self, features: torch.Tensor, motion: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        """Add what the guide says of the same prediction."""
        asking = int(self.taught_so_far) >= self.guide.config.after
        self.taught_so_far += 1
        return self.guide.loss(features, self.inner.taught(features, motion), motion, known, asking)
