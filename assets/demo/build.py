"""Speak the demo clip with festival: ``python -m assets.demo.build``."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from core.paths import DEMO_CLIP

# Bilabials, round vowels, a bright phrase and a sad one, so that every part of the program has work to do.
TEXT = (
    "Hello! My name is Mary, and I am so happy to meet you. "
    "Push me, pull me: oh, what a beautiful voice! "
    "But please, do not leave me."
)
VOICE = "voice_cmu_us_slt_arctic_hts"
PEAK = 0.7


def build() -> None:
    """Write the clip."""
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        command = ["text2wave", "-eval", f"({VOICE})", "-o", str(spoken)]
        subprocess.run(command, input=TEXT, text=True, check=True)
        samples, rate = soundfile.read(spoken, dtype="float32")
    samples *= PEAK / float(np.abs(samples).max())
    soundfile.write(DEMO_CLIP, samples, rate, subtype="PCM_16", format="FLAC")


if __name__ == "__main__":
    build()
