"""Results of inference on disk: each file whole, checked when read, the least recently used dropped first.

Programs share the folder without locks. A result is written beside and renamed, so that a reader sees all of
it or none, and two writers of one key write the same; whatever a killed program left is swept later.
"""

from __future__ import annotations

import contextlib
import os
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from core.atomic import replacing
from core.errors import InputError
from core.neutral import Label, Neutral

FOLDER_VARIABLE = "EDITABLE_LIPSYNC_CACHE"
CAP = 512 * 2**20
ABANDONED = 3600.0  # seconds after which a half-written file has no writer any more


def cache_folder() -> Path:
    """Where results are kept: the user's cache folder, or what ``EDITABLE_LIPSYNC_CACHE`` says."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("editable-lipsync")) / "neutral"


@dataclass(frozen=True)
class NeutralCache:
    """Neutral lipsync by key.

    Attributes
    ----------
    folder : Path
    cap : int
        Bytes; older results are dropped beyond it.
    """

    folder: Path = field(default_factory=cache_folder)
    cap: int = CAP

    def get(self, key: str) -> Neutral | None:
        """Return the result, or None where there is none or its file is damaged (it is then removed)."""
        path = self._path(key)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                found = Neutral(
                    float(stored["fps"]),
                    tuple(stored["channels"].tolist()),
                    stored["weights"],
                    str(stored["model"]),
                    _labels(stored["phones"], stored["phone_times"]),
                    _labels(stored["words"], stored["word_times"]),
                )
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        return found

    def put(self, key: str, neutral: Neutral) -> None:
        """Keep a result; a full or read-only disk costs the cache, not the work."""
        with contextlib.suppress(OSError, InputError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing(self._path(key)) as temporary, temporary.open("wb") as file:
                np.savez(
                    file,
                    fps=neutral.fps,
                    channels=np.array(neutral.channels),
                    weights=neutral.weights,
                    model=neutral.model,
                    phones=np.array([label.text for label in neutral.phones], np.str_),
                    phone_times=_times(neutral.phones),
                    words=np.array([label.text for label in neutral.words], np.str_),
                    word_times=_times(neutral.words),
                )
            self._trim()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def _trim(self) -> None:
        now, total = time.time(), 0
        for used, size, path in sorted(self._files(), reverse=True):
            total += size
            abandoned = path.suffix == ".part" and now - used > ABANDONED
            if abandoned or (path.suffix == ".npz" and total > self.cap):
                path.unlink(missing_ok=True)

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another program dropped it
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
        return found


def _times(labels: tuple[Label, ...]) -> NDArray[np.float64]:
    rows = [(label.start, label.end, label.confidence) for label in labels]
    return np.array(rows, np.float64).reshape(-1, 3)


def _labels(texts: NDArray[np.str_], times: NDArray[np.float64]) -> tuple[Label, ...]:
    return tuple(Label(text, *row) for text, row in zip(texts.tolist(), times.tolist(), strict=True))
