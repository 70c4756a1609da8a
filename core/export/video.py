"""Video with sound: H.264 and AAC in an mp4 that starts playing before it is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from core.audio import AudioClip, Samples
from core.export.watch import Watch
from core.take import Take

Picture = NDArray[np.uint8]

SOUND_RATE = 48_000
SOUND_FRAME = 1024
"""Samples in one frame of AAC."""


class FrameRenderer(Protocol):
    """Draws a take; implemented where drawing is known, which is not in core."""

    def frames(self, take: Take) -> Iterable[Picture]:
        """Pictures of all frames in order, (H, W, 3) uint8 RGB."""


def write_video(take: Take, path: Path, renderer: FrameRenderer, watch: Watch) -> None:
    """Write a take as mp4 with the sound of its span.

    Parameters
    ----------
    take : Take
    path : Path
        A file of our own; an existing one is overwritten.
    renderer : FrameRenderer
        An odd last row or column of its pictures is left out: H.264 wants even sizes.
    watch : Watch

    Raises
    ------
    OSError
        If FFmpeg cannot write.
    Cancelled
        If the user asked to stop.
    """
    try:
        with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
            _encode(take, container, renderer, watch)
    except av.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


def _encode(
    take: Take, container: av.container.OutputContainer, renderer: FrameRenderer, watch: Watch
) -> None:
    pictures = iter(watch.frames(renderer.frames(take)))
    first = next(pictures)
    film = _film_stream(container, take.fps, first)
    sound = None if take.audio is None else _SoundTrack(container, take.audio, take)
    for number, picture in enumerate(_chain(first, pictures), start=1):
        container.mux(film.encode(_frame(picture)))
        if sound:
            # In step with the pictures, so that the muxer holds neither back in memory.
            sound.write_until(number / take.fps)
    container.mux(film.encode(None))
    if sound:
        sound.finish()


def _chain(first: Picture, others: Iterable[Picture]) -> Iterable[Picture]:
    yield first
    yield from others


def _film_stream(
    container: av.container.OutputContainer, fps: float, picture: Picture
) -> av.video.stream.VideoStream:
    rate = Fraction(fps).limit_denominator(100_000)
    stream = container.add_stream("libx264", rate=rate, options={"crf": "18", "preset": "veryfast"})
    stream.height, stream.width = (size // 2 * 2 for size in picture.shape[:2])
    stream.pix_fmt = "yuv420p"
    return stream


def _frame(picture: Picture) -> av.VideoFrame:
    height, width = (size // 2 * 2 for size in picture.shape[:2])
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), format="rgb24")


class _SoundTrack:
    """Feeds the sound of a take's span to the encoder, a frame of AAC at a time."""

    def __init__(self, container: av.container.OutputContainer, clip: AudioClip, take: Take) -> None:
        self._container = container
        self._samples = span_of_sound(clip, float(take.times[0]), len(take) / take.fps)
        layout = "mono" if len(self._samples) == 1 else "stereo"
        self._stream = container.add_stream("aac", rate=SOUND_RATE, layout=layout)
        self._stream.bit_rate = 192_000
        self._done = 0

    def write_until(self, seconds: float) -> None:
        while self._done + SOUND_FRAME <= min(seconds * SOUND_RATE, self._samples.shape[1]):
            self._write(self._done + SOUND_FRAME)

    def finish(self) -> None:
        while self._done < self._samples.shape[1]:
            self._write(min(self._done + SOUND_FRAME, self._samples.shape[1]))
        self._container.mux(self._stream.encode(None))

    def _write(self, end: int) -> None:
        samples = np.ascontiguousarray(self._samples[:, self._done : end])
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=self._stream.layout.name)
        frame.sample_rate = SOUND_RATE
        frame.pts, frame.time_base = self._done, Fraction(1, SOUND_RATE)
        self._container.mux(self._stream.encode(frame))
        self._done = end


def span_of_sound(clip: AudioClip, start: float, duration: float) -> Samples:
    """Cut the sound of a span, at 48 kHz, mono or stereo; silence where the clip has none.

    Parameters
    ----------
    clip : AudioClip
        Of any rate; more than two channels are mixed to one.
    start, duration : float
        Seconds.

    Returns
    -------
    ndarray of shape (1 or 2, duration * 48000), float32
    """
    import soxr

    first, last = round(start * clip.rate), round((start + duration) * clip.rate)
    part = clip.samples[:, max(first, 0) : max(last, 0)]
    if len(part) > 2:
        part = part.mean(axis=0, keepdims=True, dtype=np.float32)
    part = np.pad(part, ((0, 0), (max(-first, 0), 0)))
    if clip.rate != SOUND_RATE:
        part = soxr.resample(part.T, clip.rate, SOUND_RATE).T
    length = round(duration * SOUND_RATE)
    part = np.pad(part[:, :length], ((0, 0), (0, max(length - part.shape[1], 0))))
    return np.asarray(np.clip(part, -1.0, 1.0), np.float32)
