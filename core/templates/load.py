"""The one door for a user's template: whatever it is, it leaves as a rig."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.errors import InputError
from core.library import default_rig
from core.mesh import Floats, Mesh
from core.meshes.gltf import load_gltf_shapes
from core.meshes.load import load_mesh
from core.rig import Rig
from core.rig_file import load_rig
from core.templates.names import map_shapes
from core.templates.own_shapes import can_speak, rig_from_folder, rig_from_shapes

Progress = Callable[[float], None]


def load_template(
    path: Path | None, progress: Progress = lambda _share: None, landmarks: Path | None = None
) -> Rig:
    """Make a rig of a template.

    Parameters
    ----------
    path : Path or None
        None for the default head; a ``.npz`` rig; a folder with a neutral mesh and one mesh a shape; a glTF
        with morph targets; or a mesh without shapes, which is fitted (a stored fit is used again).
    progress : callable, optional
        Told the share of the work that is done, 0..1, where there is fitting; may raise `Cancelled`.
    landmarks : Path, optional
        Where the face is (`core.fitting.landmarks.load_landmarks`); a mesh is then fitted by them, anew and
        whatever shapes it brings.

    Returns
    -------
    Rig
        In the template's own vertex order, polygons, UVs, groups and units.

    Raises
    ------
    InputError
        If the file or folder is missing or broken, or no face is found in it.
    """
    if path is None:
        return default_rig()
    if landmarks is not None:
        return _fitted_by(path, landmarks, progress)
    if path.is_dir():
        return rig_from_folder(path)
    if path.suffix.lower() == ".npz":
        return load_rig(path)
    if path.suffix.lower() in (".glb", ".gltf"):
        mesh, shapes = load_gltf_shapes(path)
        return _rig_of(mesh, map_shapes(shapes), path, progress)
    return _rig_of(load_mesh(path), {}, path, progress)


def _fitted_by(path: Path, landmarks: Path, progress: Progress) -> Rig:
    from core.fitting.fit import fit
    from core.fitting.landmarks import load_landmarks

    mesh = load_mesh(path)
    marks = load_landmarks(landmarks, mesh)
    try:
        return fit(mesh, marks, progress)
    except InputError as error:
        raise InputError(landmarks, error.reason) from error


def _rig_of(mesh: Mesh, shapes: dict[str, Floats], path: Path, progress: Progress) -> Rig:
    if can_speak(shapes):
        return rig_from_shapes(mesh, shapes)
    from core.fitting.stored import stored_fit

    try:
        rig = stored_fit(mesh, progress)
    except InputError as error:
        raise InputError(path, error.reason) from error
    # Shapes that are no face rig (a single smile) stay at hand beside the fitted channels.
    own = {name: shape for name, shape in shapes.items() if np.any(shape)}
    return replace(rig.with_channels(own), mesh=mesh)
