"""What survives a crash: each running editor keeps its unsaved document in a file of its own.

The file is guarded by a lock that the operating system releases when the program dies, so an orphan can be
told from the work of another running editor.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from core.atomic import write_bytes
from core.document import Document
from core.errors import InputError
from core.project.project_file import parse_project, project_json


@dataclass(frozen=True)
class Recovery:
    """Work that a dead editor left behind.

    Attributes
    ----------
    file : Path
        The autosave file.
    project : Path or None
        Where the animator had last saved it.
    saved_at : float
        Seconds since the epoch.
    document : Document
    """

    file: Path
    project: Path | None
    saved_at: float
    document: Document


class Autosave:
    """The autosave of one running editor.

    Parameters
    ----------
    folder : Path
        Shared by all editors of this user; made if needed.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._file = folder / f"{uuid.uuid4().hex}.autosave"
        self._lock = FileLock(self._file.with_suffix(".lock"))
        self._lock.acquire(timeout=0)

    def write(self, document: Document, project: Path | None) -> None:
        """Keep a document; the one kept before is replaced.

        Raises
        ------
        InputError
            If the disk refuses.
        """
        record = {
            "project": str(project) if project else None,
            "saved_at": time.time(),
            "document": project_json(document, self._folder),
        }
        write_bytes(self._file, json.dumps(record).encode())

    def clear(self) -> None:
        """Forget the kept document: it is saved, or the animator discarded it."""
        self._file.unlink(missing_ok=True)

    def close(self) -> None:
        """Forget the kept document and give up the place."""
        self.clear()
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)

    def orphans(self) -> list[Recovery]:
        """Return what dead editors left, newest first; unreadable leftovers are passed over."""
        found = [self._orphan(file) for file in self._folder.glob("*.autosave") if file != self._file]
        return sorted((r for r in found if r), key=lambda r: r.saved_at, reverse=True)

    def discard(self, recovery: Recovery) -> None:
        """Delete an orphan: it was recovered and saved, or is not wanted."""
        recovery.file.unlink(missing_ok=True)
        recovery.file.with_suffix(".lock").unlink(missing_ok=True)

    def _orphan(self, file: Path) -> Recovery | None:
        try:
            with FileLock(file.with_suffix(".lock"), timeout=0):
                return _read(file)
        except (Timeout, InputError, OSError, ValueError, KeyError, TypeError):
            return None


def _read(file: Path) -> Recovery:
    record = json.loads(file.read_text(encoding="utf-8"))
    document = parse_project(record["document"], file)
    project = Path(record["project"]) if record["project"] else None
    return Recovery(file, project, float(record["saved_at"]), document)
