"""A capture played on the default head, as a film strip: ``python -m assets.head.strip CSV OUT.jpg``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from assets.head.sheet import Shot, shoot, tile
from core.library import default_rig
from core.livelink import read_live_link

FRAMES, COLUMNS = 24, 8
SIZE = (236, 270)
FOCUS, HEIGHT = (0.0, -32.0, 30.0), 215.0


def film_strip(capture: Path) -> Image.Image:
    """Draw frames spread evenly over a Live Link Face recording, with their times.

    Raises
    ------
    InputError
        If the recording cannot be read.
    """
    motion = read_live_link(capture)
    times = (np.arange(FRAMES) + 0.5) * motion.duration / FRAMES
    weights = [dict(zip(motion.channels, row, strict=True)) for row in motion.sample(times).tolist()]
    labels = [f"{seconds:.1f} s" for seconds in times]
    shots = [Shot(name, row, focus=FOCUS, height=HEIGHT) for name, row in zip(labels, weights, strict=True)]
    return tile(shoot(default_rig(), shots, SIZE), labels, COLUMNS)


if __name__ == "__main__":
    film_strip(Path(sys.argv[1])).save(sys.argv[2], quality=90)
