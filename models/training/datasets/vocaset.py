"""VOCASET as its authors publish it: all frames in one array, and pickles that say which are whose.

``data_verts.npy`` (rows, 5023, 3) in metres at 60 Hz, ``raw_audio_fixed.pkl``, ``templates.pkl``,
``subj_seq_to_idx.pkl`` and ``processed_audio_deepspeech.pkl``. Cudeiro et al., "Capture, Learning, and
Synthesis of 3D Speaking Styles", CVPR 2019.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from models.training.datasets.files import as_motion, as_template, every, map_array, read_pickle
from models.training.datasets.line import Entry, Line, in_order
from models.training.datasets.records import read_nested, rows_of, sound_of, windows_of
from models.training.datasets.splits import Share, Split, published

FPS = 60
TRAIN = (
    "FaceTalk_170728_03272_TA",
    "FaceTalk_170904_00128_TA",
    "FaceTalk_170725_00137_TA",
    "FaceTalk_170915_00223_TA",
    "FaceTalk_170811_03274_TA",
    "FaceTalk_170913_03279_TA",
    "FaceTalk_170904_03276_TA",
    "FaceTalk_170912_03278_TA",
)
"""Speakers to train on, in the order of the style vectors of FaceFormer and its successors."""
VALID = ("FaceTalk_170811_03275_TA", "FaceTalk_170908_03277_TA")
TEST = ("FaceTalk_170809_00138_TA", "FaceTalk_170731_00024_TA")


@dataclass(frozen=True, eq=False)
class _Files:
    """What all lines share. Vertices are mapped anew for each line: a map sent to a worker is copied."""

    folder: Path
    sounds: dict[str, Any]
    templates: dict[str, Any]
    rows: dict[str, Any]
    windows: dict[str, Any]


def read_vocaset(
    folder: Path, fps: float = 30, topology: str = "flame", deepspeech: bool = False
) -> tuple[Entry, ...]:
    """List the lines of which motion, sound and template exist (473 to 475 of the published 480).

    Parameters
    ----------
    folder : Path
    fps : float
        60, or 30 for every other frame, as FaceFormer and its successors train.
    topology : str
        What the vertices are called in the motion space.
    deepspeech : bool
        Load the windows of DeepSpeech, too; only lines that have them are listed then.

    Raises
    ------
    DatasetError
        If a file is missing, damaged or asks to run code.
    """
    map_array(folder / "data_verts.npy")  # says now, and not at the first line, that it is missing
    files = _Files(
        folder,
        read_nested(folder / "raw_audio_fixed.pkl"),
        read_pickle(folder / "templates.pkl"),
        read_nested(folder / "subj_seq_to_idx.pkl"),
        read_nested(folder / "processed_audio_deepspeech.pkl") if deepspeech else {},
    )
    step = every(FPS, fps, folder / "data_verts.npy")
    entries = [
        Entry(f"{speaker}_{sentence}", speaker, partial(_load, files, speaker, sentence, step, topology))
        for speaker, sentences in files.rows.items()
        for sentence in sentences
        if sentence in files.sounds.get(speaker, ())
        and speaker in files.templates
        and (not deepspeech or sentence in files.windows.get(speaker, ()))
    ]
    return in_order(entries, folder)


def split_vocaset(entries: tuple[Entry, ...]) -> Split:
    """Split as published: eight speakers train; two and two are held out, their sentences 21 to 40."""
    return published(
        entries,
        Share(TRAIN, range(1, 41)),
        Share(VALID, range(21, 41)),
        Share(TEST, range(21, 41)),
    )


def _load(files: _Files, speaker: str, sentence: str, step: int, topology: str) -> Line:
    folder, name = files.folder, f"{speaker}_{sentence}"
    path, places = folder / "data_verts.npy", files.rows[speaker][sentence]
    motion = as_motion(rows_of(map_array(path), places, folder / "subj_seq_to_idx.pkl", name), path, step)
    template = as_template(files.templates[speaker], motion.shape[1], folder / "templates.pkl", speaker)
    samples, rate = sound_of(files.sounds[speaker][sentence], folder / "raw_audio_fixed.pkl", name)
    line = Line(name, speaker, samples, rate, motion, FPS / step, f"vertices:{topology}", template=template)
    if not files.windows:
        return line
    path = folder / "processed_audio_deepspeech.pkl"
    return line.with_windows(windows_of(files.windows[speaker][sentence], path, name, step))
