"""BIWI B3D(AC)2 in the layout of FaceFormer: 25 Hz, 23370 vertices, the emotional sentences e01 to e40.

Fanelli et al., "A 3-D Audio-Visual Corpus of Affective Communication", IEEE Transactions on Multimedia 2010.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from models.training.datasets.faceformer import read_faceformer
from models.training.datasets.line import Entry
from models.training.datasets.splits import Share, Split, published

FPS = 25
SEEN = ("F2", "F3", "F4", "M3", "M4", "M5")
UNSEEN = ("F1", "F5", "F6", "F7", "F8", "M1", "M2", "M6")


def read_biwi(folder: Path, topology: str = "biwi") -> tuple[Entry, ...]:
    """List the lines; see `read_faceformer` for the files and the errors."""
    return read_faceformer(folder, FPS, FPS, topology)


def split_biwi(entries: tuple[Entry, ...], test: Literal["A", "B"] = "A") -> Split:
    """Split as published: sentences 1 to 32 train, 33 to 36 validate, 37 to 40 test.

    Parameters
    ----------
    test : 'A' or 'B'
        A: the six speakers who train. B: the eight others.
    """
    return published(
        entries,
        Share(SEEN, range(1, 33)),
        Share(SEEN, range(33, 37)),
        Share(SEEN if test == "A" else UNSEEN, range(37, 41)),
    )
