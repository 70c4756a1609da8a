"""The face at rest that goes into a trained file, so that it can be played on any rig."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from core.errors import InputError
from core.mesh import Mesh
from core.meshes.load import load_mesh
from models.toolbox.motion_space import RestFace
from models.training.datasets.line import DatasetError, Line

MESHES = ("*.obj", "*.ply", "templates/*.obj", "templates/*.ply")
"""Where a mesh with the polygons of the vertices may lie in the folder of a dataset."""


def rest_of(data: Path, lines: Iterable[Line]) -> RestFace:
    """Take the mean of the speakers' templates, and polygons of a mesh beside the data, if there is one.

    Raises
    ------
    DatasetError
        If a line has no template.
    """
    templates = {}
    for line in lines:
        if line.template is None:
            raise DatasetError(data, f"has no template for {line.name}, from which its vertices move")
        templates[line.speaker] = line.template
    vertices = np.asarray(np.mean(np.stack([*templates.values()]), axis=0), np.float32)
    mesh = _mesh(data, len(vertices))
    if mesh is None:
        none = np.empty(0, np.int32)
        return RestFace(vertices, none, none)
    return RestFace(vertices, mesh.face_sizes, mesh.face_vertices)


def _mesh(data: Path, vertices: int) -> Mesh | None:
    for pattern in MESHES:
        for path in sorted(data.glob(pattern)):
            try:
                mesh = load_mesh(path)
            except InputError as error:
                raise DatasetError(path, error.reason) from error
            if len(mesh.vertices) == vertices:
                return mesh
    return None


PUBLISHED = {"vertices:flame": 5023, "vertices:biwi": 23370}
"""Vertices of the topologies that layouts are published with; other heads lie in the same layouts, too."""


def space_of(line: Line) -> str:
    """Name a line's motion space, whatever head lies in a published layout."""
    as_published = line.motion.shape[1] == 3 * PUBLISHED.get(line.space, 0)
    return line.space if as_published or line.space not in PUBLISHED else "vertices:own"
