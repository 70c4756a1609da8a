"""The classic residual of an emotion: a sculpted face minus the neutral one."""

from __future__ import annotations

from pathlib import Path

from core.errors import InputError
from core.mesh import Floats, Mesh
from core.meshes.load import load_mesh

SUFFIXES = (".obj", ".ply")


def load_shapes(folder: Path, mesh: Mesh) -> dict[str, Floats]:
    """Read a folder of sculpted emotions.

    Parameters
    ----------
    folder : Path
        Holds ``neutral.obj`` and any number of ``<emotion>.obj`` (or ``.ply``), all in the vertex order of
        the template; the neutral need not be the template itself.
    mesh : Mesh
        The template that the emotions will be put on.

    Returns
    -------
    dict of str to ndarray of shape (V, 3), float32
        Emotion minus neutral, exactly, by file name, in alphabetical order.

    Raises
    ------
    InputError
        If the folder or its neutral is missing, it holds no emotion, or a file is broken or has another
        number of vertices than the template.
    """
    if not folder.is_dir():
        raise InputError(folder, "not a folder" if folder.exists() else "no such folder")
    files = {file.stem: file for file in sorted(folder.iterdir()) if file.suffix.lower() in SUFFIXES}
    neutral = next((file for stem, file in files.items() if stem.lower() == "neutral"), None)
    if neutral is None:
        raise InputError(folder, "holds no neutral.obj to measure the emotions from")
    emotions = [file for file in files.values() if file != neutral]
    if not emotions:
        raise InputError(folder, "holds no emotion beside neutral.obj")
    rest = _vertices(neutral, mesh)
    return {file.stem: _vertices(file, mesh) - rest for file in emotions}


def _vertices(file: Path, template: Mesh) -> Floats:
    vertices = load_mesh(file).vertices
    if len(vertices) != len(template.vertices):
        count, expected = len(vertices), len(template.vertices)
        raise InputError(file, f"has {count} vertices, but the template has {expected}")
    return vertices
