"""Neutral lines of synthetic voices, and batches of them performed by rule."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from models.checkpoint import Checkpoint
from models.face import Face
from models.hearing import Listener
from models.phones import VOWELS
from models.residual import drift, voice_tracks
from models.training.corpus.stored import Corpus
from models.training.corpus.utterances import RATE
from models.training.residual.performances import CHANNELS, FPS, Lines, performed
from models.training.residual.poses import random_poses

FRAME = 800
"""Samples in which loudness is measured: 50 ms."""
QUIET_DB = -60.0
STRESSED = 0.35
"""Share of vowels that are."""
PAUSE_S = 0.6
"""Mean pause between utterances."""


@dataclass(frozen=True, eq=False)
class Batch:
    """What goes in and should come out, all with a leading axis of clips."""

    lines: Lines
    poses: NDArray[np.float32]
    drifts: NDArray[np.float32]
    target: NDArray[np.float32]

    def given(self) -> list[torch.Tensor]:
        """Return the network's inputs."""
        voice = voice_tracks(self.lines.loudness, self.lines.stress, self.drifts)
        return [torch.from_numpy(each) for each in (self.lines.weights, voice, self.poses)]


class Stretches:
    """One long line, cut anywhere.

    Parameters
    ----------
    line : Lines
        With one row.
    frames : int
        Of a clip.
    """

    def __init__(self, line: Lines, frames: int) -> None:
        self.line, self.frames = line, frames

    def batch(self, count: int, draw: np.random.Generator) -> Batch:
        """Draw clips, poses and drifts, and perform them by rule."""
        starts = draw.integers(0, self.line.weights.shape[1] - self.frames, count)
        rows = starts[:, None] + np.arange(self.frames)
        cut = Lines(self.line.weights[0, rows], self.line.loudness[0, rows], self.line.stress[0, rows])
        drifts = np.stack([drift(self.frames, FPS, int(seed)) for seed in draw.integers(0, 2**31, count)])
        poses = random_poses(count, draw)
        return Batch(cut, poses, drifts, performed(cut, poses, drifts))


def heard(model: Checkpoint, corpus: Corpus, chosen: NDArray[np.intp], draw: np.random.Generator) -> Lines:
    """Make one long neutral line of utterances, with pauses between them and random stresses."""
    parts, stresses, at = [], [], 0.0
    for number in chosen.tolist():
        pause = np.zeros(int(draw.exponential(PAUSE_S) * RATE), np.float32)
        parts += [pause, corpus.samples_of(number)]
        at += len(pause) / RATE
        vowels = [s for s in corpus.segments_of(number) if s.phone in VOWELS and draw.random() < STRESSED]
        stresses += [at + (s.start + s.end) / 2 for s in vowels]
        at += len(parts[-1]) / RATE
    samples = np.concatenate(parts)
    weights = _lipsync(model, samples)
    frames = len(weights)
    return Lines(weights[None], loudness(samples, frames)[None], _stress(stresses, frames, draw)[None])


def _lipsync(model: Checkpoint, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    listener = Listener(model, samples)
    ends = [*range(0, listener.frames, 1200), listener.frames]
    weights = np.zeros((listener.frames, len(CHANNELS)), np.float32)
    for first, last in pairwise(ends):
        part = listener.hear(first, last)
        curves = model.card.readout.curves(part.phones, part.articulation, "closed")
        for name, weight in Face().weights(curves).items():
            weights[first:last, CHANNELS.index(name)] = weight
    return weights


def loudness(samples: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Level of each frame in decibels relative to that of speech, shape (F,)."""
    power = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    middle = (np.arange(frames) * RATE / FPS).astype(int)
    ends = [np.clip(middle + side, 0, len(samples)) for side in (-FRAME // 2, FRAME // 2)]
    level = 10 * np.log10((power[ends[1]] - power[ends[0]]) / FRAME + 1e-10)
    speech = level[level > np.quantile(level, 0.95) - 25].mean()
    return np.asarray(np.maximum(level - speech, QUIET_DB), np.float32)


def _stress(seconds: list[float], frames: int, draw: np.random.Generator) -> NDArray[np.float32]:
    """Bumps of random height and width at the given times, shape (F,)."""
    track = np.zeros(frames)
    for middle in seconds:
        width = draw.uniform(0.05, 0.12) * FPS
        near = np.arange(max(int(middle * FPS - 4 * width), 0), min(int(middle * FPS + 4 * width), frames))
        bump = draw.uniform(0.3, 1) * np.exp(-0.5 * ((near - middle * FPS) / width) ** 2)
        track[near] = np.maximum(track[near], bump)
    return track.astype(np.float32)
