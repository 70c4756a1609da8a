"""Hearing in blocks, and whole: ``python -m models.training.experiments.encoder_seams``.

An encoder that attends to all it is given cannot be cut without a trace. With random weights of the shape of
``wav2vec2-base`` a minute of speech is heard in blocks of several lengths and whole, and moves an untrained
FaceFormer as published. Printed are root mean squares of the difference in standard deviations over time, and
the largest change of the difference from a frame to the next in those of such changes, which is what a seam
would be seen by. A number of seconds as a further word is another length than 60.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from models.frontend import SAMPLE_RATE
from models.toolbox.encoders import SoundEncoder, standardised
from models.toolbox.listening import SOUND, listen
from models.toolbox.published import faceformer
from models.training.synthetic.lines import synthetic_lines

SECONDS, BLOCKS = 60, (10, 20, 30)
FPS, STYLES, VERTICES = 30.0, 8, 100
HEADING = ("heard in blocks of", "states", "states, seam", "motion", "motion, seam")
PLAIN = {"kind": "wav2vec2", "layer": "last", "standardised": True, "config": {}}


def main(words: Sequence[str]) -> int:
    """Print the table; returns the exit code."""
    sound = speech(int(words[0]) if words else SECONDS)
    torch.manual_seed(0)
    rows = [*heard_rows(sound), *moved_rows(sound)]
    for cells in (HEADING, ("---",) * len(HEADING), *rows):
        print("| " + " | ".join(cells) + " |")
    return 0


def speech(seconds: int) -> NDArray[np.float32]:
    """Join lines of several voices."""
    lines = [line.samples for line in synthetic_lines(seconds, FPS)]
    return np.concatenate(lines)[: seconds * SAMPLE_RATE]


@torch.inference_mode()
def heard_rows(sound: NDArray[np.float32]) -> list[tuple[str, ...]]:
    """Compare hidden states."""
    encoder = SoundEncoder(PLAIN)
    lively(encoder.network)
    encoder.eval()
    wave = torch.from_numpy(standardised(sound))[None]
    encoder.block = wave.shape[1]
    whole = encoder(wave)
    rows: list[tuple[str, ...]] = []
    for seconds in BLOCKS:
        encoder.block = seconds * SAMPLE_RATE // encoder.hop * encoder.hop
        rows.append((f"{seconds} s, a third shared", *apart(encoder(wave), whole), "", ""))
    return rows


@torch.inference_mode()
def moved_rows(sound: NDArray[np.float32]) -> list[tuple[str, ...]]:
    """Compare what the decoder gets, and what it makes of that."""
    samples = listen(sound, FPS, SOUND)
    features = torch.from_numpy(np.pad(samples, ((0, 0), (0, STYLES))))[None]
    net = faceformer.PublishedFaceFormer(features.shape[2], 3 * VERTICES, styles=STYLES)
    lively(net)
    net.eval()
    heard = net.hear(features)
    whole = torch.cat([net.heard(features[..., :-STYLES]).flatten(2), features[..., -STYLES:]], 2)
    moved, due = (net.go_on(each, slice(0, each.shape[1]))[0] for each in (heard, whole))
    seconds = faceformer.LONGEST / FPS
    states = apart(heard[..., :-STYLES], whole[..., :-STYLES])
    return [(f"{seconds:.0f} s, FaceFormer as published", *states, *apart(moved, due))]


def lively(net: nn.Module) -> None:
    """Draw weights so large that what is heard counts, at every layer."""
    for part in net.modules():
        if isinstance(part, nn.Linear):
            nn.init.normal_(part.weight, std=part.in_features**-0.5)


def apart(found: torch.Tensor, due: torch.Tensor) -> tuple[str, str]:
    """Difference (1, F, C) as a whole, and at the frame where it changes most."""
    off, course = found - due, due.diff(dim=1)
    whole = _size(off) / _size(due - due.mean(dim=1, keepdim=True))
    seam = off.diff(dim=1).square().mean(dim=2).sqrt().max() / _size(course)
    return f"{whole:.3f}", f"{seam:.3f}"


def _size(values: torch.Tensor) -> torch.Tensor:
    return values.square().mean().sqrt()


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.exit(main(sys.argv[1:]))
