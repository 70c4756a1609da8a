"""Fits kept on disk, found again by the content of mesh and default head."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import platformdirs

from core import paths
from core.atomic import replacing
from core.errors import InputError
from core.fitting.fit import Progress, fit
from core.inference.cache import FOLDER_VARIABLE
from core.mesh import Mesh
from core.rig import Rig
from core.rig_file import load_rig, save_rig

GENERATION = 1
"""Counted up when fitting itself changes, so that older fits are made anew."""


def stored_fit(mesh: Mesh, progress: Progress = lambda _share: None) -> Rig:
    """Return the fit of exactly this mesh: from disk if it was made before, else made now and kept.

    Parameters
    ----------
    mesh : Mesh
    progress : callable, optional
        As of `core.fitting.fit.fit`.

    Raises
    ------
    InputError
        If no face is found.
    """
    file = fit_file(mesh)
    if file.is_file():
        try:
            return _of_mesh(load_rig(file), mesh)
        except InputError:  # a file damaged on disk is as good as none
            file.unlink(missing_ok=True)
    rig = fit(mesh, progress=progress)
    _keep(rig, file)
    # What was just made and what will be read later must not differ by the rounding of the file.
    return _of_mesh(load_rig(file), mesh) if file.is_file() else rig


def _of_mesh(rig: Rig, mesh: Mesh) -> Rig:
    """Put the user's own mesh in the rig: the file knows neither its name nor its UVs."""
    return Rig(mesh, rig.channels, rig.basis, rig.lips, rig.millimetre, rig.origin, rig.colours)


def _keep(rig: Rig, file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as temporary:
            # Its textures come with the mesh whenever it is opened.
            save_rig(replace(rig, mesh=replace(rig.mesh, textures=())), temporary)
    except (OSError, InputError):
        return  # a full or read-only disk costs the next run some seconds, no more


def fit_file(mesh: Mesh) -> Path:
    """Where the fit of a mesh is kept, beside the results of inference."""
    head = hashlib.sha256(paths.DEFAULT_RIG.read_bytes()).hexdigest()
    key = hashlib.sha256(f"{GENERATION} {head} {mesh.content_hash}".encode()).hexdigest()[:32]
    chosen = os.environ.get(FOLDER_VARIABLE) or platformdirs.user_cache_dir("editable-lipsync")
    return Path(chosen) / "fits" / f"{key}.npz"
