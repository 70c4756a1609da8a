"""Prosody: what is put into a synthetic voice comes out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from core.audio import AudioClip, load_audio
from core.paths import DEMO_CLIP
from emotion.voice import RATE, Voice, voice_of


def voiced(hertz: np.ndarray, loudness: np.ndarray | float = 0.3) -> AudioClip:
    """A buzz through two formants."""
    buzz = signal.sawtooth(2 * np.pi * np.cumsum(hertz) / RATE)
    for formant in (600, 1500):
        buzz = signal.lfilter([1], [1, -2 * 0.97 * np.cos(2 * np.pi * formant / RATE), 0.97**2], buzz)
    return AudioClip((buzz / np.abs(buzz).max() * loudness).astype(np.float32)[None], RATE)


def heard(hertz: float, seconds: float = 1.0) -> Voice:
    return voice_of(voiced(np.full(int(seconds * RATE), hertz)))


@settings(max_examples=15)
@given(st.floats(80, 380))
def test_the_pitch_of_a_steady_voice(hertz: float) -> None:
    voice = heard(hertz)
    assert voice.median_hz == pytest.approx(hertz, rel=0.02)
    assert voice.voiced[5:-5].min() > 0.8
    assert np.abs(voice.pitch[5:-5]).max() < 0.5


def test_a_glide_in_semitones() -> None:
    voice = voice_of(voiced(120 * 2 ** (np.linspace(-6, 6, 2 * RATE) / 12)))
    expected = np.linspace(-6, 6, len(voice.pitch))
    assert np.abs(voice.pitch - expected)[8:-8].max() < 0.8


def test_loudness_is_relative_to_speech_whatever_the_level() -> None:
    clip = load_audio(DEMO_CLIP)
    quiet = AudioClip(clip.samples * np.float32(0.05), clip.rate)
    one, other = voice_of(clip), voice_of(quiet)
    loud = one.loudness > -15
    np.testing.assert_allclose(one.loudness[loud], other.loudness[loud], atol=0.5)
    np.testing.assert_allclose(one.pitch[loud], other.pitch[loud], atol=0.2)


def test_a_louder_and_higher_syllable_is_stressed() -> None:
    time = np.arange(3 * RATE) / RATE
    syllables = 0.1 + np.clip(np.sin(2 * np.pi * 2.5 * time), 0, 1)
    accent = np.exp(-(((time - 1.3) / 0.12) ** 2))
    voice = voice_of(voiced(120 * (1 + 0.3 * accent), 0.1 * syllables * (1 + 2 * accent)))
    assert abs(voice.stress.argmax() / voice.fps - 1.3) < 0.12
    assert voice.stress.max() > 0.9
    assert np.mean(voice.stress) < 0.3


def test_pauses_and_whispers() -> None:
    speech = voiced(np.full(RATE, 120.0)).samples[0]
    noise = np.random.default_rng(1).normal(0, 0.05, RATE).astype(np.float32)
    silence = np.zeros(RATE, np.float32)
    voice = voice_of(AudioClip(np.concatenate([speech, silence, noise])[None], RATE))
    assert len(voice.pauses) == 1
    assert voice.pauses[0] == pytest.approx((1.0, 2.0), abs=0.05)
    assert voice.voiced[130:175].max() < 0.3


@pytest.mark.parametrize("decibels", [-60.0, -40.0, -22.0])
def test_pauses_in_rooms_that_are_never_silent(decibels: float) -> None:
    draw = np.random.default_rng(2)
    tone = voiced(np.full(RATE, 140.0)).samples[0]
    speech = np.concatenate(
        [tone, np.zeros(RATE // 2, np.float32), tone, np.zeros(RATE // 3, np.float32), tone]
    )
    room = draw.normal(0, np.sqrt(np.mean(tone**2)) * 10 ** (decibels / 20), len(speech)).astype(np.float32)
    pauses = np.array(voice_of(AudioClip((speech + room)[None], RATE)).pauses)
    np.testing.assert_allclose(pauses, [(1.0, 1.5), (2.5, 2.5 + 1 / 3)], atol=0.06)


def test_pauses_of_recorded_speakers_are_those_that_were_labelled(shared_data) -> None:
    hits, labelled, found = 0, 0, 0
    for file in sorted((shared_data / "captures").glob("stk_*.npz")):
        with np.load(file) as capture:
            silent = np.repeat(capture["phones30"] == 31, 2)
        voice = voice_of(load_audio(file.with_suffix(".wav")))
        labels, pauses = np.zeros((2, len(voice.loudness)), np.bool_)
        for start, end in spans(silent[: len(labels)]):
            labels[start:end] = end - start >= 12
        for begin, stop in voice.pauses:
            pauses[round(begin * 60) : round(stop * 60)] = True
        hits, labelled, found = hits + (labels & pauses).sum(), labelled + labels.sum(), found + pauses.sum()
    assert hits / labelled > 0.85
    assert hits / found > 0.8


def spans(mask: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]))).reshape(-1, 2)


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.1, 10.0])
def test_silence_has_no_prosody(seconds: float) -> None:
    voice = voice_of(AudioClip(np.zeros((1, int(seconds * RATE)), np.float32), RATE))
    assert len(voice.loudness) == int(seconds * 60) + 1
    for track in (voice.loudness, voice.pitch, voice.voiced, voice.tilt, voice.stress):
        assert np.isfinite(track).all()
    assert not voice.stress.any()
    assert voice.median_hz == 0


def test_blocks_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = load_audio(DEMO_CLIP)
    whole = voice_of(clip)
    monkeypatch.setattr("emotion.voice.BLOCK", 100)
    parts = voice_of(clip)
    np.testing.assert_allclose(whole.loudness, parts.loudness, atol=1e-3)
    np.testing.assert_allclose(whole.stress, parts.stress, atol=1e-3)
