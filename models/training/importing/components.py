"""Principal components of a published checkpoint, which lie in a file of their own.

The file holds what undoes the standardising and the components of Du's editable lipsync, by the names that
its authors give them:

=================  =======  ===========================================
audio_mean         (I,)     of the features of the sound
audio_std          (I,)
pca_mean           (K,)     of the coefficients
pca_std            (K,)
pca_components     (K, D)
pca_internal_mean  (D,)     that the components are about
offset_mean        (D,)     of the displacements
offset_std         (D,)
=================  =======  ===========================================
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from models.toolbox.motion_space import Components
from models.training.pickles.safe_pickle import load_pickle

Floats = NDArray[np.float32]
NAMES = (
    *("audio_mean", "audio_std", "pca_mean", "pca_std"),
    *("pca_components", "pca_internal_mean", "offset_mean", "offset_std"),
)
CONVERTED = """where it was made, save its arrays:
    import numpy as np  # pca, offsets, scores, sound: the fitted IncrementalPCA and StandardScalers
    np.savez("pca.npz", pca_components=pca.components_, pca_internal_mean=pca.mean_,
             offset_mean=offsets.mean_, offset_std=offsets.scale_, pca_mean=scores.mean_,
             pca_std=scores.scale_, audio_mean=sound.mean_, audio_std=sound.scale_)"""


@dataclass(frozen=True, eq=False)
class Standards:
    """How a network's sound and motion were standardised.

    Attributes
    ----------
    audio_mean, audio_std : ndarray of shape (I,), float32
    mean, scale : ndarray of shape (K,), float32
        Of the coefficients.
    components : Components
        From coefficients to displacements; the scale of each coordinate is part of the axes, which so are
        not orthonormal.
    """

    audio_mean: Floats
    audio_std: Floats
    mean: Floats
    scale: Floats
    components: Components


def read_standards(path: Path, inputs: int, count: int) -> Standards:
    """Read components.

    Parameters
    ----------
    path : Path
        A ``.npz``, or a pickle of a dictionary of arrays.
    inputs : int
        Features of the sound.
    count : int
        Coefficients that the network predicts: the first ones of the file.

    Raises
    ------
    InputError
        The file is missing, damaged, lacks an array or holds one of another shape, or is a pickle of
        scikit-learn's objects, which are never made.
    """
    stored = _read_npz(path) if path.suffix.lower() == ".npz" else _read_pickle(path)
    missing = [name for name in NAMES if name not in stored]
    if missing:
        raise InputError(path, f"lacks {', '.join(missing)}")
    arrays = {name: _numbers(path, name, stored[name]) for name in NAMES}
    axes = arrays["pca_components"]
    if axes.ndim != 2 or len(axes) < count:
        raise InputError(path, f"pca_components has shape {axes.shape}; the network predicts {count} of them")
    sizes = {"audio": inputs, "pca": len(axes), "offset": axes.shape[1]}
    for name in set(NAMES) - {"pca_components"}:
        wanted = axes.shape[1] if name == "pca_internal_mean" else sizes[name.split("_", maxsplit=1)[0]]
        if arrays[name].shape != (wanted,):
            raise InputError(path, f"{name} has shape {arrays[name].shape} instead of ({wanted},)")
    centre = arrays["pca_internal_mean"] * arrays["offset_std"] + arrays["offset_mean"]
    return Standards(
        *(arrays["audio_mean"], arrays["audio_std"]),
        *(arrays["pca_mean"][:count], arrays["pca_std"][:count]),
        Components(centre, axes[:count] * arrays["offset_std"]),
    )


def _read_npz(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in NAMES if name in stored}
    except (ValueError, TypeError, EOFError, zipfile.BadZipFile, MemoryError) as error:
        raise InputError(path, "not a .npz of numbers, or damaged") from error
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror or error}") from error


def _read_pickle(path: Path) -> Mapping[str, Any]:
    try:
        stored = load_pickle(path)
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        fault = str(error).removeprefix(f"{path}: ")
        raise InputError(path, f"{fault}; {CONVERTED}") from error
    if not isinstance(stored, dict):
        raise InputError(path, f"is no dictionary of arrays; {CONVERTED}")
    return stored


def _numbers(path: Path, name: str, value: object) -> Floats:
    try:
        array = np.asarray(value, np.float32)
    except (TypeError, ValueError) as error:
        raise InputError(path, f"{name} is no array of numbers") from error
    if not np.isfinite(array).all():
        raise InputError(path, f"{name} holds what is no number (NaN or infinity)")
    return array
