"""Datasets of vertices cut to the mouth, with sound and motion on one grid of time.

``python -m models.training.datasets.cropping DATA -o OUT [--mask FILE] [--reach 0.5]`` writes DATA's lines in
its own layout with the vertices of the mouth alone, and beside them ``mouth_vertices.txt``, their numbers.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from core.command_line import OneLineParser, reported
from models.training.datasets.alignment import aligned
from models.training.datasets.layouts import Layout, layout_of
from models.training.datasets.line import DatasetError, Entry, Floats, Line
from models.training.metrics.masks import Mask, read_mask
from models.training.places import check_folder

MESHES = "vertices:"
"""How the motion spaces begin that can be cut."""
MOUTH = "mouth"
INDEX = "mouth_vertices.txt"
REACH = 0.5
"""How far a crop goes around the lips, in widths of the mouth."""
NEIGHBOURS, EVERY = 12, 3
"""Vertices looked at around each one, and frames from one that is looked at to the next."""
PARTED = 0.4
"""Of the widest parting: what parts further lies on both lips."""


@dataclass(frozen=True, eq=False)
class Crop:
    """A part of a head whose vertices keep their numbers.

    Attributes
    ----------
    mask : Mask
        The vertices that stay.
    vertices : int
        V of the whole head.
    """

    mask: Mask
    vertices: int

    def __post_init__(self) -> None:
        if self.mask.vertices[-1] >= self.vertices:
            raise ValueError(
                f"mask {self.mask.name} asks for vertex {self.mask.vertices[-1]} of a head of {self.vertices}"
            )

    def of(self, line: Line) -> Line:
        """Cut a line, (F, 3 V) to (F, 3 L); its space is called after the part, too.

        Raises
        ------
        ValueError
            If the line is of another head.
        """
        columns = self.columns
        if line.motion.shape[1] != 3 * self.vertices:
            raise ValueError(f"{line.name} has {line.motion.shape[1] / 3:g} vertices, not {self.vertices}")
        return replace(
            line,
            motion=np.ascontiguousarray(line.motion[:, columns]),
            space=f"{line.space}.{self.mask.name}",
            template=None if line.template is None else line.template[self.mask.vertices],
            known=line.known[columns],
        )

    def into(self, whole: Floats, part: Floats) -> Floats:
        """Put vertices (F, 3 L) of the part into a head at rest (V, 3): (F, 3 V)."""
        motion = np.repeat(whole.reshape(1, -1), len(part), axis=0)
        motion[:, self.columns] = part
        return motion

    @property
    def columns(self) -> NDArray[np.int64]:
        """Columns of the motion that stay."""
        return np.asarray((3 * self.mask.vertices[:, None] + np.arange(3)).ravel())


def mouth_of(lines: Iterable[Line], reach: float = REACH) -> Crop:
    """Find the mouth of a dataset's head: around the vertices that touch at rest and part in speech.

    Lids, which blink, are apart at rest; so they never count, however far they move.

    Parameters
    ----------
    lines : iterable of Line
        Of one topology, with templates; frames that were not measured do not count.
    reach : float
        How far around the parting lips, in widths of the mouth.

    Raises
    ------
    ValueError
        If a line is no motion of vertices with a template, or nothing parts.
    """
    pairs, parted, rest = np.empty((0, 2), np.intp), np.zeros(0), np.empty((0, 3), np.float32)
    for line in lines:
        if line.template is None:
            raise ValueError(f"{line.name} has no template that its vertices move away from")
        if not len(pairs):
            rest = line.template
            pairs = _neighbours(rest)
            parted = np.zeros(len(pairs))
        parted = np.maximum(parted, _parting(line, line.template, pairs))
    if not parted.any():
        raise ValueError("no lips part in this dataset; give a mask of the mouth")
    lips = rest[np.unique(pairs[parted > PARTED * parted.max()])]
    width = float(np.ptp(lips, axis=0).max())
    return Crop(Mask(MOUTH, np.flatnonzero(cKDTree(lips).query(rest)[0] <= reach * width)), len(rest))


def _neighbours(rest: Floats) -> NDArray[np.intp]:
    """Pairs of vertices that are near each other at rest, (N, 2)."""
    near = np.asarray(cKDTree(rest).query(rest, k=min(NEIGHBOURS + 1, len(rest)))[1])
    others = near[:, 1:]
    return np.stack([np.repeat(near[:, 0], others.shape[1]), others.ravel()], axis=1)


def _parting(line: Line, rest: Floats, pairs: NDArray[np.intp]) -> NDArray[np.float64]:
    """How much further apart than at rest each pair ever is, (N,)."""
    most = np.zeros(len(pairs))
    touching = np.linalg.norm(rest[pairs[:, 0]] - rest[pairs[:, 1]], axis=1)
    for frame in line.motion[line.valid][::EVERY].reshape(-1, len(rest), 3):
        most = np.maximum(most, np.linalg.norm(frame[pairs[:, 0]] - frame[pairs[:, 1]], axis=1) - touching)
    return most


def run(words: Sequence[str]) -> int:
    """Crop a dataset; returns the exit code."""
    options = _parser().parse_args(list(words))
    return reported("cropping", lambda: _cropped(options))


def _cropped(options: argparse.Namespace) -> None:
    check_folder(options.out)
    if not 0 <= options.reach < np.inf:
        raise ValueError(f"--reach: {options.reach:g} is not a number of 0 or more")
    crop_dataset(options.data, options.out, options.mask, options.reach)


def crop_dataset(data: Path, out: Path, mask: Path | None = None, reach: float = REACH) -> Crop:
    """Write a dataset of the mouth; it appears whole or not at all.

    Raises
    ------
    DatasetError
        A file of the dataset is at fault, or ``out`` is there already.
    ValueError
        The dataset is none of vertices, or the mask does not fit it.
    """
    if out.exists():
        raise DatasetError(out, "is there already")
    layout = layout_of(data)
    if not layout.space.startswith(MESHES):
        raise DatasetError(data, f"layout {layout.name} has no vertices of a mesh")
    entries = layout.read(data)
    crop = _crop(entries, mask, reach)
    beside = out.with_name(f".{out.name}.part")
    beside.mkdir(parents=True)
    try:
        _write(layout, beside, entries, crop)
        beside.rename(out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    print(f"{out}: {len(crop.mask.vertices)} of {crop.vertices} vertices, {len(entries)} lines")
    return crop


def _crop(entries: Sequence[Entry], mask: Path | None, reach: float) -> Crop:
    if mask is None:
        return mouth_of((entry.load() for entry in entries), reach)
    return Crop(read_mask(mask), entries[0].load().motion.shape[1] // 3)


def _write(layout: Layout, folder: Path, entries: Sequence[Entry], crop: Crop) -> None:
    layout.write(folder, (crop.of(line) for line in _on_one_grid(entries)))
    numbers = "\n".join(map(str, crop.mask.vertices.tolist()))
    (folder / INDEX).write_text(f"{numbers}\n", encoding="utf-8")


def _on_one_grid(entries: Iterable[Entry]) -> Iterator[Line]:
    """Align line by line, and say where that was more than rounding."""
    for entry in entries:
        each = aligned(entry.load())
        if each.suspicious:
            longer = "longer" if each.excess > 0 else "shorter"
            print(f"{entry.name}: the sound is {abs(each.excess):.3f} s {longer} than the motion")
        yield each.line


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="cropping", description="Cut a dataset of vertices to the mouth.")
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="OUT")
    parser.add_argument("--mask", type=Path, metavar="FILE", help="numbers of the vertices to keep")
    parser.add_argument("--reach", type=float, default=REACH, help="around the lips, in widths of the mouth")
    return parser


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
