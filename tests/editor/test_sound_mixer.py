"""Blocks of sound: untouched at their own speed, in pitch at any other, seamless in a loop."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.audio import AudioClip
from editor.sound.clock import Motion
from editor.sound.mixer import GRAIN, Mixer
from tests.editor_factories import RATE, tone

Sound = NDArray[np.float32]


def heard(mixer: Mixer, seconds: float, block: int = 256, channels: int = 1) -> Sound:
    count = int(seconds * mixer.rate) // block
    blocks = np.zeros((count, block, channels), np.float32)
    for part in blocks:
        mixer.fill(part)
    return blocks.reshape(-1, channels)


def pitch(sound: Sound, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * rate / len(sound))


def noise(seconds: float, channels: int = 1) -> AudioClip:
    samples = np.random.default_rng(5).normal(0, 0.1, (channels, int(seconds * RATE))).astype(np.float32)
    return AudioClip(samples, RATE, "noise")


@pytest.mark.parametrize("start", [0.0, 0.31234567])
def test_at_its_own_speed_the_recording_is_untouched(start: float) -> None:
    clip, mixer = noise(3.0, 2), Mixer(noise(3.0, 2), RATE, 2)
    mixer.start(Motion(start))
    sound = heard(mixer, 1.0, channels=2)
    first = round(start * RATE)
    np.testing.assert_array_equal(sound, clip.samples[:, first : first + len(sound)].T)
    assert mixer.elapsed == len(sound) / RATE


def test_a_mono_recording_sounds_on_both_sides() -> None:
    mixer = Mixer(noise(1.0), RATE, 2)
    mixer.start(Motion(0.0))
    sound = heard(mixer, 0.5, channels=2)
    np.testing.assert_array_equal(sound[:, 0], sound[:, 1])
    assert sound.any()


def test_another_rate_of_the_device_keeps_pitch_and_speed() -> None:
    mixer = Mixer(tone(4.0, 440.0), 48000, 1)
    mixer.start(Motion(0.5))
    assert pitch(heard(mixer, 1.0), 48000) == pytest.approx(440.0, abs=2.0)


@pytest.mark.parametrize("speed", [2.0, 4.0, -1.0])
def test_another_speed_keeps_the_pitch(speed: float) -> None:
    mixer = Mixer(tone(30.0, 440.0), RATE, 1)
    mixer.start(Motion(15.0, speed))
    sound = heard(mixer, 1.0)
    assert pitch(sound, RATE) == pytest.approx(440.0, rel=0.06)
    assert np.sqrt((sound**2).mean()) > 0.1


def test_another_speed_goes_through_the_recording_as_fast_as_said() -> None:
    samples = np.zeros((1, 8 * RATE), np.float32)
    samples[0, 4 * RATE : int(4.2 * RATE)] = 0.5  # a mark at 4 s
    mixer = Mixer(AudioClip(samples, RATE), RATE, 1)
    mixer.start(Motion(0.0, 2.0))
    sound = heard(mixer, 3.0)[:, 0]
    assert np.flatnonzero(sound > 0.2)[0] / RATE == pytest.approx(2.0, abs=2 * GRAIN)


def test_a_loop_returns_to_its_start_without_a_gap() -> None:
    clip, mixer = noise(3.0), Mixer(noise(3.0), RATE, 1)
    mixer.start(Motion(1.0, 1.0, (1.0, 1.5)))
    sound = heard(mixer, 1.2)[:, 0]
    piece = clip.samples[0, RATE : int(1.5 * RATE)]
    np.testing.assert_array_equal(sound, np.tile(piece, 3)[: len(sound)])


def test_a_grain_is_short_windowed_and_alone() -> None:
    mixer = Mixer(tone(2.0), RATE, 1)
    mixer.grain(1.0)
    sound = heard(mixer, 0.5)[:, 0]
    sounding = np.flatnonzero(np.abs(sound) > 1e-3)
    assert 0.6 * GRAIN < np.ptp(sounding) / RATE <= GRAIN
    assert np.abs(np.diff(sound)).max() < 0.06  # no click: 220 Hz at 0.5 changes by 0.043 a sample
    assert not heard(mixer, 0.2).any()


def test_of_many_grains_asked_for_at_once_the_newest_sounds() -> None:
    samples = np.zeros((1, 2 * RATE), np.float32)
    samples[0, RATE:] = 0.5
    mixer = Mixer(AudioClip(samples, RATE), RATE, 1)
    for place in (0.2, 0.4, 1.5):
        mixer.grain(place)
    assert heard(mixer, 0.1).max() > 0.4


def test_before_and_after_the_recording_is_silence() -> None:
    mixer = Mixer(tone(1.0), RATE, 1)
    mixer.start(Motion(0.9))
    sound = heard(mixer, 0.5)[:, 0]
    assert np.abs(sound[: RATE // 20]).max() > 0.3
    assert not sound[int(0.11 * RATE) :].any()


def test_stopping_falls_silent() -> None:
    mixer = Mixer(tone(2.0), RATE, 1)
    mixer.start(Motion(0.0))
    heard(mixer, 0.2)
    mixer.stop()
    assert not heard(mixer, 0.2).any()
