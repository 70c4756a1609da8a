"""How far a stream is from the whole: ``python -m core.evaluation.stream_check RECORDING...`` prints it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from core.audio import AudioClip, load_audio
from core.channels import CHANNELS
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.inference.scoring import lip_gap
from core.inference.streaming import LipsyncStream
from core.library import default_rig
from core.mesh import Floats
from core.neutral import Neutral

STEP = 0.1
"""Seconds of sound fed at once."""
UNKNOWN = 60
"""Frames in which the voice is not known yet."""


def streamed(clip: AudioClip) -> Neutral:
    """Make the lipsync of a recording as if it came in live."""
    stream, rate = LipsyncStream(), 16_000
    sound, step = clip.mono(rate), round(STEP * rate)
    parts = [stream.feed(sound[start : start + step]) for start in range(0, len(sound), step)]
    parts.append(stream.finish())
    return Neutral(stream.fps, CHANNELS, np.concatenate([part for part in parts if len(part)]))


def gaps(clip: AudioClip) -> tuple[Floats, Floats]:
    """Lip gap of the default head in mm, of the whole recording and of the stream, (F,) each."""
    rig = default_rig()
    return lip_gap(rig, infer(InferenceRequest(clip))), lip_gap(rig, streamed(clip))


def main(recordings: list[Path]) -> None:
    """Print r and difference of each recording after the first second, then of all."""
    early, late = [], []
    for path in recordings:
        whole, live = gaps(load_audio(path))
        off = np.abs(whole - live)
        early.append(off[:UNKNOWN])
        late.append(off[UNKNOWN:])
        r = np.corrcoef(whole[UNKNOWN:], live[UNKNOWN:])[0, 1]
        print(f"{path.stem}: r {r:.3f}, {_spread(off[UNKNOWN:])}")
    print(f"all: {_spread(np.concatenate(late))}; in the first second {_spread(np.concatenate(early))}")


def _spread(off: Floats) -> str:
    return f"off by {np.median(off):.2f} mm in the median, {np.percentile(off, 95):.2f} in 95 %"


if __name__ == "__main__":
    main([Path(word) for word in sys.argv[1:]])
