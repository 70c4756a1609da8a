"""``main.py style``: how an actor speaks, from a capture of her."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.audio import load_audio
from core.command_line import OneLineParser
from core.inference.cache import NeutralCache
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.livelink import read_live_link
from emotion.calibration import calibrate, save_style


def run(words: Sequence[str]) -> int:
    """Fit a speaking style and write it; return the exit code."""
    parser = OneLineParser("main.py style", description="Learn how an actor speaks, for export --style.")
    add = parser.add_argument
    add("capture", type=Path, metavar="CAPTURE", help="a Live Link Face recording (.csv) of the actor")
    add("recording", type=Path, metavar="RECORDING", help="what she said in it")
    add("-o", "--out", type=Path, required=True, metavar="STYLE", help="name.json")
    options = parser.parse_args(words)
    capture = read_live_link(options.capture)
    lipsync = infer(InferenceRequest(load_audio(options.recording)), cache=NeutralCache())
    style = calibrate(capture, lipsync)
    save_style(style, options.out)
    gains = ", ".join(f"{part} {gain:g}" for part, gain in style.gains.items())
    print(f"{options.out}: style {style.style:g}, {gains}")
    return 0
