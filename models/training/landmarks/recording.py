"""Films of faces as lines: pictures at 25 Hz by FFmpeg, landmarks in metric space, sound at 16 kHz."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.audio import load_audio
from core.errors import InputError
from models.training.datasets.line import Floats, Line
from models.training.datasets.mediapipe import FPS, RATE, SPACE
from models.training.landmarks.metric import Doubles, metric

Picture = NDArray[np.uint8]
Finder = Callable[[Picture], Doubles | None]
"""From a picture (H, W, 3) to landmarks (468, 3) in pixels, z away from the camera; None without a face."""

CLOSED_SHARE = 0.05
"""Of the measured frames, those whose lips are nearest to each other make the face at rest."""


@dataclass(frozen=True, eq=False)
class Recording:
    """What a film shows and lets hear.

    Attributes
    ----------
    landmarks : ndarray of shape (F, 468, 3), float32
        cm, 25 a second; anything where no face was seen.
    valid : ndarray of shape (F,), bool
    samples : ndarray of shape (N,), float32
        At 16 kHz.
    """

    name: str
    landmarks: Floats
    valid: NDArray[np.bool_]
    samples: Floats


def record(path: Path, find: Finder) -> Recording:
    """Look at a film and listen to it.

    Parameters
    ----------
    path : Path
        Any film that FFmpeg reads.
    find : callable
        Finds the landmarks of a picture; None where there is no face.

    Raises
    ------
    InputError
        If it is no film, or shows no face, or is silent for lack of a sound track.
    """
    samples = load_audio(path).mono(RATE)
    seen = [find(picture) for picture in tqdm(pictures(path), path.name, unit="picture")]
    valid = np.array([face is not None for face in seen], bool)
    if not valid.any():
        raise InputError(path, "shows no face")
    nothing = np.zeros((468, 3))
    landmarks = np.stack([nothing if face is None else metric(face) for face in seen])
    return Recording(path.stem, landmarks.astype(np.float32), valid, samples)


def pictures(path: Path, fps: float = FPS) -> Iterator[Picture]:
    """Yield what a film shows at n / fps seconds, (H, W, 3): the newest picture at that time.

    Raises
    ------
    InputError
        If it is no film.
    """
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise InputError(path, "holds no pictures")
            number, shown = 0, None
            for frame in container.decode(container.streams.video[0]):
                # Half a tick of slack: rates like 30000/1001 have no exact times.
                while shown is not None and (frame.time or 0.0) > number / fps + 1e-3:
                    yield _rgb(shown)
                    number += 1
                shown = frame
            if shown is not None:
                yield _rgb(shown)
    except (av.error.FFmpegError, ValueError) as error:
        raise InputError(path, "is no film that can be read") from error


def _rgb(frame: av.VideoFrame) -> Picture:
    return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def averaged(recording: Recording, frames: int) -> Recording:
    """Replace each frame by the mean of itself and those before it, `frames` in all, that show a face."""
    total = np.zeros_like(recording.landmarks)
    count = np.zeros((len(total), 1, 1), np.float32)
    for late in range(frames):
        seen = recording.valid[: len(total) - late, None, None]
        total[late:] += np.where(seen, recording.landmarks[: len(total) - late], 0)
        count[late:] += seen
    return replace(recording, landmarks=np.asarray(total / np.maximum(count, 1), np.float32))


def closed_face(recordings: list[Recording]) -> Floats:
    """Mean of the frames whose lips are nearest to each other, (468, 3): the face at rest of the layout."""
    seen = np.concatenate([each.landmarks[each.valid] for each in recordings])
    gap = np.linalg.norm(seen[:, 13] - seen[:, 14], axis=1)
    shut = np.argsort(gap, kind="stable")[: max(1, round(CLOSED_SHARE * len(seen)))]
    return np.asarray(seen[shut].mean(axis=0), np.float32)


def as_line(recording: Recording, rest: Floats) -> Line:
    """Make a line of a recording; where no face was seen, it shows the face at rest."""
    points = np.where(recording.valid[:, None, None], recording.landmarks, rest)
    motion = points.reshape(len(points), -1)
    return Line(
        recording.name, "", recording.samples, RATE, motion, FPS, SPACE, template=rest, valid=recording.valid
    )
