"""What the networks of the toolbox hear, at the rate of the motion; one copy for training and for use.

An ear is named by a word: ``mel`` is levelled log-mel frames; ``phones`` what the default speech model makes
of them; ``deepspeech`` the same in letters, in the place and the layout of the published systems' DeepSpeech,
and ``deepspeech:GRAPH`` DeepSpeech itself; ``hubert:FOLDER`` and the like the hidden states of a pretrained
encoder (`models.toolbox.encoder_folders`); ``sound`` the samples, for a network that brings its own encoder.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import soxr
import torch
from numpy.typing import NDArray

from models.checkpoint import Checkpoint, load_checkpoint
from models.frontend import FRAME_RATE, SAMPLE_RATE, FrontendConfig, level, levelled, log_mel, raised
from models.hearing import Heard, Listener
from models.phones import PHONES
from models.toolbox.deepspeech import SIZE, letters_of, windows
from models.toolbox.deepspeech_frozen import frozen_logits
from models.toolbox.deepspeech_graph import FIRST, RATE, graph_logits
from models.toolbox.encoder_folders import DATASET, GRAPH, EncoderError, EncoderName, located, parsed, pinned
from models.toolbox.encoder_loading import load_encoder, record_of
from models.toolbox.encoders import SoundEncoder, between, standardised

Frames = NDArray[np.float32]
Times = NDArray[np.float64]
Progress = Callable[[float], None]
CONFIG = FrontendConfig()
DEFAULT_MODEL = Path(__file__).resolve().parents[2] / "assets" / "speech" / "default.safetensors"
BLOCK = 1200
"""Frames heard at once: 20 s."""
PARTED = 3.0
"""What probabilities are multiplied by, so that they are as large as other features."""
SOUND = "sound"


def listen(samples: Frames, fps: float, ear: str, progress: Progress = lambda _share: None) -> Frames:
    """Features of a sound.

    Parameters
    ----------
    samples : ndarray of shape (N,), float32
        Mono, at `models.frontend.SAMPLE_RATE`.
    fps : float
        Of the motion.
    ear : str
    progress : callable
        Given the share done after each block that an encoder hears.

    Returns
    -------
    ndarray of shape (N * fps // SAMPLE_RATE + 1, `size_of` the ear), float32

    Raises
    ------
    EncoderError
        The ear's encoder is not found or damaged, or there is no such ear.
    """
    times = np.arange(int(len(samples) * fps / SAMPLE_RATE + 1e-6) + 1) / fps
    if ear in EARS:
        return EARS[ear](samples, times, fps)
    name = parsed(ear)
    if name.kind == GRAPH:
        return _graph(located(name), samples, times)
    encoder = _encoder(pinned(name))
    with torch.inference_mode():
        states = encoder(torch.from_numpy(standardised(samples))[None], progress)[0]
    return _at(states.numpy(), (times * SAMPLE_RATE - encoder.centre) / encoder.hop)


def size_of(ear: str, fps: float) -> int:
    """Features of a frame of motion.

    Raises
    ------
    EncoderError
        As `listen`.
    """
    if ear == SOUND:
        return math.ceil(SAMPLE_RATE / fps)
    if ear in SIZES:
        return SIZES[ear]
    name = parsed(ear)
    return SIZE if name.kind == GRAPH else _encoder(pinned(name)).width


def fixed(ear: str) -> str:
    """Return an ear as a card names it: an encoder by its place and the hash of its weights.

    Raises
    ------
    EncoderError
        As `listen`.
    """
    if ear in EARS or ear == DATASET:
        return ear
    if ":" not in ear:
        raise EncoderError(f"ear is one of {', '.join(EARS)}, or KIND:FOLDER, not {ear!r}")
    return str(pinned(parsed(ear)))


def identity(ear: str) -> str:
    """Return a text that is another one wherever the ear hears otherwise.

    Raises
    ------
    EncoderError
        As `listen`.
    """
    if ear in EARS:
        return f"{ear} {_default_model().content_hash}" if ear in SPOKEN else ear
    name = pinned(parsed(ear))
    record = {} if name.kind == GRAPH else record_of(name)
    return json.dumps([name.kind, name.layer, name.digest, record], sort_keys=True)


def _mel(samples: Frames, times: Times, fps: float) -> Frames:
    sound = torch.from_numpy(np.ascontiguousarray(raised(samples)))[None]
    mel = log_mel(sound, CONFIG)
    features = levelled(mel, level(mel, torch.zeros(CONFIG.bands), CONFIG), CONFIG)[0].numpy()
    return _twice(features, FRAME_RATE, times, fps)


def _phones(samples: Frames, times: Times, fps: float) -> Frames:
    # Roots tell a faint phone from none, which probabilities hardly do.
    return _twice(np.sqrt(_heard(samples)) * np.float32(PARTED), _default_model().card.fps, times, fps)


def _letters(samples: Frames, times: Times, _fps: float) -> Frames:
    return _windows(letters_of(_heard(samples)), times * _default_model().card.fps)


def _sound(samples: Frames, times: Times, fps: float) -> Frames:
    """Cut the sound into a row for each frame, resampled so that a row is a whole number of samples."""
    size = math.ceil(SAMPLE_RATE / fps)
    rows = np.zeros(len(times) * size, np.float32)
    resampled = soxr.resample(standardised(samples), SAMPLE_RATE, size * fps)
    rows[: len(resampled)] = resampled[: len(rows)]
    return rows.reshape(len(times), size)


def _heard(samples: Frames) -> Frames:
    """Probabilities of the phones, at the default model's rate."""
    listener = Listener(_default_model(), samples)
    parts = [
        listener.hear(start, min(start + BLOCK, listener.frames))
        for start in range(0, listener.frames, BLOCK)
    ]
    return Heard.joined(parts).phones


@cache
def _default_model() -> Checkpoint:
    return load_checkpoint(DEFAULT_MODEL)


@lru_cache(maxsize=1)
def _encoder(name: EncoderName) -> SoundEncoder:
    return load_encoder(name)


def _graph(path: Path, samples: Frames, times: Times) -> Frames:
    if path.suffix == ".pb":
        return _windows(frozen_logits(path, samples), times * RATE)
    return _windows(graph_logits(path, samples), (times - FIRST) * RATE)


def _windows(letters: Frames, places: Times) -> Frames:
    return windows(_at(letters, places)).reshape(len(places), -1)


def _twice(frames: Frames, rate: float, times: Times, fps: float) -> Frames:
    """Take the frames at each time, and half a frame of motion later."""
    return np.concatenate([_at(frames, times * rate), _at(frames, (times + 0.5 / fps) * rate)], axis=1)


def _at(frames: Frames, places: Times) -> Frames:
    return between(torch.from_numpy(np.ascontiguousarray(frames)), torch.from_numpy(places)).numpy()


Ear = Callable[[Frames, Times, float], Frames]
EARS: Mapping[str, Ear] = {"mel": _mel, "phones": _phones, "deepspeech": _letters, SOUND: _sound}
"""That need no encoder; each is given sound, times and rate of the motion."""
SPOKEN = ("phones", "deepspeech")
"""Of those, the ears of the default speech model."""
SIZES: Mapping[str, int] = {"mel": 2 * CONFIG.bands, "phones": 2 * len(PHONES), "deepspeech": SIZE}
"""Features of a frame of motion, where they are as many at any rate."""
