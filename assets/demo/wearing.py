"""How well does the residual network wear emotions? ``python -m assets.demo.wearing RECORDING...`` prints it.

On recordings and with the program's ten emotions, none of which it learned from: its distance from the rules
that it learned (`models.training.residual.performances`), beside that of the constant pose; how much of the
pose's upper face and mouth is there in speech and in pauses; and how long a minute takes.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from core.audio import load_audio
from core.channels import CHANNELS, MOUTH, PARTS
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.library import emotion_poses
from core.mesh import Floats
from core.neutral import Neutral
from emotion.layers import pose_vector
from emotion.residual import DRIFT_SEED, worn
from emotion.voice import Voice, voice_of
from models.residual import drift
from models.training.residual import performances
from models.training.residual.performances import FPS, SPEECH_DB, Lines, performed

HEADER = """\
| emotion | rms error: learned | constant | upper face in speech | in pauses | mouth in speech | in pauses |
|---|---|---|---|---|---|---|"""


def by_rule(pose: Floats, neutral: Neutral, voice: Voice) -> Floats:
    """Perform an emotion by the rules, shape (F, C)."""
    spoken = neutral.arranged(performances.CHANNELS).weights
    times, heard = np.arange(len(spoken)) / FPS, np.arange(len(voice.loudness)) / voice.fps
    prosody = [
        np.interp(times, heard, each)[None].astype(np.float32) for each in (voice.loudness, voice.stress)
    ]
    given = np.array([pose[CHANNELS.index(name)] for name in performances.CHANNELS], np.float32)
    made = performed(Lines(spoken[None], *prosody), given[None], drift(len(spoken), FPS, DRIFT_SEED)[None])
    return Neutral(FPS, performances.CHANNELS, made[0]).arranged(CHANNELS).weights


def row(name: str, pose: Floats, heard: list[tuple[Neutral, Voice]]) -> str:
    """One line of the table: an emotion over all recordings."""
    learned = np.concatenate([worn(pose, neutral, voice).weights for neutral, voice in heard])
    rule = np.concatenate([by_rule(pose, neutral, voice) for neutral, voice in heard])
    talks = np.concatenate([_talking(neutral, voice) for neutral, voice in heard])
    posed = pose > 0
    errors = [np.sqrt(np.square(each - rule)[:, posed].mean()) for each in (learned, pose)]
    shares = []
    for part in (PARTS["upper face"], MOUTH):
        columns = [k for k, channel in enumerate(CHANNELS) if channel in part and pose[k] > 0]
        full = pose[columns].mean() if columns else np.nan
        shares += [
            learned[when][:, columns].sum(1).mean() / max(len(columns), 1) / full for when in (talks, ~talks)
        ]
    cells = [name, *(f"{error:.3f}" for error in errors), *(f"{share:.2f}" for share in shares)]
    return f"| {' | '.join(cells)} |"


def _talking(neutral: Neutral, voice: Voice) -> np.typing.NDArray[np.bool_]:
    times = np.arange(len(neutral.weights)) / neutral.fps
    return np.asarray(
        np.interp(times, np.arange(len(voice.loudness)) / voice.fps, voice.loudness) > SPEECH_DB
    )


def main(recordings: list[str]) -> None:
    """Print the table."""
    clips = [load_audio(Path(name)) for name in recordings]
    heard = [(infer(InferenceRequest(clip)), voice_of(clip)) for clip in clips]
    print(HEADER)
    seconds = sum(clip.duration for clip in clips)
    for name, pose in emotion_poses().items():
        worn_pose = pose_vector(pose, CHANNELS)
        print(row(name, worn_pose, heard), flush=True)
    begun = time.perf_counter()
    for neutral, voice in heard:
        worn(worn_pose, neutral, voice)
    print(f"a minute: {(time.perf_counter() - begun) * 60 / seconds:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
