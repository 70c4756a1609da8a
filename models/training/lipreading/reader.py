"""A lip-reader: pictures of a mouth, the sound, or both -> visemes.

A convolution over space and time, a small residual network on each picture, a Conformer over time, and three
ways to say what was read: a class at each frame, CTC, and a decoder that attends (after Ma et al. 2021).

Letters: B clips, F frames at `FPS`, S pixels along a side, A features of the sound, L visemes of a clip.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from models.checkpoint import CheckpointError
from models.toolbox.attention import positions
from models.training.lipreading.conformer import ConformerLayer
from models.training.lipreading.senses import Hearing, Sight
from models.training.lipreading.transcripts import transcript_loss
from models.training.lipreading.visemes import VISEMES

FPS = 25.0
CLASSES = len(VISEMES) + 1
EDGE = CLASSES
"""Token before the first viseme and after the last."""


@dataclass(frozen=True)
class ReaderConfig:
    """How large a lip-reader is.

    Attributes
    ----------
    size : int
        S.
    sounds : int
        A.
    """

    size: int = 40
    sounds: int = 128
    width: int = 96
    layers: int = 3
    heads: int = 4
    kernel: int = 9
    dropout: float = 0.1


@dataclass(frozen=True)
class Reading:
    """What a lip-reader makes of clips.

    Attributes
    ----------
    hidden : tensor of shape (B, F, width)
    frames, ctc : tensor of shape (B, F, CLASSES)
        Log-probabilities, at each frame and with blanks.
    """

    hidden: torch.Tensor
    frames: torch.Tensor
    ctc: torch.Tensor


class LipReader(nn.Module):
    """Read lips, with or without the sound; or the sound alone.

    Parameters
    ----------
    config : ReaderConfig
    """

    def __init__(self, config: ReaderConfig) -> None:
        super().__init__()
        self.config, width = config, config.width
        self.sight, self.hearing = Sight(width), Hearing(config.sounds, width)
        self.fuse = nn.Sequential(nn.Linear(2 * width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.body = nn.Sequential(
            *(
                ConformerLayer(width, config.heads, config.kernel, config.dropout)
                for _ in range(config.layers)
            )
        )
        self.frames, self.ctc = nn.Linear(width, CLASSES), nn.Linear(width, CLASSES)
        self.token = nn.Embedding(CLASSES + 1, width)
        layer = nn.TransformerDecoderLayer(
            width, config.heads, 4 * width, config.dropout, batch_first=True, norm_first=True
        )
        self.decoder = nn.TransformerDecoder(layer, 1)
        self.say = nn.Linear(width, CLASSES + 1)

    @property
    def size(self) -> int:
        """Pixels along a side of the pictures that it reads."""
        return self.config.size

    def forward(self, video: torch.Tensor | None, sound: torch.Tensor | None = None) -> Reading:
        """Read.

        Parameters
        ----------
        video : tensor of shape (B, F, S, S), or None
            Grey from 0 to 1.
        sound : tensor of shape (B, F, A), or None
            Of the ear ``mel``, at `FPS`.

        Raises
        ------
        ValueError
            There is neither.
        """
        seen = None if video is None else self.sight(video)
        heard = None if sound is None else self.hearing(sound)
        present = seen if seen is not None else heard
        if present is None:
            raise ValueError("a lip-reader needs pictures or sound")
        none = torch.zeros_like(present)
        both = torch.cat([none if part is None else part for part in (seen, heard)], dim=2)
        hidden = self.fuse(both)
        hidden = self.body(hidden + positions(hidden.shape[1], hidden.shape[2]).to(hidden))
        return Reading(hidden, self.frames(hidden).log_softmax(-1), self.ctc(hidden).log_softmax(-1))

    def attended(self, hidden: torch.Tensor, transcripts: torch.Tensor) -> torch.Tensor:
        """Log-probabilities (B, L + 1, CLASSES + 1) of each viseme after the true ones before it."""
        before = nn.functional.pad(transcripts.clamp(min=0), (1, 0), value=EDGE)
        return self._said(hidden, before)

    def unread(self, reading: Reading, transcripts: torch.Tensor) -> torch.Tensor:
        """Tell how far a reading is from transcripts (B, L), by CTC and by the decoder that attends."""
        return transcript_loss(reading.ctc, self.attended(reading.hidden, transcripts), transcripts, EDGE)

    def _said(self, hidden: torch.Tensor, before: torch.Tensor) -> torch.Tensor:
        query = self.token(before) + positions(before.shape[1], hidden.shape[2]).to(hidden)
        mask = nn.Transformer.generate_square_subsequent_mask(before.shape[1]).to(hidden)
        said: torch.Tensor = self.say(self.decoder(query, hidden, tgt_mask=mask, tgt_is_causal=True))
        return said.log_softmax(-1)


def save_reader(path: Path, reader: LipReader) -> None:
    """Write a lip-reader in half precision, whole or not at all."""
    metadata = {"lip-reader": json.dumps(asdict(reader.config))}
    partial = path.with_suffix(".partial")
    halved = {n: v.half() if v.is_floating_point() else v for n, v in reader.state_dict().items()}
    try:
        save_file({name: value.contiguous() for name, value in halved.items()}, partial, metadata)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def load_reader(path: Path) -> LipReader:
    """Read a lip-reader.

    Raises
    ------
    CheckpointError
        The file is none.
    OSError
        It cannot be read.
    """
    path.open("rb").close()  # an error of this names the file, one of the other does not
    try:
        with safe_open(path, "pt") as stored:
            metadata = stored.metadata()
            tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
        reader = LipReader(ReaderConfig(**json.loads(metadata["lip-reader"])))
        reader.load_state_dict(tensors)
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise CheckpointError(f"{path}: not a lip-reader of this program ({reason})") from error
    return reader.eval()
