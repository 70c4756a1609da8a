"""Whether what a command is to make can be made, found out before its long work."""

from __future__ import annotations

import tempfile
from pathlib import Path

from core.errors import InputError


def check_file(path: Path, suffix: str) -> None:
    """Refuse a file that cannot be written; nothing is left behind.

    Parameters
    ----------
    path : Path
        Its folders may be missing.
    suffix : str
        What its name has to end with: files of other kinds lie beside it.

    Raises
    ------
    InputError
        It is called otherwise, a folder is called so, or its folder cannot be written to.
    """
    if path.suffix != suffix:
        raise InputError(path, f"a name that ends with {suffix} is wanted")
    if path.is_dir():
        raise InputError(path, "is a folder")
    _try(path, path.absolute().parent)


def check_folder(path: Path) -> None:
    """Refuse a folder that cannot be made or written to; nothing is left behind.

    Raises
    ------
    InputError
        A file is called so, or there is no writing there.
    """
    if path.exists() and not path.is_dir():
        raise InputError(path, "is a file, not a folder")
    _try(path, path.absolute())


def _try(path: Path, folder: Path) -> None:
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        # Tried rather than asked: permissions do not tell of read-only disks.
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise InputError(path, f"cannot be written: {error.strerror or error}") from error
