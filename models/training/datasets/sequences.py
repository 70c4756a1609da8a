"""A folder of anyone's own sequences: a .wav, and of the same name an OBJ folder, .npy, .npz or Alembic file.

A folder within the folder names the speaker; files that lie loose belong to one. ``template.obj`` or
``template.npy`` beside the sequences is the head at rest.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.training.datasets.alembic import read_alembic
from models.training.datasets.files import as_motion, as_template, map_array, read_arrays, read_sound
from models.training.datasets.line import DatasetError, Entry, Floats, Line, in_order

SUFFIXES = (".npy", ".npz", ".abc")
NOTHING = "no .wav has a motion of the same name beside it (.csv, .npy, .npz, .abc, or a folder of .obj)"


def read_sequences(folder: Path, topology: str, fps: float = 30) -> tuple[Entry, ...]:
    """List the sequences that have a sound of the same name.

    Parameters
    ----------
    folder : Path
    topology : str
        What the vertices are called in the motion space; all sequences must share it.
    fps : float
        Of OBJ and .npy sequences; .npz files (``vertices``, ``fps``) and Alembic bring their own.
    """
    entries = []
    for sound in folder.rglob("*.wav"):
        source = _motion_file(sound)
        if source:
            name = sound.relative_to(folder).with_suffix("").as_posix()
            loose = sound.parent == folder
            speaker = folder.resolve().name if loose else sound.relative_to(folder).parts[0]
            load = partial(_load, name, speaker, source, sound, f"vertices:{topology}", fps)
            entries.append(Entry(name, speaker, load))
    return in_order(entries, folder, NOTHING)


def _motion_file(sound: Path) -> Path | None:
    files = [path for suffix in SUFFIXES if (path := sound.with_suffix(suffix)).exists()]
    if sound.with_suffix("").is_dir():
        files.append(sound.with_suffix(""))
    if len(files) > 1:
        raise DatasetError(sound, f"has several motions: {', '.join(path.name for path in files)}")
    return files[0] if files else None


def _load(name: str, speaker: str, source: Path, sound: Path, space: str, fps: float) -> Line:
    vertices, own_fps = _vertices(source, fps)
    motion = as_motion(vertices, source)
    samples, rate = read_sound(sound)
    return Line(
        name,
        speaker,
        samples,
        rate,
        motion,
        own_fps,
        space,
        template=_template(sound.parent, motion, speaker),
    )


def _vertices(source: Path, fps: float) -> tuple[NDArray[Any], float]:
    if source.is_dir():
        return _obj_sequence(source), fps
    if source.suffix == ".npy":
        return map_array(source), fps
    if source.suffix == ".abc":
        return read_alembic(source)
    stored = read_arrays(source)
    rate = stored.get("fps", np.zeros(0))
    if "vertices" not in stored or rate.size != 1 or rate.dtype.kind not in "fiu" or not 0 < rate < np.inf:
        raise DatasetError(source, "holds no vertices and fps")
    return stored["vertices"], float(rate.item())


def _obj_sequence(folder: Path) -> Floats:
    paths = sorted(folder.glob("*.obj"), key=lambda path: (len(path.name), path.name))
    if not paths:
        raise DatasetError(folder, "holds no OBJ file")
    frames = [read_positions(path) for path in paths]
    for path, frame in zip(paths, frames, strict=True):
        if len(frame) != len(frames[0]):
            raise DatasetError(path, f"has {len(frame)} vertices, the frames before {len(frames[0])}")
    return np.stack(frames)


def read_positions(path: Path) -> Floats:
    """Read the vertices of an OBJ file in their order, shape (V, 3); all else in it is left out."""
    try:
        rows = [row.split()[1:4] for row in path.read_bytes().splitlines() if row.startswith(b"v ")]
        positions = np.array(rows, np.float64).astype(np.float32)
    except (OSError, ValueError) as error:
        raise DatasetError(path, "is no OBJ file") from error
    if positions.ndim != 2 or positions.shape[1] != 3:
        raise DatasetError(path, "holds no vertices")
    return positions


def _template(folder: Path, motion: Floats, speaker: str) -> Floats | None:
    path = folder / "template.npy"
    if path.exists():
        return as_template(map_array(path), motion.shape[1], path, speaker)
    path = folder / "template.obj"
    return as_template(read_positions(path), motion.shape[1], path, speaker) if path.exists() else None
