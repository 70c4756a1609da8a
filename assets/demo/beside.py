"""Ways to move the mouth, one below the other: ``python -m assets.demo.beside OUT FOLDER [TAKES...]``.

FOLDER holds aligned speech (`core.evaluation.recordings`). For each clip a strip ``OUT/NAME.jpg`` of frames
from its loudest place: postures switched at the true times of the phones, as viseme programs do; the clip
in each folder of TAKES, exported as ``NAME.npz`` by any version of this program; and the default model.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from assets.head.sheet import Picture, Shot, shoot
from assets.head.visemes import VISEMES
from core.audio import load_audio
from core.channels import CHANNELS
from core.evaluation.recordings import Aligned, read_recordings
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.library import default_rig
from core.neutral import Neutral

CLIPS, COLUMNS = 10, 14
STEP = 0.1
"""Seconds from frame to frame."""
SIZE = (140, 124)
FOCUS, HEIGHT = (0.0, -62.0, 40.0), 96.0
FADE = 5
"""Frames at 60 Hz over which one posture goes over into the next."""
POSTURES = {
    **dict.fromkeys(("P", "B", "M"), "p b m"),
    **dict.fromkeys(("F", "V"), "f v"),
    **dict.fromkeys(("TH", "DH"), "th"),
    **dict.fromkeys(("T", "D"), "t d"),
    **dict.fromkeys(("K", "G", "NG", "HH", "Y"), "k g"),
    **dict.fromkeys(("CH", "JH", "SH", "ZH"), "ch sh"),
    **dict.fromkeys(("S", "Z"), "s z"),
    **dict.fromkeys(("N", "L"), "n l"),
    **dict.fromkeys(("R", "ER"), "r"),
    **dict.fromkeys(("AA", "AE", "AH", "AW", "AY"), "aa"),
    **dict.fromkeys(("EH", "EY"), "e"),
    **dict.fromkeys(("IH", "IY"), "i"),
    **dict.fromkeys(("AO", "OW", "OY"), "o"),
    **dict.fromkeys(("UH", "UW", "W"), "u"),
}
"""The posture of `VISEMES` for each phone; the others are silence."""


def switched(aligned: Aligned, seconds: float, fps: float = 60.0) -> Neutral:
    """Give every phone its posture, with no regard for its neighbours but a short fade."""
    weights = np.zeros((round(seconds * fps) + 1, len(CHANNELS)), np.float32)
    for phone in aligned.phones:
        posture = VISEMES[POSTURES.get(phone.phone, "silence")]
        row = [posture.get(name, 0.0) for name in CHANNELS]
        weights[round(phone.start * fps) : round(phone.end * fps)] = row
    faded = ndimage.uniform_filter1d(weights, FADE, axis=0, mode="nearest")
    return Neutral(fps, CHANNELS, faded, "visemes")


def strip(aligned: Aligned, takes: list[Path]) -> Image.Image:
    """Draw a clip, one way below the other.

    Raises
    ------
    InputError
        If the recording cannot be read.
    """
    clip = load_audio(aligned.sound)
    times = loudest(clip.mono(16_000)) + np.arange(COLUMNS, dtype=np.float64) * STEP
    ways = {"visemes": switched(aligned, clip.duration)}
    ways |= {take.name: _exported(take / f"{aligned.name}.npz") for take in takes}
    ways["this program"] = infer(InferenceRequest(clip))
    return Image.fromarray(np.concatenate([row(way, neutral, times) for way, neutral in ways.items()]))


def loudest(samples: NDArray[np.float32]) -> float:
    """Start of the stretch with most sound."""
    blocks = np.abs(samples[: len(samples) // 1600 * 1600].reshape(-1, 1600)).mean(1)
    heard = np.convolve(blocks, np.ones(round(COLUMNS * STEP * 10)), "valid")
    return float(heard.argmax()) / 10


def _exported(path: Path) -> Neutral:
    with np.load(path, allow_pickle=False) as take:
        return Neutral(float(take["fps"]), tuple(take["channels"].tolist()), take["weights"])


def row(way: str, neutral: Neutral, times: NDArray[np.float64]) -> Picture:
    """Draw one way to move the mouth, named."""
    frames = neutral.arranged(CHANNELS).sample(times).tolist()
    weights = [dict(zip(CHANNELS, row, strict=True)) for row in frames]
    pictures = shoot(default_rig(), [Shot("", each, 18, 2, FOCUS, HEIGHT) for each in weights], SIZE)
    row = Image.fromarray(np.concatenate(pictures, axis=1))
    ImageDraw.Draw(row).text(
        (6, 10),
        way,
        (240, 240, 240),
        ImageFont.load_default(13),
        "lm",
        stroke_width=2,
        stroke_fill=(24, 26, 30),
    )
    return np.asarray(row)


if __name__ == "__main__":
    out, folder, *others = (Path(word) for word in sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    for each in read_recordings(folder)[1][:CLIPS]:
        strip(each, others).save(out / f"{each.name}.jpg", quality=86)
