"""All layouts by name: how a folder is recognised, read, split and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from models.training.datasets.arkit import SPACE as ARKIT
from models.training.datasets.beat import NAME as BEAT_NAME
from models.training.datasets.beat import read_beat
from models.training.datasets.biwi import read_biwi, split_biwi
from models.training.datasets.blendshape_arrays import read_blendshape_arrays
from models.training.datasets.blendshape_writers import write_beat, write_blendshape_arrays, write_live_link
from models.training.datasets.faceformer import read_faceformer
from models.training.datasets.files import map_array
from models.training.datasets.line import DatasetError, Entry, Line
from models.training.datasets.livelink import read_live_link
from models.training.datasets.mead3d import read_mead3d
from models.training.datasets.mediapipe import SPACE as LANDMARKS
from models.training.datasets.mediapipe import SPLIT, read_mediapipe, read_parts
from models.training.datasets.sequences import read_sequences
from models.training.datasets.splits import Split, by_parts, draw_speakers, sentence_number
from models.training.datasets.vocaset import read_vocaset, split_vocaset
from models.training.datasets.writers import (
    write_faceformer,
    write_mead3d,
    write_mediapipe,
    write_sequences,
    write_vocaset,
)

Entries = tuple[Entry, ...]


@dataclass(frozen=True)
class Layout:
    """How a dataset lies on the disk.

    Attributes
    ----------
    fps : float
        Frames a second in which motion is stored, and has to be written.
    space : str
        Motion space; that of vertices ends with the name of the topology.
    holds : callable
        Tells whether a folder has this layout.
    read, write : callable
    published : callable or None
        The split of its publication.
    read_heard : callable or None
        Reads lines with windows of DeepSpeech, where the layout has a place for them.
    """

    name: str
    fps: float
    space: str
    holds: Callable[[Path], bool]
    read: Callable[[Path], Entries]
    write: Callable[[Path, Iterable[Line]], None]
    published: Callable[[Entries], Split] | None = None
    read_heard: Callable[[Path], Entries] | None = None

    def split(self, folder: Path, entries: Entries, seed: int = 0) -> Split:
        """Split by the folder's own list; else as published, if all parts are there; else by lot."""
        if (folder / SPLIT).exists():
            return by_parts(entries, read_parts(folder / SPLIT))
        split = self.published(entries) if self.published else None
        if split and split.train and split.valid and split.test:
            return split
        return draw_speakers(entries, seed=seed)


def layout_of(folder: Path) -> Layout:
    """Recognise the layout of a folder.

    Raises
    ------
    DatasetError
        If it is no folder, or none that is known.
    """
    if not folder.is_dir():
        raise DatasetError(folder, "is no folder" if folder.exists() else "does not exist")
    found = next((layout for layout in LAYOUTS.values() if layout.holds(folder)), None)
    if found is None:
        raise DatasetError(folder, f"has no layout that is known ({', '.join(LAYOUTS)})")
    return found


def _columns(folder: Path) -> int:
    """Coordinates of a point in an array of all frames, 0 where there is none."""
    path = folder / "data_verts.npy"
    return map_array(path).shape[-1] if path.exists() else 0


def _has(folder: Path, pattern: str) -> bool:
    return any(True for _ in folder.glob(pattern))


def _of_biwi(folder: Path) -> bool:
    names = [path.stem for path in (folder / "vertices_npy").glob("*.npy")]
    return bool(names) and all("_e" in name and sentence_number(name) > 0 for name in names)


def _of_beat(folder: Path) -> bool:
    return any(BEAT_NAME.fullmatch(path.stem) for path in folder.rglob("*.json"))


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "vocaset",
            60,
            "vertices:flame",
            lambda folder: _columns(folder) == 3,
            read_vocaset,
            write_vocaset,
            split_vocaset,
            partial(read_vocaset, deepspeech=True),
        ),
        Layout(
            "blendshape-arrays",
            30,
            ARKIT,
            lambda folder: _columns(folder) == 1,
            read_blendshape_arrays,
            write_blendshape_arrays,
            read_heard=partial(read_blendshape_arrays, deepspeech=True),
        ),
        Layout("biwi", 25, "vertices:biwi", _of_biwi, read_biwi, write_faceformer, split_biwi),
        Layout(
            "faceformer",
            60,
            "vertices:flame",
            lambda folder: _has(folder, "vertices_npy/*.npy"),
            read_faceformer,
            write_faceformer,
            split_vocaset,
        ),
        Layout(
            "mediapipe",
            25,
            LANDMARKS,
            lambda folder: _has(folder, "landmarks/*.npy"),
            read_mediapipe,
            write_mediapipe,
        ),
        Layout(
            "mead3d",
            30,
            "vertices:flame",
            lambda folder: _has(folder, "*/*/level_*"),
            read_mead3d,
            write_mead3d,
        ),
        Layout("beat", 60, ARKIT, _of_beat, read_beat, write_beat),
        Layout(
            "livelink",
            60,
            ARKIT,
            lambda folder: _has(folder, "**/*.csv"),
            read_live_link,
            write_live_link,
        ),
        Layout(
            "sequences",
            30,
            "vertices:own",
            lambda folder: _has(folder, "**/*.wav"),
            lambda folder: read_sequences(folder, "own"),
            lambda folder, lines: write_sequences(folder, lines, ".npy"),
        ),
    )
}
"""In the order in which a folder is asked: the narrower before the wider."""
