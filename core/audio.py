"""Sound as the editor holds it: all channels at the file's own rate, float32."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from core.errors import InputError

Samples = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class AudioClip:
    """A decoded recording.

    Attributes
    ----------
    samples : ndarray of shape (C, N), float32
        -1..1 full scale (a float file may exceed it).
    rate : int
        Samples per second.
    name : str
        What to call it: the file's stem.
    """

    samples: Samples
    rate: int
    name: str = "audio"

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return float(self.samples.shape[1] / self.rate)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of rate, channel count and samples: the same sound in another container is the same."""
        digest = hashlib.sha256(f"{self.rate} {self.samples.shape[0]}".encode())
        digest.update(np.ascontiguousarray(self.samples).tobytes())
        return digest.hexdigest()

    def mono(self, rate: int) -> Samples:
        """Mean of the channels, resampled.

        Parameters
        ----------
        rate : int
            Samples per second wanted.

        Returns
        -------
        ndarray of shape (round(duration * rate),), float32
        """
        mixed: Samples = self.samples.mean(axis=0, dtype=np.float32)
        if rate == self.rate:
            return mixed
        return np.asarray(soxr.resample(mixed, self.rate, rate), np.float32)


def load_audio(path: Path) -> AudioClip:
    """Decode any recording that libsndfile or FFmpeg reads, at its own rate and channel count.

    Raises
    ------
    InputError
        If the file is missing, empty, truncated, not audio, or holds NaN or infinity.
    """
    if not path.is_file():
        raise InputError(path, "no such file" if not path.exists() else "a folder, not an audio file")
    if path.stat().st_size == 0:
        raise InputError(path, "the file is empty")
    _refuse_truncated_riff(path)
    try:
        samples, rate = _decode_sndfile(path)
    except soundfile.LibsndfileError:
        samples, rate = _decode_ffmpeg(path)
    if samples.shape[1] == 0:
        raise InputError(path, "holds no sound")
    if not np.isfinite(samples).all():
        raise InputError(path, "holds samples that are not numbers (NaN or infinity)")
    return AudioClip(np.ascontiguousarray(samples), rate, path.stem)


def _refuse_truncated_riff(path: Path) -> None:
    # libsndfile silently shortens a cut-off wav; an animator must learn that her take is incomplete.
    with path.open("rb") as file:
        head = file.read(12)
        if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return
        size, position = path.stat().st_size, 12
        while position + 8 <= size:
            file.seek(position)
            tag, length = struct.unpack("<4sI", file.read(8))
            # 0 and 2^32-1 are what programs write that stream to a pipe and cannot know the length.
            if tag == b"data" and length not in (0, 0xFFFFFFFF) and position + 8 + length > size:
                missing = position + 8 + length - size
                raise InputError(path, f"truncated: {missing} of {length} bytes of sound are missing")
            position += 8 + length + (length & 1)


def _decode_sndfile(path: Path) -> tuple[Samples, int]:
    with soundfile.SoundFile(path) as file:
        announced = file.frames
        samples = file.read(dtype="float32", always_2d=True)
        if 0 < announced < 2**62 and len(samples) < announced and file.format == "FLAC":
            raise InputError(
                path, f"truncated: {announced - len(samples)} of {announced} samples are missing"
            )
        return samples.T, int(file.samplerate)


def _decode_ffmpeg(path: Path) -> tuple[Samples, int]:
    import av

    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise InputError(path, "holds no audio stream")
            stream = container.streams.audio[0]
            planar = av.AudioResampler(format="fltp", layout=stream.layout, rate=stream.rate)
            blocks: list[NDArray[Any]] = []
            for frame in container.decode(stream):
                blocks += [part.to_ndarray() for part in planar.resample(frame)]
            blocks += [part.to_ndarray() for part in planar.resample(None)]
            rate = int(stream.rate or 0)
    except (av.error.FFmpegError, AttributeError, ValueError) as error:
        # A stream of no known codec has no layout: that is the attribute.
        raise InputError(path, "not an audio file that can be read") from error
    if not blocks or not rate:
        raise InputError(path, "holds no sound")
    return np.concatenate(blocks, axis=1).astype(np.float32), rate
