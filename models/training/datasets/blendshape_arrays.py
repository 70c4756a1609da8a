"""Blendshapes in VOCASET's manner: one array of all frames, and pickles that say which recording they are of.

``data_verts.npy`` (rows, channels, 1) at 30 Hz, ``raw_audio_fixed.pkl`` {recording: audio, sample_rate},
``subj_seq_to_idx.pkl`` {recording: {frame: row}} and, where it was made, ``processed_audio_deepspeech.pkl``.
Recordings have no sentences and count as speakers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from models.training.datasets.arkit import SPACE, by_name
from models.training.datasets.files import map_array, read_pickle
from models.training.datasets.line import Entry, Line, in_order
from models.training.datasets.records import rows_of, sound_of, windows_of

FPS = 30
CAPTURED: tuple[str, ...] = (
    *("browInnerUp", "browDownLeft", "eyeBlinkLeft", "eyeSquintLeft", "eyeWideLeft", "eyeLookUpLeft"),
    *("eyeLookOutLeft", "eyeLookInLeft", "eyeLookDownLeft", "noseSneerLeft", "mouthUpperUpLeft"),
    *("mouthSmileLeft", "mouthLeft", "mouthFrownLeft", "mouthLowerDownLeft", "jawLeft", "cheekPuff"),
    *("mouthShrugUpper", "mouthFunnel", "mouthRollLower", "jawOpen", "tongueOut", "mouthPucker"),
    *("mouthRollUpper", "jawRight", "mouthLowerDownRight", "mouthFrownRight", "mouthRight"),
    *("mouthSmileRight", "mouthUpperUpRight", "noseSneerRight", "eyeLookDownRight", "eyeLookInRight"),
    *("eyeLookOutRight", "eyeLookUpRight", "eyeWideRight", "eyeSquintRight", "eyeBlinkRight"),
    *("browDownRight", "browOuterUpRight"),
)
"""Columns of the published array. Twelve channels were not captured, mouthClose and mouthPress among them."""


def read_blendshape_arrays(
    folder: Path, channels: Sequence[str] = CAPTURED, deepspeech: bool = False
) -> tuple[Entry, ...]:
    """List the recordings that have motion and sound.

    Parameters
    ----------
    folder : Path
    channels : sequence of str
        Names of the array's columns.
    deepspeech : bool
        Load DeepSpeech's windows, too; only recordings that have them are listed then.
    """
    map_array(folder / "data_verts.npy")  # says now, and not at the first line, that it is missing
    sounds = read_pickle(folder / "raw_audio_fixed.pkl")
    windows = read_pickle(folder / "processed_audio_deepspeech.pkl") if deepspeech else None
    entries = [
        Entry(
            name,
            name,
            partial(_load, folder, name, frames, tuple(channels), sounds[name], windows and windows[name]),
        )
        for name, frames in read_pickle(folder / "subj_seq_to_idx.pkl").items()
        if name in sounds and (windows is None or name in windows)
    ]
    return in_order(entries, folder)


def _load(folder: Path, name: str, places: Any, channels: tuple[str, ...], sound: Any, windows: Any) -> Line:
    path = folder / "data_verts.npy"
    taken = rows_of(map_array(path), places, folder / "subj_seq_to_idx.pkl", name)
    motion, known = by_name(taken.reshape(len(taken), -1), channels, path)
    samples, rate = sound_of(sound, folder / "raw_audio_fixed.pkl", name)
    line = Line(name, name, samples, rate, motion, FPS, SPACE, known=known)
    if windows is None:
        return line
    return line.with_windows(windows_of(windows, folder / "processed_audio_deepspeech.pkl", name))
