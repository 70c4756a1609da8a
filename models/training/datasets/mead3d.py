"""Folders in the manner of MEAD: ``<speaker>/<emotion>/level_<n>/<clip>`` as .npy or .npz, and .wav.

A .npy holds vertices (F, V, 3) or (F, 3V); a .npz holds coefficients of FLAME, ``gt_exp`` (F, E) and
``gt_jaw`` (F, 3), axis and angle. ``templates.pkl`` {speaker: (V, 3)} in the uppermost folder goes with
vertices. Wang et al., "MEAD: A Large-scale Audio-visual Dataset for Emotional Talking-face Generation", ECCV
2020.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import numpy as np

from models.training.datasets.files import (
    as_motion,
    as_template,
    map_array,
    read_arrays,
    read_pickle,
    read_sound,
)
from models.training.datasets.line import DatasetError, Entry, Floats, Line, emotion_name, in_order

FPS = 30
LEVEL = re.compile(r"level_(\d+)")
COEFFICIENTS = ("gt_exp", "gt_jaw")


def read_mead3d(folder: Path, fps: float = FPS, topology: str = "flame") -> tuple[Entry, ...]:
    """List the clips that have a sound of the same name.

    Parameters
    ----------
    folder : Path
    fps : float
        Of the motion: 30 as filmed, 25 in EMOTE's reconstructions.
    topology : str
        What vertices are called in the motion space; coefficients are in ``pca:flame``.
    """
    templates = read_pickle(folder / "templates.pkl") if (folder / "templates.pkl").exists() else {}
    entries = []
    for path in folder.glob("*/*/level_*/*.np[yz]"):
        speaker, emotion, level, _ = path.relative_to(folder).parts
        numbered = LEVEL.fullmatch(level)
        if numbered and path.with_suffix(".wav").exists():
            entry = partial(Entry, _name(folder, path), speaker, emotion=emotion_name(emotion))
            load = partial(_load, folder, path, fps, topology, templates.get(speaker))
            entries.append(entry(load=load, level=int(numbered[1])))
    return in_order(entries, folder)


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).with_suffix("").as_posix()


def _load(folder: Path, path: Path, fps: float, topology: str, template: Floats | None) -> Line:
    speaker, emotion, level, _ = path.relative_to(folder).parts
    vertices = path.suffix == ".npy"
    motion = as_motion(map_array(path), path) if vertices else _coefficients(path)
    rest = None
    if vertices and template is not None:
        rest = as_template(template, motion.shape[1], folder / "templates.pkl", speaker)
    samples, rate = read_sound(path.with_suffix(".wav"))
    return Line(
        _name(folder, path),
        speaker,
        samples,
        rate,
        motion,
        fps,
        f"vertices:{topology}" if vertices else "pca:flame",
        emotion=emotion_name(emotion),
        level=int(level.removeprefix("level_")),
        template=rest,
    )


def _coefficients(path: Path) -> Floats:
    stored = read_arrays(path)
    if not set(COEFFICIENTS) <= set(stored):
        raise DatasetError(path, f"holds no {' and '.join(COEFFICIENTS)}")
    parts = [as_motion(stored[name], path) for name in COEFFICIENTS]
    if len(parts[0]) != len(parts[1]) or parts[1].shape[1] != 3:
        raise DatasetError(path, "has coefficients and jaws that do not go together")
    return np.concatenate(parts, 1)
