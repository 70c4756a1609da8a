"""Sounds that are no speech, made once and cut at random: chords, melodies, drums, rain, knocks."""

from __future__ import annotations

import math
import random

import torch

from models.training.corpus.utterances import RATE

BANK_SECONDS = 240
SCALE = (0, 2, 4, 5, 7, 9, 11)  # semitones of a major scale


def music(seconds: int, draw: random.Random) -> torch.Tensor:
    """Play random bars of chords, melody and drums; shape (N,), root mean square 1 in all."""
    sound = torch.zeros(seconds * RATE)
    at = 0.0
    while at < seconds - 4:
        beat, root, bright = draw.uniform(0.25, 0.7), draw.uniform(55, 220), draw.uniform(0.6, 2.2)
        drums, chord = draw.choice((0.0, draw.uniform(0.2, 1.5))), draw.choice((0.0, 1.0, 1.0))
        for _ in range(draw.randint(6, 16)):
            degree = draw.randrange(7)
            for step in (0, 2, 4):
                _add(sound, at, chord * _note(root * _interval(degree + step), 2 * beat, bright, draw))
            lead = root * 4 * _interval(draw.randrange(7))
            _add(sound, at, draw.choice((0.0, 1.0)) * _note(lead, beat, bright, draw))
            _add(sound, at, drums * _knock(draw))
            at += beat
    return sound / sound.square().mean().sqrt()


def rustle(seconds: int, draw: random.Random) -> torch.Tensor:
    """Noise that swells and fades, with knocks in it; shape (N,), root mean square 1 in all."""
    length = seconds * RATE
    generator = torch.Generator().manual_seed(draw.randrange(2**31))
    slow = torch.randn(1, 1, seconds * 8, generator=generator)
    swell = torch.nn.functional.interpolate(slow, length, mode="linear", align_corners=False)[0, 0]
    sound = torch.randn(length, generator=generator) * 10 ** (0.6 * swell)
    for _ in range(seconds // 2):
        _add(sound, draw.uniform(0, seconds - 1), 10 ** draw.uniform(0, 1.2) * _knock(draw))
    return sound / sound.square().mean().sqrt()


def _interval(degree: int) -> float:
    return float(2 ** (degree // 7 + SCALE[degree % 7] / 12))


def _note(pitch: float, seconds: float, bright: float, draw: random.Random) -> torch.Tensor:
    """Tone with harmonics, clean or with the sidebands of a bell: struck and fading, or held with vibrato."""
    time = torch.arange(int(seconds * RATE)) / RATE
    held = draw.random() < 0.4
    vibrato = 0.02 * torch.sin(2 * math.pi * 5.5 * time) if held else torch.zeros(1)
    ratio, depth = draw.choice((1, 2, 3, 1.41)), draw.choice((0.0, draw.uniform(0.5, 3)))
    bell = depth * torch.sin(2 * math.pi * ratio * pitch * time) * torch.exp(-4 * time / seconds)
    tone = torch.zeros_like(time)
    for harmonic in range(1, 1 + min(8, int(7000 / pitch))):
        phase = 2 * math.pi * harmonic * pitch * (time + vibrato / 12)
        tone += torch.sin(phase + bell + draw.uniform(0, 2 * math.pi)) / harmonic**bright
    shape = torch.sin(math.pi * time / seconds) if held else torch.exp(-3 * time / seconds)
    return tone * shape * (time / 0.005).clamp(max=1)


def _knock(draw: random.Random) -> torch.Tensor:
    """Short burst: a drum, a tap on the table."""
    time = torch.arange(int(0.12 * RATE)) / RATE
    generator = torch.Generator().manual_seed(draw.randrange(2**31))
    burst = torch.randn(len(time), generator=generator) * draw.uniform(0, 1)
    tone = torch.sin(2 * math.pi * draw.uniform(50, 400) * time)
    return (burst + tone) * torch.exp(-time / draw.uniform(0.004, 0.04))


def _add(sound: torch.Tensor, at: float, part: torch.Tensor) -> None:
    place = sound[int(at * RATE) :][: len(part)]
    place += part[: len(place)]


class NoiseBank:
    """Four minutes each of music and of rustling, cut anew for each clip."""

    def __init__(self, seconds: int = BANK_SECONDS, seed: int = 5) -> None:
        draw = random.Random(seed)
        self.kinds = (music(seconds, draw), rustle(seconds, draw))

    def cut(self, count: int, length: int, generator: torch.Generator) -> torch.Tensor:
        """Cut `count` pieces, each of root mean square 1 in its loud half second; shape (count, length)."""
        pieces = torch.stack([self._piece(length, generator) for _ in range(count)])
        blocks = pieces[:, : length // 8000 * 8000].reshape(count, -1, 8000).square().mean(2)
        return pieces / blocks.amax(1, keepdim=True).sqrt().clamp(min=1e-3)

    def _piece(self, length: int, generator: torch.Generator) -> torch.Tensor:
        kind = self.kinds[int(torch.randint(len(self.kinds), (1,), generator=generator))]
        start = int(torch.randint(len(kind) - length, (1,), generator=generator))
        return kind[start : start + length]
