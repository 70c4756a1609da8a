"""Films of a mouth that speaks, with what it says: what lip-readers learn on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.library import default_rig
from models.phones import Segment
from models.toolbox.listening import listen
from models.training.datasets.arkit import CHANNELS
from models.training.lipreading.mouth_decoder import MouthDecoder, rig_mouth
from models.training.lipreading.reader import FPS
from models.training.lipreading.renderer import MouthRenderer
from models.training.synthetic.lines import SPEAKERS, labelled_lines

EAR = "mel"
HELD_OUT = SPEAKERS[-2:]
"""Speakers that no lip-reader learns on."""
STRENGTHS = (0.75, 1.2)
"""By how much a line's articulation is weakened or exaggerated."""
AT_ONCE = 20
"""Frames rendered at once: what fits into the processor's cache is fastest."""


@dataclass(frozen=True, eq=False)
class Film:
    """One line.

    Attributes
    ----------
    video : ndarray of shape (F, S, S), uint8
    sound : ndarray of shape (F, A), float32
    segments : tuple of Segment
        Which phone is when.
    """

    speaker: str
    video: NDArray[np.uint8]
    sound: NDArray[np.float32]
    segments: tuple[Segment, ...]


def default_mouth() -> MouthDecoder:
    """Return the mouth of the head that ships with the program, moved by ARKit's channels."""
    return rig_mouth(default_rig(), CHANNELS)


def films(count: int, seed: int, size: int) -> Iterator[Film]:
    """Speak lines and film the mouth of the default head; the speakers in turn.

    Parameters
    ----------
    size : int
        Pixels along a side.
    """
    decoder, draw = default_mouth(), random.Random(seed)
    render = MouthRenderer(decoder.mouth, size)
    for line, segments in labelled_lines(count, FPS, seed):
        motion = line.motion * np.float32(draw.uniform(*STRENGTHS))
        sound = listen(line.samples, FPS, EAR)
        frames = min(len(motion), len(sound))
        video = filmed(motion[:frames], decoder, render)
        yield Film(line.speaker, video, sound[:frames], segments)


@torch.inference_mode()
def filmed(motion: NDArray[np.float32], decoder: MouthDecoder, render: MouthRenderer) -> NDArray[np.uint8]:
    """Film a motion (F, D), (F, S, S)."""
    parts = [
        (255 * render(decoder(part))).round().clamp(0, 255).to(torch.uint8)
        for part in torch.split(torch.from_numpy(np.ascontiguousarray(motion)), AT_ONCE)
    ]
    return torch.cat(parts).numpy()


def held_out(made: Sequence[Film]) -> tuple[list[Film], list[Film]]:
    """Part films into those to learn on and those to judge by."""
    return (
        [film for film in made if film.speaker not in HELD_OUT],
        [film for film in made if film.speaker in HELD_OUT],
    )
