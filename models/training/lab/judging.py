"""How far predictions are from the truth, beside two answers that need no ears."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from models.toolbox.motion_net import MotionNet
from models.training.datasets.line import Floats
from models.training.lab.examples import Example, Standard


@dataclass(frozen=True)
class Judgement:
    """Root mean squared errors over known frames, in standard deviations of each coordinate.

    Attributes
    ----------
    error : float
        Of the network.
    mean_face : float
        Of the mean motion of the training lines.
    shuffled : float
        Of the network hearing another line's sound.
    """

    error: float
    mean_face: float
    shuffled: float


@torch.inference_mode()
def predicted(net: MotionNet, features: Floats) -> Floats:
    """Standardised motion (F, O) of one sound, whole."""
    net.eval()
    device = next(net.parameters()).device
    heard = torch.from_numpy(np.require(features, requirements="W"))[None]
    return np.asarray(net.predict(heard.to(device))[0].cpu().numpy(), np.float32)


def error_of(examples: Sequence[Example], standard: Standard, answer: Callable[[int], Floats]) -> float:
    """Root mean squared error of standardised answers, by the example's number."""
    total, count = 0.0, 0
    for number, each in enumerate(examples):
        truth = (each.moved() - standard.mean) / standard.scale
        frames = min(len(truth), len(guess := answer(number)))
        known = each.known[:frames] & standard.moves
        total += float((((guess[:frames] - truth[:frames]) ** 2) * known).sum())
        count += int(known.sum())
    return float(np.sqrt(total / max(count, 1)))


def judge(net: MotionNet, examples: Sequence[Example], standard: Standard) -> Judgement:
    """Judge a network on lines it has not seen; a lone one's other sound is its own, half of it later."""
    outputs = [predicted(net, each.features) for each in examples]
    still = np.zeros((1, len(standard.mean)), np.float32)
    others = [outputs[(number + len(outputs) // 2) % len(outputs)] for number in range(len(outputs))]
    if len(others) == 1:
        others = [np.roll(others[0], len(others[0]) // 2, axis=0)]
    return Judgement(
        error_of(examples, standard, outputs.__getitem__),
        error_of(examples, standard, lambda n: np.repeat(still, len(examples[n].motion), axis=0)),
        error_of(examples, standard, others.__getitem__),
    )
