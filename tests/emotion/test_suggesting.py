"""Suggestions: what the literature says of a voice, none for silence, and never outside their band."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audio import AudioClip, load_audio
from core.paths import DEMO_CLIP
from emotion.suggesting import WEIGHTS, suggest
from emotion.voice import Voice, voice_of

FRAMES = 600


def spoken(height: float = 0.0, liveliness: float = 1.0, tilt: float = -13.0) -> Voice:
    """Ten seconds whose pitch lies `height` semitones over a high voice's and moves as in plain reading."""
    times = np.arange(FRAMES) / 60
    pitch = 3.3 * np.sqrt(2) * liveliness * np.sin(2 * np.pi * 0.7 * times)
    ones = np.ones(FRAMES, np.float32)
    return Voice(
        60.0, 0 * ones, pitch.astype(np.float32), 205.0 * 2 ** (height / 12), ones, tilt * ones, 0 * ones, ()
    )


@pytest.mark.parametrize(
    ("voice", "emotion"),
    [
        (spoken(5, 1.6), "joy"),
        (spoken(0, 1.0, -4), "anger"),
        (spoken(-3, 0.3), "sadness"),
        (spoken(6, 0.2), "fear"),
    ],
)
def test_directions_of_the_literature(voice: Voice, emotion: str) -> None:
    assert next(iter(suggest(voice))) == emotion


def test_plain_reading_suggests_little() -> None:
    found = suggest(spoken())
    assert all(each.curve(np.arange(0, 10, 0.1)).mean() < 0.3 for each in found.values())


def test_an_emotion_comes_where_the_voice_has_it() -> None:
    calm, low = spoken(), spoken(-3, 0.2)
    changed = replace(low, loudness=low.loudness - 4, pitch=low.pitch - 3)
    tracks = ("loudness", "pitch", "voiced", "tilt", "stress")
    both: dict[str, Any] = {
        name: np.concatenate([getattr(calm, name), getattr(changed, name)]) for name in tracks
    }
    joined = replace(calm, **both)
    sadness = suggest(joined)["sadness"].curve
    assert sadness(15.0) > sadness(5.0) + 0.4


def test_silence_suggests_nothing() -> None:
    for seconds in (0.0, 0.1, 5.0):
        silence = AudioClip(np.zeros((1, int(16_000 * seconds)), np.float32), 16_000)
        assert suggest(voice_of(silence)) == {}


@settings(max_examples=25)
@given(st.floats(-6, 8), st.floats(0, 2.5), st.floats(-25, 0))
def test_curves_lie_within_their_bands_and_keep_to_the_range(
    height: float, lively: float, tilt: float
) -> None:
    times = np.arange(0, 10, 0.25)
    for each in suggest(spoken(height, lively, tilt)).values():
        low, middle, high = (curve(times) for curve in (each.low, each.curve, each.high))
        assert (low <= middle + 0.07).all()
        assert (middle <= high + 0.07).all()
        assert middle.min() > -0.05
        assert high.max() < 1.05
        assert 0 < each.confidence <= 1
        assert each.emotion in WEIGHTS


def test_no_emotion_where_nobody_speaks() -> None:
    sound = load_audio(DEMO_CLIP).mono(16_000)
    silence = np.zeros(5 * 16_000, np.float32)
    for each in suggest(voice_of(AudioClip(np.concatenate([sound, silence])[None], 16_000))).values():
        assert each.curve(len(sound) / 16_000 + 4) == pytest.approx(0, abs=0.03)
        assert len(each.curve) < 40
