"""Film strips of emotions: ``python -m assets.demo.emotion_strip OUT.jpg [--template T] [RECORDING START]``.

Rows: the neutral speech; then for each emotion the constant pose over it, and that which follows the speech.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from assets.head.sheet import Picture, Shot, film, tile
from core.audio import load_audio
from core.curve import Curve
from core.document import Document, Track
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.library import default_rig, emotion_poses
from core.paths import DEMO_CLIP
from core.rig import Rig
from core.templates.load import load_template
from emotion.performance import Performance, Stage
from emotion.residual import KINDS, RESIDUAL
from emotion.voice import voice_of

SHOWN = ("joy", "sadness", "anger")
COLUMNS, STEP = 10, 0.1
"""Frames of a row, and seconds between them."""
SIZE = (164, 196)
ABOVE_LIPS, HEIGHT = 38.0, 205.0
"""Millimetres that the picture's middle lies over the mouth, and that it is high."""


def emotion_strip(recording: Path, rig: Rig, start: float) -> Image.Image:
    """Draw the strip from ``start`` seconds on.

    Raises
    ------
    InputError
        If the recording cannot be read.
    """
    clip = load_audio(recording)
    neutral = infer(InferenceRequest(clip))
    stage = Stage.build(rig, neutral, emotion_poses(), audio=clip, voice=voice_of(clip))
    times = start + np.arange(COLUMNS, dtype=np.float64) * STEP
    rows = {"neutral": Document()}
    for emotion in SHOWN:
        for kind in reversed(KINDS):
            track = Track(emotion, Curve.constant(1.0))
            rows[f"{emotion}, {kind}"] = Document(tracks=(track,), settings={RESIDUAL: kind})
    shot, pictures, labels = _shot(rig), list[Picture](), list[str]()
    for label, document in rows.items():
        faces = Performance(document, stage).vertices(times)
        pictures += film(rig, [(shot, face) for face in faces], SIZE)
        labels += [f"{label}  {seconds:.1f} s" if k == 0 else "" for k, seconds in enumerate(times.tolist())]
    return tile(pictures, labels, COLUMNS)


def _shot(rig: Rig) -> Shot:
    assert rig.lips is not None
    x, y, z = rig.mesh.vertices[rig.lips.upper].mean(0).tolist()
    focus = (x, y + ABOVE_LIPS * rig.millimetre, z)
    return Shot("", {}, 14, 2, focus, HEIGHT * rig.millimetre)


def main() -> None:
    """Draw and write."""
    parser = argparse.ArgumentParser(prog="emotion_strip", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("recording", type=Path, nargs="?", default=DEMO_CLIP)
    parser.add_argument("start", type=float, nargs="?", default=4.2)
    parser.add_argument("--template", type=Path, help="the head; the default head where not given")
    options = parser.parse_args()
    rig = load_template(options.template) if options.template else default_rig()
    emotion_strip(options.recording, rig, options.start).save(options.out, quality=74)


if __name__ == "__main__":
    main()
