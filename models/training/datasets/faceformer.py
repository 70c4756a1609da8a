"""The layout of FaceFormer: one array and one recording a line. VOCASET and BIWI are passed around in it.

``vertices_npy/<speaker>_<sentence>.npy`` (F, 3V), ``wav/<speaker>_<sentence>.wav`` and ``templates.pkl``. Fan
et al., "FaceFormer: Speech-Driven 3D Facial Animation with Transformers", CVPR 2022.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from models.training.datasets.files import as_motion, as_template, every, map_array, read_pickle, read_sound
from models.training.datasets.line import Entry, Line, in_order

STORED_FPS = 60
"""Of VOCASET in this layout; its users train on every other frame."""


def read_faceformer(
    folder: Path, fps: float = 30, stored_fps: float = STORED_FPS, topology: str = "flame"
) -> tuple[Entry, ...]:
    """List the lines that have motion, sound and a template.

    Parameters
    ----------
    folder : Path
    fps : float
        What to read: `stored_fps`, or a whole fraction of it.
    topology : str
        What the vertices are called in the motion space.

    Raises
    ------
    DatasetError
        If the templates are missing or damaged, or no line is found.
    """
    step = every(stored_fps, fps, folder / "vertices_npy")
    templates = read_pickle(folder / "templates.pkl")
    entries = [
        Entry(path.stem, speaker, partial(_load, path, speaker, templates[speaker], step, fps, topology))
        for path in (folder / "vertices_npy").glob("*.npy")
        if (speaker := path.stem.rpartition("_")[0]) in templates and _sound(path).exists()
    ]
    return in_order(entries, folder)


def _sound(path: Path) -> Path:
    return path.parents[1] / "wav" / f"{path.stem}.wav"


def _load(path: Path, speaker: str, template: Any, step: int, fps: float, topology: str) -> Line:
    motion = as_motion(map_array(path), path, step)
    samples, rate = read_sound(_sound(path))
    fitting = as_template(template, motion.shape[1], path.parents[1] / "templates.pkl", speaker)
    return Line(path.stem, speaker, samples, rate, motion, fps, f"vertices:{topology}", template=fitting)
