"""What every dataset gives: lines, each a voice and the motion of the face that goes with it.

Letters: N samples of sound, F frames, D coordinates of the motion space, V vertices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
NEUTRAL = "neutral"
EMOTIONS = {
    **{"happy": "joy", "happiness": "joy", "sad": "sadness", "angry": "anger", "afraid": "fear"},
    **{"fearful": "fear", "disgusted": "disgust", "surprised": "surprise", "contemptuous": "contempt"},
}
"""What datasets call the emotions of this program."""


class DatasetError(ValueError):
    """A file of a dataset is missing, damaged, or not what its layout says.

    Parameters
    ----------
    path : Path
        The file at fault.
    reason : str
        One clause that says what is wrong, without a full stop.
    """

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}")


@dataclass(frozen=True, eq=False)
class Line:
    """One spoken line.

    Attributes
    ----------
    samples : ndarray of shape (N,), float32
        Mono, -1..1, at `rate` Hz.
    motion : ndarray of shape (F, D), float32
        At `fps` frames a second from the first sample on; may be a view of a file. Vertices and landmarks are
        positions (not displacements), x y z by vertex, in the dataset's own unit.
    space : str
        Motion space: ``arkit`` (columns as `arkit.CHANNELS`), ``vertices:<topology>``, ``pca:<basis>`` or
        ``landmarks:mediapipe468``.
    level : int
        How strong the emotion is, as the dataset counts; 0 where it does not say.
    template : ndarray of shape (V, 3), float32, or None
        The speaker at rest.
    valid : ndarray of shape (F,), bool
        Frames that were measured.
    known : ndarray of shape (D,), bool
        Columns that were measured; the others are 0 and say nothing.
    deepspeech : ndarray of shape (F, 16, 29), float32, or None
        Windows of DeepSpeech's outputs, where the dataset brings them.
    """

    name: str
    speaker: str
    samples: Floats
    rate: int
    motion: Floats
    fps: float
    space: str
    emotion: str = NEUTRAL
    level: int = 0
    template: Floats | None = None
    valid: NDArray[np.bool_] = field(default_factory=lambda: np.ones(0, bool))
    known: NDArray[np.bool_] = field(default_factory=lambda: np.ones(0, bool))
    deepspeech: Floats | None = None

    def __post_init__(self) -> None:
        frames, columns = self.motion.shape
        if not self.valid.size:
            object.__setattr__(self, "valid", np.ones(frames, bool))
        if not self.known.size:
            object.__setattr__(self, "known", np.ones(columns, bool))
        for name, length, due in (("valid", len(self.valid), frames), ("known", len(self.known), columns)):
            if length != due:
                raise ValueError(f"{name} has {length} values where the motion has {due}")

    def with_windows(self, windows: Floats) -> Line:
        """Add DeepSpeech's windows, and end where the shorter of them and the motion ends."""
        count = min(len(windows), len(self.motion))
        return replace(self, motion=self.motion[:count], valid=self.valid[:count], deepspeech=windows[:count])


@dataclass(frozen=True)
class Entry:
    """A line that can be loaded.

    Attributes
    ----------
    load : callable
        Reads the line; raises `DatasetError` where a file of it is at fault.
    """

    name: str
    speaker: str
    load: Callable[[], Line]
    emotion: str = NEUTRAL
    level: int = 0


def emotion_name(published: str) -> str:
    """Call an emotion what this program calls it; one that it does not know keeps its name."""
    return EMOTIONS.get(published.lower(), published.lower())


def in_order(entries: list[Entry], folder: Path, missing: str = "") -> tuple[Entry, ...]:
    """Sort entries by name, the same on every machine; a folder without any is an error."""
    if not entries:
        raise DatasetError(folder, missing or "holds no line of this layout")
    return tuple(sorted(entries, key=lambda entry: entry.name))
