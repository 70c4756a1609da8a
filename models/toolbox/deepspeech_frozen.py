"""DeepSpeech 0.1 from its frozen graph (``output_graph.pb``), which VOCA and its successors hear through.

Its network is known (Hannun et al. 2014, as Mozilla built it): three dense layers, a recurrent one in both
directions, two dense layers. So only the weights are read from the graph, by name, and nothing of it is run.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.fft import dct
from torch import nn

from models.frontend import SAMPLE_RATE
from models.toolbox.deepspeech import LETTERS
from models.toolbox.deepspeech_graph import with_context
from models.toolbox.encoder_folders import EncoderError
from models.toolbox.frozen_graph import constants

Frames = NDArray[np.float32]
HOP, WINDOW, FFT = 160, 400, 512
CEPSTRA, LIFTER, EMPHASIS = 26, 22, 0.97
CLIP = 20.0
"""What its dense layers stop at."""
FORGET = 1.0
"""What TensorFlow's cell adds to the bias of its forget gate."""
DENSE = (1, 2, 3, 5, 6)
CELL = "bidirectional_rnn/{}/basic_lstm_cell/{}"
OLD = {"kernel": "weights", "bias": "biases"}
"""What TensorFlow called them before version 1.2."""
INT16 = 32768.0


def frozen_cepstra(samples: Frames) -> Frames:
    """Mel cepstra 50 times a second, as the package python_speech_features makes them.

    Parameters
    ----------
    samples : ndarray of shape (N,), float32
        At 16 kHz, -1..1.

    Returns
    -------
    ndarray of shape (T, 26), float32
    """
    signal = np.asarray(samples, np.float64) * INT16
    signal = np.append(signal[0], signal[1:] - EMPHASIS * signal[:-1])
    count = max(-(-(len(signal) - WINDOW) // HOP), 0) + 1
    padded = np.pad(signal, (0, max((count - 1) * HOP + WINDOW - len(signal), 0)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:count:2]
    power = np.abs(np.fft.rfft(frames, FFT)) ** 2 / FFT
    tiny = np.finfo(float).eps
    bands = np.log(np.maximum(power @ _bank(), tiny))
    lift = 1 + LIFTER / 2 * np.sin(np.pi * np.arange(CEPSTRA) / LIFTER)
    found = dct(bands, type=2, axis=1, norm="ortho")[:, :CEPSTRA] * lift
    found[:, 0] = np.log(np.maximum(power.sum(1), tiny))
    return np.asarray(found, np.float32)


def frozen_logits(path: Path, samples: Frames) -> Frames:
    """Let DeepSpeech 0.1 hear a sound.

    Parameters
    ----------
    path : Path
        The frozen graph.
    samples : ndarray of shape (N,), float32
        At 16 kHz, -1..1.

    Returns
    -------
    ndarray of shape (T, 29), float32
        50 a second; VOCA takes the first one for the time 0.

    Raises
    ------
    EncoderError
        The file is no such graph.
    """
    inputs = with_context(frozen_cepstra(samples)).reshape(-1, 19 * CEPSTRA)
    inputs = (inputs - inputs.mean()) / inputs.std()
    with torch.inference_mode():
        return np.asarray(_network(path, path.stat().st_mtime_ns)(torch.from_numpy(inputs)).numpy())


class Frozen(nn.Module):
    """The network, from weights as TensorFlow keeps them."""

    def __init__(self, weights: Mapping[str, Frames]) -> None:
        super().__init__()
        self.dense = nn.ModuleDict({str(n): _dense(weights[f"h{n}"], weights[f"b{n}"]) for n in DENSE})
        width = weights["h3"].shape[1]
        self.recurrent = nn.LSTM(width, weights["h5"].shape[0] // 2, bidirectional=True)
        state: dict[str, torch.Tensor] = {}
        for direction, ending in (("fw", "l0"), ("bw", "l0_reverse")):
            kernel, bias = (weights[CELL.format(direction, part)] for part in OLD)
            state |= {f"{name}_{ending}": value for name, value in _gates(kernel, bias, width).items()}
        self.recurrent.load_state_dict(state)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Map frames (T, 494) to logits (T, 29)."""
        for layer in "123":
            frames = self.dense[layer](frames).clamp(0, CLIP)
        frames = self.dense["5"](self.recurrent(frames)[0]).clamp(0, CLIP)
        logits: torch.Tensor = self.dense["6"](frames)
        return logits


def _dense(matrix: Frames, bias: Frames) -> nn.Linear:
    layer = nn.Linear(*matrix.shape)
    layer.load_state_dict(
        {"weight": torch.from_numpy(matrix.T.copy()), "bias": torch.from_numpy(bias.copy())}
    )
    return layer


def _gates(kernel: Frames, bias: Frames, width: int) -> dict[str, torch.Tensor]:
    """Bring TensorFlow's gates (input, new, forget, output) in torch's order (input, forget, new, output)."""
    matrices, biases = np.split(kernel, 4, axis=1), np.split(bias, 4)
    order = (0, 2, 1, 3)
    whole = np.concatenate([matrices[gate] for gate in order], axis=1).T
    biases[2] = biases[2] + np.float32(FORGET)
    return {
        "weight_ih": torch.from_numpy(whole[:, :width].copy()),
        "weight_hh": torch.from_numpy(whole[:, width:].copy()),
        "bias_ih": torch.from_numpy(np.concatenate([biases[gate] for gate in order])),
        "bias_hh": torch.zeros(len(bias)),
    }


@lru_cache(maxsize=1)
def _network(path: Path, _changed: int) -> Frozen:
    cells = {CELL.format(way, part): CELL.format(way, OLD[part]) for way in ("fw", "bw") for part in OLD}
    try:
        found = constants(path.read_bytes())
        weights = {f"{kind}{n}": found[f"{kind}{n}"] for kind in "hb" for n in DENSE}
        weights |= {name: found[name if name in found else old] for name, old in cells.items()}
        if weights["h1"].shape[0] != 19 * CEPSTRA or weights["h6"].shape[1] != len(LETTERS):
            raise ValueError
        return Frozen(weights).eval()
    except (KeyError, ValueError, IndexError, RuntimeError) as error:
        raise EncoderError(f"{path}: is no frozen graph of DeepSpeech 0.1") from error


@cache
def _bank() -> NDArray[np.float64]:
    """Triangles between bins, (257, 26)."""
    top = 2595 * np.log10(1 + SAMPLE_RATE / 2 / 700)
    hertz = 700 * (10 ** (np.linspace(0, top, CEPSTRA + 2) / 2595) - 1)
    bins = np.floor((FFT + 1) * hertz / SAMPLE_RATE)
    places = np.arange(FFT // 2 + 1)
    return np.stack([np.interp(places, bins[n : n + 3], [0, 1, 0]) for n in range(CEPSTRA)], 1)
