"""Lines spoken by espeak-ng, with the motion that the articulation rule gives them: exact ground truth."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.articulation import articulate
from models.face import Face
from models.gestures import ARTICULATORS
from models.phones import Segment
from models.training.corpus.espeak import Espeak
from models.training.corpus.texts import sentence
from models.training.corpus.utterances import RATE, Prompt, Utterance
from models.training.datasets.arkit import CHANNELS, SPACE
from models.training.datasets.line import Floats, Line

SPEAKERS = ("m1", "f1", "m3", "f2", "m7", "f4", "m5", "Annie")
"""Timbres of espeak-ng; each is a speaker, with a size of articulation of its own."""
ACCENTS = ("en-us", "en-gb-x-rp")
BLINK_S = 3.1
"""Seconds from blink to blink: something for the upper face, with nothing in the sound to tell it."""


@dataclass(frozen=True)
class Diction:
    """How far lips move: the opening that the articulation rule asks for, times `gain`, less `loss`.

    The rule was fitted to measured lips by correlation, which knows no size, and blends neighbours, which
    makes all openings alike.
    """

    gain: float = 1.0
    loss: float = 0.0


CLEAR = Diction(1.65, 0.12)
"""Lips that open as far, and vary as much, as the model that ships lets them on the same voices: its opening
was fitted to measured lips."""
PLAIN = Diction()
"""The rule as it is: about three fifths of that. What the lip-reader that ships has learnt on."""


def synthetic_lines(count: int, fps: float, seed: int = 0, diction: Diction = PLAIN) -> Iterator[Line]:
    """Speak lines, as `labelled_lines` does."""
    return (line for line, _ in labelled_lines(count, fps, seed, diction))


def labelled_lines(
    count: int, fps: float, seed: int = 0, diction: Diction = PLAIN
) -> Iterator[tuple[Line, tuple[Segment, ...]]]:
    """Speak lines, the speakers in turn, and say which phone is when.

    Parameters
    ----------
    count : int
    fps : float
        Of the motion.
    seed : int
        Another one, other texts.
    diction : Diction
    """
    espeak, draw = Espeak(), random.Random(seed)
    made = 0
    while made < count:
        speaker = SPEAKERS[made % len(SPEAKERS)]
        pitch = draw.uniform(150, 220) if speaker.startswith(("f", "A")) else draw.uniform(85, 140)
        wanted = Prompt(sentence(draw), f"{draw.choice(ACCENTS)}+{speaker}", draw.uniform(0.85, 1.15), pitch)
        spoken = espeak.speak(wanted)
        if spoken is None:
            continue
        strength = 0.8 + 0.4 * SPEAKERS.index(speaker) / len(SPEAKERS)
        name, motion = f"{speaker}/{made:04}", _motion(spoken, fps, strength, diction)
        yield Line(name, speaker, spoken.samples, RATE, motion, fps, SPACE), spoken.segments
        made += 1


def _motion(spoken: Utterance, fps: float, strength: float, diction: Diction) -> Floats:
    """Weights of ARKit's 52 channels, (F, 52)."""
    times = np.arange(int(len(spoken.samples) / RATE * fps) + 1) / fps
    curves = articulate(list(spoken.segments), times)
    opening = ARTICULATORS.index("opening")
    curves[:, opening] = np.maximum(diction.gain * curves[:, opening] - diction.loss, 0)
    motion = np.zeros((len(times), len(CHANNELS)), np.float32)
    for name, weight in Face().weights(curves * np.float32(strength)).items():
        if name in CHANNELS:
            motion[:, CHANNELS.index(name)] = weight
    blink = np.exp(-((((times % BLINK_S) - 0.5 * BLINK_S) / 0.06) ** 2))
    for side in ("Left", "Right"):
        motion[:, CHANNELS.index(f"eyeBlink{side}")] = blink
    return motion
