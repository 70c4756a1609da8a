"""NumPy archive: the plain form of a take, for metrics and other programs."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.export.watch import Watch
from core.mesh import Floats
from core.take import Take


def write_npz(take: Take, path: Path, watch: Watch) -> None:
    """Write a take as ``.npz``, readable with ``allow_pickle=False``.

    Keys: ``vertices (F, V, 3) float32``, ``face_sizes``, ``face_vertices``, ``times (F,)``, ``fps``,
    ``weights (F, C)``, ``channels (C,)`` and ``lip_gap (F,)``, the distance of the inner lips at the midline
    in the template's units, NaN where no mouth is known.

    Parameters
    ----------
    take : Take
    path : Path
        A file of our own; an existing one is overwritten.
    watch : Watch

    Raises
    ------
    Cancelled
        If the user asked to stop.
    """
    gaps: list[Floats] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        _write_vertices(archive, take, _measuring(take, watch.blocks(take.blocks()), gaps))
        arrays: dict[str, NDArray[np.generic]] = {
            "face_sizes": take.mesh.face_sizes,
            "face_vertices": take.mesh.face_vertices,
            "times": take.times,
            "fps": np.array(take.fps, np.float64),
            "weights": take.weights.astype(np.float32, copy=False),
            "channels": np.array(take.channels, np.str_),
            "lip_gap": np.concatenate(gaps),
        }
        for name, values in arrays.items():
            with archive.open(f"{name}.npy", "w") as file:
                np.lib.format.write_array(file, values, allow_pickle=False)


def _measuring(take: Take, blocks: Iterator[Floats], gaps: list[Floats]) -> Iterator[Floats]:
    for block in blocks:
        unknown = np.full(len(block), np.nan, np.float32)
        gaps.append(unknown if take.lips is None else take.lips.gap(block))
        yield block


def _write_vertices(archive: zipfile.ZipFile, take: Take, blocks: Iterator[Floats]) -> None:
    shape = (len(take), *take.mesh.vertices.shape)
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    # Block by block: half an hour of a dense head is larger than memory.
    with archive.open("vertices.npy", "w", force_zip64=True) as file:
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            file.write(np.ascontiguousarray(block, "<f4").data)
