"""What a reading is worth: CTC and an attending decoder against what was said.

Letters: B clips, F frames, L visemes of a clip.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import torch
from torch import nn

from models.training.lipreading.visemes import QUIET

NOTHING = -100
"""Fills up transcripts of unequal length."""


def transcript_loss(
    ctc: torch.Tensor, attended: torch.Tensor, transcripts: torch.Tensor, edge: int
) -> torch.Tensor:
    """Sum of CTC's loss and the cross-entropy of a decoder that attends (Watanabe et al. 2017).

    Parameters
    ----------
    ctc : tensor of shape (B, F, tokens)
        Log-probabilities; 0 is the blank.
    attended : tensor of shape (B, L + 1, tokens)
        Log-probabilities of each token after those before it.
    transcripts : tensor of shape (B, L)
        Filled up with `NOTHING`.
    edge : int
        Token after the last.
    """
    lengths = (transcripts != NOTHING).sum(1)
    frames = torch.full_like(lengths, ctc.shape[1])
    aligned = nn.functional.ctc_loss(
        ctc.transpose(0, 1), transcripts.clamp(min=0), frames, lengths, zero_infinity=True
    )
    after = nn.functional.pad(transcripts, (0, 1), value=NOTHING)
    after[torch.arange(len(after)), lengths] = edge
    said = nn.functional.nll_loss(attended.flatten(0, 1), after.flatten(), ignore_index=NOTHING)
    return aligned + said


def padded(transcripts: Sequence[Sequence[int]]) -> torch.Tensor:
    """Transcripts as one tensor (B, L), filled up with `NOTHING`."""
    rows = [torch.tensor(each, dtype=torch.long) for each in transcripts]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=NOTHING)


def best_path(log_probabilities: torch.Tensor) -> list[int]:
    """Read CTC's likeliest class of each frame of one clip, (F, CLASSES): repeats joined, blanks dropped."""
    classes: Sequence[int] = log_probabilities.argmax(-1).tolist()
    return [number for number, _ in groupby(classes) if number != QUIET]
