"""From the name of an output to what writes it, and the promise that it appears whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.atomic import replacing
from core.errors import InputError
from core.export.obj_sequence import FrameNames, write_obj_sequence
from core.export.watch import Progress, Watch
from core.take import Take

if TYPE_CHECKING:
    from core.export.video import FrameRenderer

FORMATS: dict[str, str] = {
    ".abc": "Alembic cache",
    ".obj": "OBJ sequence",
    ".npz": "NumPy archive",
    ".mp4": "Video with sound",
}
"""Suffix and name of every format, for menus and messages."""

BYTES_PER_VERTEX = {".abc": 12, ".npz": 12, ".obj": 24, ".mp4": 0}
"""At least; OBJ writes a number as text."""


@dataclass(frozen=True)
class Target:
    """Where an export goes.

    Attributes
    ----------
    path : Path
        The file; of a sequence, its folder.
    suffix : str
        A key of `FORMATS`.
    names : FrameNames or None
        How the frames of a sequence are called; None calls them after the mesh.
    """

    path: Path
    suffix: str
    names: FrameNames | None = None


def export(
    take: Take,
    out: str | Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    renderer: FrameRenderer | None = None,
) -> None:
    """Write a take in the format that its name tells.

    Files appear whole or not at all. So does a new folder; into a folder that exists, finished frames are
    moved one by one, the user's own files in it stay, and frames of an older, longer sequence of the same
    name are removed.

    Parameters
    ----------
    take : Take
    out : str or Path
        ``name.abc``, ``name.npz``, ``name.mp4``, ``folder/name_####.obj``, or a folder for an OBJ sequence.
    progress : callable, optional
        Called with frames done and frames in all.
    cancelled : callable, optional
        Asked between blocks of frames.
    renderer : FrameRenderer, optional
        Draws the pictures of a video.

    Raises
    ------
    InputError
        If the format is unknown, the place cannot be written to, or the disk is full.
    Cancelled
        If the user asked to stop; nothing is left behind then.
    """
    target = check_output(out)
    if target.suffix == ".mp4" and renderer is None:
        raise ValueError("a video needs a renderer")
    _check_space(out, target, take)
    watch = Watch(len(take), progress, cancelled)
    if target.suffix == ".obj":
        names = target.names or FrameNames(f"{_file_name(take.mesh.name)}_")
        with _filling(target.path, names) as folder:
            write_obj_sequence(take, folder, names, watch)
        return
    with replacing(target.path) as temporary:
        _write_file(take, target.suffix, temporary, watch, renderer)


def _write_file(take: Take, suffix: str, path: Path, watch: Watch, renderer: FrameRenderer | None) -> None:
    # Imported one by one: Alembic and FFmpeg take their time, and most runs need one of them.
    if suffix == ".abc":
        from core.export.alembic_cache import write_alembic

        write_alembic(take, path, watch)
    elif suffix == ".npz":
        from core.export.npz import write_npz

        write_npz(take, path, watch)
    elif renderer is not None:
        from core.export.video import write_video

        write_video(take, path, renderer, watch)


def check_output(out: str | Path) -> Target:
    """Find what an output means, and that it can be written, before any long work.

    Raises
    ------
    InputError
        If the format is unknown, the folder is missing or cannot be written to, or a folder stands where a
        file should go or the other way round.
    """
    target = _parse(out)
    wants_folder = target.suffix == ".obj"
    if target.path.exists() and target.path.is_dir() != wants_folder:
        raise InputError(out, f"{'not a' if wants_folder else 'a'} folder")
    inside = wants_folder and target.path.exists()
    _check_writable(out, target.path if inside else target.path.absolute().parent)
    return target


def _parse(out: str | Path) -> Target:
    path = Path(out)
    if str(out).endswith(("/", "\\")) or path.is_dir() or not path.suffix:
        return Target(path, ".obj")
    suffix = path.suffix.lower()
    if suffix == ".obj":
        names = FrameNames.parse(path.name)
        if names is None:
            raise InputError(out, f"holds one frame; name a folder, or a pattern like {path.stem}_####.obj")
        return Target(path.parent, suffix, names)
    if suffix not in FORMATS:
        known = ".abc, .npz, .mp4, name_####.obj or a folder (OBJ sequence)"
        raise InputError(out, f"unknown format {suffix}; there are {known}")
    return Target(path, suffix)


def _check_writable(out: str | Path, folder: Path) -> None:
    if not folder.is_dir():
        raise InputError(out, f"cannot be written: there is no folder {folder}")
    try:
        # Tried rather than asked: permissions do not tell of read-only disks.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(out, f"cannot be written: {error.strerror or error}") from error


def _check_space(out: str | Path, target: Target, take: Take) -> None:
    needed = BYTES_PER_VERTEX[target.suffix] * len(take) * len(take.mesh.vertices)
    free = shutil.disk_usage(target.path if target.path.is_dir() else target.path.absolute().parent).free
    if needed > free:
        raise InputError(out, f"needs {needed / 1e9:.1f} GB, and the disk has {free / 1e9:.1f} GB left")


@contextmanager
def _filling(folder: Path, names: FrameNames) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well its files are those of ``folder``."""
    part = f".{folder.name}.{uuid.uuid4().hex[:8]}.part"
    # Within a folder that exists, so that moving the frames never crosses from disk to disk.
    temporary = folder / part if folder.exists() else folder.with_name(part)
    try:
        temporary.mkdir()
        yield temporary
        if folder.exists():
            _merge(temporary, folder, names)
        else:
            temporary.rename(folder)
    except OSError as error:
        raise InputError(folder, f"cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _merge(source: Path, folder: Path, names: FrameNames) -> None:
    written = sorted(source.iterdir())
    for file in written:
        file.replace(folder / file.name)
    kept = {file.name for file in written}
    for file in folder.iterdir():
        if names.made(file.name) and file.name not in kept:
            file.unlink()


def _file_name(name: str) -> str:
    return "".join("_" if letter in '<>:"/\\|?*' else letter for letter in name).strip() or "head"
