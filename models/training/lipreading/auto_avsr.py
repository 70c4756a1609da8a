"""A lip-reader of natural videos as the expert: a checkpoint of Auto-AVSR (Ma et al. 2023) that a user has.

It reads 5049 pieces of English words where ours reads twelve visemes, and is asked the same questions.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn

from models.checkpoint import CheckpointError
from models.toolbox.attention import positions
from models.training.lipreading.auto_avsr_layers import EPSILON, DecoderLayer, EncoderLayer, Frontend
from models.training.lipreading.reader import Reading
from models.training.lipreading.transcripts import transcript_loss

MEAN, SPREAD = 0.421, 0.165
"""Of grey levels, as published."""
Tensors = Mapping[str, torch.Tensor]


class Encoder(nn.Module):
    """The Conformer."""

    def __init__(self, layers: int, width: int, heads: int, units: int, kernel: int) -> None:
        super().__init__()
        self.encoders = nn.Sequential(*(EncoderLayer(width, heads, units, kernel) for _ in range(layers)))
        self.after_norm = nn.LayerNorm(width, EPSILON)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return (B, F, W)."""
        normed: torch.Tensor = self.after_norm(self.encoders(hidden * math.sqrt(hidden.shape[2])))
        return normed


class Decoder(nn.Module):
    """Says each token after those before it."""

    def __init__(self, layers: int, width: int, heads: int, units: int, tokens: int) -> None:
        super().__init__()
        self.embed = nn.Sequential(nn.Embedding(tokens, width))
        self.decoders = nn.ModuleList([DecoderLayer(width, heads, units) for _ in range(layers)])
        self.after_norm = nn.LayerNorm(width, EPSILON)
        self.output_layer = nn.Linear(width, tokens)

    def forward(self, before: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
        """Log-probabilities (B, L, tokens)."""
        hidden = self.embed(before) * math.sqrt(memory.shape[2])
        hidden = hidden + positions(before.shape[1], memory.shape[2]).to(hidden)
        for layer in self.decoders:
            hidden = layer(hidden, memory)
        said: torch.Tensor = self.output_layer(self.after_norm(hidden))
        return said.log_softmax(-1)


class AutoAvsr(nn.Module):
    """The video model, as large as the tensors say.

    Parameters
    ----------
    tensors : mapping of str to tensor
        By the published names.

    Raises
    ------
    KeyError, ValueError
        A tensor is missing whose shape tells a size.
    """

    size = 88

    def __init__(self, tensors: Tensors) -> None:
        super().__init__()
        width = tensors["proj_encoder.weight"].shape[0]
        heads = tensors["encoder.encoders.0.self_attn.pos_bias_u"].shape[0]
        units = tensors["encoder.encoders.0.feed_forward.w_1.weight"].shape[0]
        kernel = tensors["encoder.encoders.0.conv_module.depthwise_conv.weight"].shape[2]
        self.edge = tensors["ctc.ctc_lo.weight"].shape[0] - 1
        self.frontend = Frontend()
        self.proj_encoder = nn.Linear(512, width)
        self.encoder = Encoder(_layers(tensors, "encoder.encoders."), width, heads, units, kernel)
        self.decoder = Decoder(_layers(tensors, "decoder.decoders."), width, heads, units, self.edge + 1)
        self.ctc = nn.ModuleDict({"ctc_lo": nn.Linear(width, self.edge + 1)})

    def forward(self, video: torch.Tensor, sound: torch.Tensor | None = None) -> Reading:
        """Read pictures (B, F, 88, 88), grey from 0 to 1; it hears nothing."""
        del sound
        hidden = self.encoder(self.proj_encoder(self.frontend((video - MEAN) / SPREAD)))
        said = self.ctc["ctc_lo"](hidden).log_softmax(-1)
        return Reading(hidden, said, said)

    def unread(self, reading: Reading, transcripts: torch.Tensor) -> torch.Tensor:
        """Tell how far a reading is from transcripts (B, L), by CTC and by the decoder that attends."""
        before = nn.functional.pad(transcripts.clamp(min=0), (1, 0), value=self.edge)
        return transcript_loss(reading.ctc, self.decoder(before, reading.hidden), transcripts, self.edge)


def _layers(tensors: Tensors, prefix: str) -> int:
    return 1 + max(
        int(name.removeprefix(prefix).split(".")[0]) for name in tensors if name.startswith(prefix)
    )


def load_auto_avsr(path: Path) -> AutoAvsr:
    """Read a video checkpoint of Auto-AVSR: tensors by name, and nothing else that a pickle could hold.

    Raises
    ------
    CheckpointError
        The file is none.
    OSError
        It cannot be read.
    """
    try:
        tensors = torch.load(path, map_location="cpu", weights_only=True)
        reader = AutoAvsr(tensors)
        reader.load_state_dict(tensors)
    except OSError:
        raise
    except pickle.UnpicklingError as error:
        raise CheckpointError(f"{path}: no checkpoint of tensors alone") from error
    except Exception as error:  # what is no pickle fails anywhere in torch's reader of them
        reason = str(error).strip().splitlines()[0] if str(error) else type(error).__name__
        raise CheckpointError(f"{path}: no video checkpoint of Auto-AVSR ({reason})") from error
    return reader.eval()
