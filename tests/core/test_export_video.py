"""Videos, probed with FFmpeg: streams, duration, and sound that fits the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from core.audio import AudioClip
from core.export.registry import export
from core.export.video import Picture, span_of_sound
from core.take import Take
from tests.egg_head import egg_take, tone


@dataclass
class Flash:
    """Black, but for one white picture."""

    frame: int = 0
    size: tuple[int, int] = (64, 48)

    def frames(self, take: Take) -> Iterator[Picture]:
        for number in range(len(take)):
            yield np.full((self.size[1], self.size[0], 3), 255 * (number == self.frame), np.uint8)


def click(at: float, seconds: float, rate: int) -> AudioClip:
    samples = np.zeros((1, round(seconds * rate)), np.float32)
    samples[:, round(at * rate) : round((at + 0.02) * rate)] = 0.9
    return AudioClip(samples, rate)


def decoded(path: Path) -> tuple[list[Any], list[float], Any, float]:
    """Pictures, their times, the sound, and the time of its first sample."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        container.seek(0)
        sound = list(container.decode(audio=0))
    pictures = [frame.to_ndarray(format="rgb24") for frame in frames]
    wave = np.concatenate([frame.to_ndarray()[0] for frame in sound])
    return pictures, [frame.time or 0.0 for frame in frames], wave, sound[0].time or 0.0


@pytest.mark.parametrize(
    ("rate", "channels", "fps"), [(8_000, 1, 25.0), (44_100, 2, 30.0), (96_000, 6, 29.97)]
)
def test_streams_and_duration(tmp_path: Path, rate: int, channels: int, fps: float) -> None:
    take = egg_take(seconds=2.0, fps=fps, audio=tone(3.0, rate, channels))
    export(take, tmp_path / "a.mp4", renderer=Flash(size=(65, 49)))
    with av.open(str(tmp_path / "a.mp4")) as container:
        film, sound = container.streams.video[0], container.streams.audio[0]
        assert (film.codec_context.name, film.pix_fmt) == ("h264", "yuv420p")
        assert (film.width, film.height) == (64, 48)
        assert film.frames == len(take)
        assert float(film.average_rate or 0) == pytest.approx(fps)
        assert sound.codec_context.name == "aac"
        assert sound.codec_context.channels == min(channels, 2) if channels < 3 else 1
        assert (container.duration or 0) / 1e6 == pytest.approx(len(take) / fps, abs=0.03)
    # The index stands before the data, so that a player can start at once.
    content = (tmp_path / "a.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize(("start", "fps", "rate"), [(0.0, 30.0, 16_000), (1.5, 24.0, 44_100)])
def test_sound_and_pictures_are_in_step(tmp_path: Path, start: float, fps: float, rate: int) -> None:
    take = egg_take(seconds=2.0, fps=fps, start=start, audio=click(start + 1.0, 5.0, rate))
    export(take, tmp_path / "a.mp4", renderer=Flash(frame=round(fps)))
    pictures, times, wave, first = decoded(tmp_path / "a.mp4")
    flash = times[int(np.argmax([picture.mean() for picture in pictures]))]
    heard = first + float(np.flatnonzero(np.abs(wave) > 0.4)[0]) / 48_000
    assert flash == pytest.approx(1.0, abs=1e-3)
    assert heard == pytest.approx(flash, abs=0.005)


def test_a_take_without_sound_is_a_silent_film(tmp_path: Path) -> None:
    export(egg_take(seconds=0.5), tmp_path / "a.mp4", renderer=Flash())
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert not container.streams.audio
        assert container.streams.video[0].frames == 15


def test_colours_survive(tmp_path: Path) -> None:
    class Red:
        def frames(self, take: Take) -> Iterator[Picture]:
            for _ in range(len(take)):
                yield np.broadcast_to(np.array([200, 40, 30], np.uint8), (48, 64, 3))

    export(egg_take(seconds=0.2), tmp_path / "a.mp4", renderer=Red())
    with av.open(str(tmp_path / "a.mp4")) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert np.abs(picture.reshape(-1, 3).mean(axis=0) - (200, 40, 30)).max() < 6


@pytest.mark.parametrize(("start", "duration"), [(-0.5, 1.0), (0.25, 0.5), (0.9, 0.5), (5.0, 0.5)])
@pytest.mark.parametrize("rate", [8_000, 48_000])
def test_the_span_of_the_sound_is_cut_and_filled_with_silence(
    start: float, duration: float, rate: int
) -> None:
    clip = tone(1.0, rate, hertz=200.0)
    part = span_of_sound(clip, start, duration)
    assert part.shape == (1, round(duration * 48_000))
    times = start + np.arange(part.shape[1]) / 48_000
    ideal = np.where((times >= 0) & (times < 1), 0.5 * np.sin(2 * np.pi * 200 * times), 0)
    inner = (np.abs(times) > 0.02) & (np.abs(times - 1) > 0.02)
    inner &= (times - start > 0.02) & (start + duration - times > 0.02)
    assert np.abs(part[0] - ideal)[inner].max() < 0.02
