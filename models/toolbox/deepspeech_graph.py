"""DeepSpeech itself, from a graph that the user has: versions 0.5 to 0.9 as they were exported to TFLite.

Its interface: ``input_node`` (1, 16, 19, 26), each frame of 26 cepstra with nine to either side; the states
of its recurrent layer, ``previous_state_c`` and ``previous_state_h`` in, ``new_state_c`` and ``new_state_h``
out; ``logits`` (16, 29).
"""

from __future__ import annotations

import importlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.frontend import SAMPLE_RATE
from models.toolbox.deepspeech import LETTERS
from models.toolbox.encoder_folders import EncoderError

Frames = NDArray[np.float32]
RATE = 50.0
HOP, WINDOW = 320, 512
FIRST = WINDOW / 2 / SAMPLE_RATE
"""Seconds to the middle of the first frame."""
CEPSTRA, CONTEXT, BANDS = 26, 9, 40
LOWEST = 20.0
"""Hertz."""
STATES = ("state_c", "state_h")
FAINT = 1e-6


def cepstra(samples: Frames) -> Frames:
    """Mel cepstra as TensorFlow's operators make them from spectra of 32 ms.

    Parameters
    ----------
    samples : ndarray of shape (N,), float32
        At 16 kHz, -1..1.

    Returns
    -------
    ndarray of shape (T, 26), float32
        At `RATE`, the first one at `FIRST`.
    """
    count = max(-(-(len(samples) - WINDOW) // HOP), 0) + 1
    padded = np.zeros((count - 1) * HOP + WINDOW, np.float32)
    padded[: len(samples)] = samples[: len(padded)]
    frames = torch.from_numpy(padded).unfold(0, WINDOW, HOP) * torch.hann_window(WINDOW)
    bands = torch.fft.rfft(frames).abs().numpy() @ _bank()
    return np.asarray(np.log(np.maximum(bands, 1e-12)) @ _cosines(), np.float32)


def with_context(frames: Frames) -> Frames:
    """Each frame between nine before and nine after it, zeros beyond the ends: (T, C) to (T, 19, C)."""
    padded = np.pad(frames, ((CONTEXT, CONTEXT), (0, 0)))
    cut = np.lib.stride_tricks.sliding_window_view(padded, 2 * CONTEXT + 1, axis=0)
    return np.ascontiguousarray(cut.transpose(0, 2, 1))


def graph_logits(path: Path, samples: Frames) -> Frames:
    """Let DeepSpeech hear a sound.

    Parameters
    ----------
    path : Path
        The graph, ``.tflite``.
    samples : ndarray of shape (N,), float32
        At 16 kHz, -1..1.

    Returns
    -------
    ndarray of shape (T, 29), float32
        At `RATE`, the first one at `FIRST`. Where a graph gives probabilities these are their
        logarithms: its logits, but for a constant of each frame.

    Raises
    ------
    EncoderError
        The graph is none of DeepSpeech's, or there is no interpreter.
    """
    graph = _graph(path, path.stat().st_mtime_ns)
    inputs = with_context(cepstra(samples))
    steps = graph.steps
    padded = np.pad(inputs, ((0, -len(inputs) % steps), (0, 0), (0, 0)))
    found = graph.run(padded.reshape(-1, steps, *inputs.shape[1:]))[: len(inputs)]
    if found.min() >= 0 and np.allclose(found.sum(1), 1, atol=1e-3):
        found = np.log(found + FAINT)
    return np.asarray(found, np.float32)


class _Graph:
    """An interpreter with a graph in it."""

    def __init__(self, path: Path) -> None:
        self._interpreter = _interpreter(path)
        ins, outs = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        names = ("input_node", *(f"previous_{each}" for each in STATES))
        self._in = {name: _named(ins, name, path) for name in names}
        self._out = {
            name: _named(outs, name, path) for name in ("logits", *(f"new_{each}" for each in STATES))
        }
        shape, letters = tuple(self._in["input_node"]["shape"]), self._out["logits"]["shape"][-1]
        if shape[2:] != (2 * CONTEXT + 1, CEPSTRA) or letters != len(LETTERS):
            raise EncoderError(
                f"{path}: is no graph of DeepSpeech's English: takes {shape}, gives {letters} letters"
            )
        self.steps = int(shape[1])

    def run(self, blocks: Frames) -> Frames:
        """Run block after block (K, 16, 19, 26), carrying the state; returns (K * 16, 29)."""
        states = {each: np.zeros(self._in[f"previous_{each}"]["shape"], np.float32) for each in STATES}
        found = []
        for block in blocks:
            self._interpreter.set_tensor(self._in["input_node"]["index"], block[None])
            for each, value in states.items():
                self._interpreter.set_tensor(self._in[f"previous_{each}"]["index"], value)
            self._interpreter.invoke()
            states = {
                each: self._interpreter.get_tensor(self._out[f"new_{each}"]["index"]) for each in STATES
            }
            found.append(self._interpreter.get_tensor(self._out["logits"]["index"]).reshape(-1, len(LETTERS)))
        return np.concatenate(found)


@lru_cache(maxsize=2)
def _graph(path: Path, _changed: int) -> _Graph:
    return _Graph(path)


def _interpreter(path: Path) -> Any:
    try:
        runtime = importlib.import_module("ai_edge_litert.interpreter")
    except ImportError as error:
        raise EncoderError(
            "a DeepSpeech graph needs an interpreter: pip install $(python .ci/requirements.py deepspeech)"
        ) from error
    try:
        interpreter = runtime.Interpreter(str(path), num_threads=1)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise EncoderError(f"{path}: no TFLite graph, or one that cannot be run") from error
    return interpreter


def _named(details: list[dict[str, Any]], name: str, path: Path) -> dict[str, Any]:
    found = next((each for each in details if name in each["name"]), None)
    if found is None:
        raise EncoderError(f"{path}: is no graph of DeepSpeech: has no {name}")
    return found


@cache
def _bank() -> Frames:
    """Triangles over the mel scale, (257, 40); the bins below the lowest frequency are left out."""
    hertz = np.arange(WINDOW // 2 + 1) * SAMPLE_RATE / WINDOW
    mel = 1127 * np.log1p(hertz / 700)
    corners = np.linspace(1127 * np.log1p(LOWEST / 700), 1127 * np.log1p(SAMPLE_RATE / 2 / 700), BANDS + 2)
    triangles = [np.interp(mel, corners[band : band + 3], [0, 1, 0]) for band in range(BANDS)]
    bank = np.stack(triangles, 1)
    bank[: int(1.5 + LOWEST * WINDOW / SAMPLE_RATE)] = 0
    return bank.astype(np.float32)


@cache
def _cosines() -> Frames:
    """Discrete cosine transform, (40, 26)."""
    angles = np.pi / BANDS * np.outer(np.arange(BANDS) + 0.5, np.arange(CEPSTRA))
    return np.asarray(np.sqrt(2 / BANDS) * np.cos(angles), np.float32)
