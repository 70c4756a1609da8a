"""Networks side by side on the demo clip: ``python -m assets.demo.networks OUT.jpg CHECKPOINT...``.

A row of frames each, from the clip's loudest place, the default model first.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from assets.demo.beside import COLUMNS, STEP, loudest, row
from core.audio import load_audio
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.paths import DEMO_CLIP


def sheet(checkpoints: list[str]) -> Image.Image:
    """Let each speak the demo clip with the default head.

    Raises
    ------
    InputError
        If a file is no network, or what it moves is no face that is known.
    """
    clip = load_audio(DEMO_CLIP)
    times = loudest(clip.mono(16_000)) + np.arange(COLUMNS, dtype=np.float64) * STEP
    rows = [
        row(Path(model).stem, infer(InferenceRequest(clip, model=model)), times)
        for model in ("default", *checkpoints)
    ]
    return Image.fromarray(np.concatenate(rows))


if __name__ == "__main__":
    out, *files = sys.argv[1:]
    sheet(files).save(out, quality=86)
