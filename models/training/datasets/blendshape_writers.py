"""Write blendshape datasets in the published layouts; see `writers` for those of vertices."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from models.training.datasets.arkit import ALPHABETICAL, CHANNELS
from models.training.datasets.blendshape_arrays import CAPTURED
from models.training.datasets.line import Floats, Line
from models.training.datasets.writers import save_array, save_pickle, to_int16, write_sound

ANGLES = tuple(
    f"{part}{angle}" for part in ("Head", "LeftEye", "RightEye") for angle in ("Yaw", "Pitch", "Roll")
)


def write_live_link(folder: Path, lines: Iterable[Line]) -> None:
    """Write lines as the app does, timecodes from midnight on; angles of head and eyes are 0."""
    for line in lines:
        path = folder / f"{line.name}.csv"
        write_sound(path.with_suffix(".wav"), line)
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            names = [name[0].upper() + name[1:] for name in CHANNELS]
            table.writerow(["Timecode", "BlendshapeCount", *names, *ANGLES])
            for number, weights in enumerate(line.motion):
                values = [f"{value:.10f}" for value in (*weights, *[0.0] * len(ANGLES))]
                table.writerow([_timecode(number * 60 / line.fps), len(CHANNELS) + len(ANGLES), *values])


def write_beat(folder: Path, lines: Iterable[Line]) -> None:
    """Write lines of 60 Hz in folders by the number their name begins with; names as BEAT's."""
    for line in lines:
        path = folder / line.name.partition("_")[0] / f"{line.name}.json"
        write_sound(path.with_suffix(".wav"), line)
        weights = columns(line.motion, ALPHABETICAL)
        frames = [
            {"weights": frame.tolist(), "time": number / line.fps, "rotation": []}
            for number, frame in enumerate(weights)
        ]
        path.write_text(json.dumps({"names": ALPHABETICAL, "frames": frames}), encoding="utf-8")


def write_blendshape_arrays(folder: Path, lines: Iterable[Line], channels: Sequence[str] = CAPTURED) -> None:
    """Write lines of 30 Hz as `blendshape_arrays.read_blendshape_arrays` reads them."""
    lines = list(lines)
    first = np.cumsum([0, *(len(line.motion) for line in lines)]).tolist()
    rows = {
        line.name: {frame: start + frame for frame in range(len(line.motion))}
        for line, start in zip(lines, first, strict=False)
    }
    sounds = {line.name: {"audio": to_int16(line.samples), "sample_rate": line.rate} for line in lines}
    weights = np.concatenate([columns(line.motion, channels) for line in lines])
    save_array(folder / "data_verts.npy", weights[:, :, None])
    save_pickle(folder / "raw_audio_fixed.pkl", sounds)
    save_pickle(folder / "subj_seq_to_idx.pkl", rows)
    if all(line.deepspeech is not None for line in lines):
        heard = {line.name: {**sounds[line.name], "audio": line.deepspeech} for line in lines}
        save_pickle(folder / "processed_audio_deepspeech.pkl", heard)


def columns(motion: Floats, channels: Sequence[str]) -> Floats:
    """Pick the columns of some channels, in their order."""
    return motion[:, [CHANNELS.index(name) for name in channels]]


def _timecode(frame: float) -> str:
    seconds, rest = divmod(frame, 60)
    minutes, seconds = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}:{rest:06.3f}"
