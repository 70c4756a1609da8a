"""The residual network: how an emotion, given as one pose, is worn by a face that speaks.

It hears nothing itself: neutral lipsync and prosody of a recording go in, the difference between emotional
and neutral performance comes out. A stack of dilated convolutions as in `models.speech2face`, each layer of
which the pose scales and shifts (FiLM, Perez et al. 2018), so that any pose will do, also one it never saw.

Letters: B recordings, F animation frames, C channels, K drifts.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from scipy import ndimage
from torch import nn

from models.checkpoint import CheckpointError

FORMAT = "editable-lipsync residual"
DRIFTS = 4
DRIFT_S = (0.25, 0.7)
"""Seconds (standard deviation) that quicker and slower drifts are smooth over."""
PROSODY = 2
Tracks = NDArray[np.float32]


@dataclass(frozen=True)
class ResidualConfig:
    """Shape of the network, and what its columns are.

    Attributes
    ----------
    channels : tuple of str
        Of lipsync, pose and residual.
    """

    channels: tuple[str, ...]
    width: int = 80
    embedding: int = 48
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    fps: float = 60.0
    training_data: str = ""


class ResidualNet(nn.Module):
    """Residual of every frame, 0 where the pose is 0."""

    def __init__(self, config: ResidualConfig) -> None:
        super().__init__()
        self.config = config
        width, count = config.width, len(config.channels)
        self.enter = nn.Conv1d(count + PROSODY + DRIFTS, width, 3, padding=1)
        self.embed = nn.Sequential(nn.Linear(count, config.embedding), nn.GELU())
        self.films = nn.ModuleList(nn.Linear(config.embedding, 2 * width) for _ in config.dilations)
        self.blocks = nn.ModuleList(
            nn.Conv1d(width, width, 5, padding=2 * dilation, dilation=dilation)
            for dilation in config.dilations
        )
        self.leave = nn.Conv1d(width, 2 * count, 1)

    def forward(
        self, spoken_BFC: torch.Tensor, voice_BFK: torch.Tensor, pose_BC: torch.Tensor
    ) -> torch.Tensor:
        """Predict.

        Parameters
        ----------
        spoken_BFC : tensor
            Neutral lipsync.
        voice_BFK : tensor
            Prosody and drift, see `voice_tracks`.
        pose_BC : tensor
            The emotion at full intensity.

        Returns
        -------
        tensor of shape (B, F, C)
        """
        x_BWF = self.enter(torch.cat([spoken_BFC, voice_BFK], 2).transpose(1, 2))
        embedded = self.embed(pose_BC)
        for block, film in zip(self.blocks, self.films, strict=True):
            scale, shift = film(embedded)[:, :, None].chunk(2, 1)
            x_BWF = x_BWF + nn.functional.gelu(block(x_BWF) * (1 + scale) + shift)
        worn, spoken = self.leave(x_BWF).transpose(1, 2).chunk(2, 2)
        # Both parts vanish with the pose, whatever the network says; speech is scaled, never turned around.
        full = pose_BC.abs().amax(1).clamp(max=1)[:, None, None]
        residual_BFC: torch.Tensor = pose_BC[:, None] * (1 + worn) + full * spoken_BFC * torch.tanh(spoken)
        return residual_BFC


def voice_tracks(loudness: Tracks, stress: Tracks, drift: Tracks) -> Tracks:
    """Join what the network is told of the voice: loudness (dB) and stress (..., F), drift (..., F, K)."""
    level = np.clip((loudness + 40) / 40, 0, 1.4)
    return np.concatenate([level[..., None], stress[..., None], drift], axis=-1, dtype=np.float32)


def drift(frames: int, fps: float, seed: int) -> Tracks:
    """Slow random tracks (F, K) of unit variance: what keeps a held expression from freezing."""
    margin = round(4 * fps)
    noise = np.random.default_rng(seed).normal(size=(2, frames + 2 * margin, DRIFTS))
    smooth = [
        ndimage.gaussian_filter1d(each, seconds * fps, axis=0) * np.sqrt(2 * np.sqrt(np.pi) * seconds * fps)
        for each, seconds in zip(noise, DRIFT_S, strict=True)
    ]
    both = np.clip(0.5 * smooth[0] + 0.866 * smooth[1], -2, 2)
    return np.asarray(both[margin : margin + frames], np.float32)


@torch.inference_mode()
def residual_of(net: ResidualNet, spoken_FC: Tracks, voice_FK: Tracks, pose_C: Tracks) -> Tracks:
    """Run the network on one recording, shape (F, C)."""
    torch.set_num_threads(1)  # as in `models.hearing`: more would wait for each other
    given = [torch.from_numpy(np.ascontiguousarray(each))[None] for each in (spoken_FC, voice_FK, pose_C)]
    result: Tracks = net(*given)[0].numpy()
    return result


def save_residual(path: Path, net: ResidualNet) -> None:
    """Write weights (as float16) and configuration, whole or not at all."""
    tensors = {name: value.half().contiguous() for name, value in net.state_dict().items()}
    partial = path.with_suffix(".partial")
    partial.write_bytes(save(tensors, {"format": FORMAT, "config": json.dumps(asdict(net.config))}))
    partial.replace(path)


def load_residual(path: Path) -> ResidualNet:
    """Read what `save_residual` wrote, in evaluation mode.

    Raises
    ------
    CheckpointError
        It is something else, or damaged.
    OSError
        It cannot be read.
    """
    try:
        with safe_open(path, "pt") as stored:
            metadata = stored.metadata() or {}
            tensors = {name: stored.get_tensor(name).float() for name in stored.keys()}  # noqa: SIM118
        if metadata.get("format") != FORMAT:
            raise CheckpointError("not a residual network of this program")
        record: dict[str, Any] = json.loads(metadata["config"])
        record |= {name: tuple(record[name]) for name in ("channels", "dilations")}
        net = ResidualNet(ResidualConfig(**record))
        net.load_state_dict(tensors)
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise CheckpointError(f"damaged residual network ({error})") from error
    return net.eval()
