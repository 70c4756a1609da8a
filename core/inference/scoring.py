"""Lip gap of a head that speaks recordings, for scorers: ``<name>.npz`` with ``aperture`` and ``fps``.

``python -m core.inference.scoring RECORDINGS OUT [--model M] [--set KEY=VALUE] [--rig FILE] [--texts]``
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.audio import load_audio
from core.composing import spoken_poses
from core.errors import InputError
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.mesh import Floats
from core.neutral import Neutral
from core.rig import Rig
from core.transcript import Transcript


def lip_gap(rig: Rig, neutral: Neutral) -> Floats:
    """Distance of the inner lips at the midline in the rig's units, one per sample of the lipsync, (F,).

    Raises
    ------
    ValueError
        The rig has no lips.
    """
    if rig.lips is None:
        raise ValueError("the rig has no lips")
    return np.concatenate([rig.lips.gap(vertices) for vertices in spoken_poses(rig, neutral)])


def score_folder(recordings: Path, out: Path, rig: Rig, request: Callable[[Path], InferenceRequest]) -> None:
    """Write the lip gap of every .wav of a folder."""
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(recordings.glob("*.wav")):
        neutral = infer(request(path))
        np.savez(out / f"{path.stem}.npz", aperture=lip_gap(rig, neutral), fps=neutral.fps)


def _text(recording: Path) -> Transcript:
    return Transcript(json.loads(recording.with_suffix(".json").read_text(encoding="utf-8"))["transcript"])


def main(words: list[str]) -> int:
    """Run the command; returns the exit code."""
    from core.library import default_rig
    from core.rig_file import load_rig

    parser = argparse.ArgumentParser(prog="scoring", description=__doc__)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", default="default")
    parser.add_argument("--rig", type=Path)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--texts", action="store_true", help='give the "transcript" of NAME.json, too')
    options = parser.parse_args(words)
    settings = dict(word.split("=", 1) for word in options.set)

    def request(path: Path) -> InferenceRequest:
        text = _text(path) if options.texts else None
        return InferenceRequest(load_audio(path), options.model, settings, transcript=text)

    try:
        rig = load_rig(options.rig) if options.rig else default_rig()
        score_folder(options.recordings, options.out, rig, request)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
