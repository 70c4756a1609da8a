"""Vertices of the one mesh in an Alembic file. Transforms above it are left out: they place the head."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from models.training.datasets.line import DatasetError, Floats


def read_alembic(path: Path) -> tuple[Floats, float]:
    """Read an animated mesh.

    Returns
    -------
    vertices : ndarray of shape (F, V, 3), float32
    fps : float
        Samples a second; the first sample is taken for the start of the sound.

    Raises
    ------
    DatasetError
        If the file has no mesh or several, vertices come or go, or its samples are not evenly spaced.
    """
    from alembic3d import Abc

    try:
        archive = Abc.IArchive(str(path))
        meshes = _meshes(archive.getTop())
        if len(meshes) != 1:
            raise DatasetError(path, f"holds {len(meshes)} meshes, not one")
        return _frames(meshes[0].getSchema(), path)
    except RuntimeError as error:
        raise DatasetError(path, "is no Alembic file") from error


def _meshes(node: Any) -> list[Any]:
    from alembic3d import Abc, AbcGeom

    found = []
    for child in (node.getChild(number) for number in range(node.getNumChildren())):
        if AbcGeom.IPolyMesh.matches(child.getHeader()):
            found.append(AbcGeom.IPolyMesh(child, Abc.WrapExistingFlag.kWrapExisting))
        found += _meshes(child)
    return found


def _frames(schema: Any, path: Path) -> tuple[Floats, float]:
    positions, sampling = schema.getPositionsProperty(), schema.getTimeSampling()
    count = positions.getNumSamples()
    times = np.array([sampling.getSampleTime(number) for number in range(count)])
    steps = np.diff(times)
    if count < 2 or not np.ptp(steps) <= 1e-4 * steps.mean():  # so that NaN is no even step
        raise DatasetError(path, "has no evenly spaced frames")
    # Each sample is copied: its memory is Alembic's own.
    frames = [np.array(positions.getValue(number), np.float32) for number in range(count)]
    if len({frame.shape for frame in frames}) > 1:
        raise DatasetError(path, "changes its number of vertices")
    return np.stack(frames), float(1 / steps.mean())
