"""Life: human rates and speeds, in step with the voice, the same for the same seed, and under the seal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audio import AudioClip, load_audio
from core.channels import CHANNELS
from core.curve import Curve
from core.document import Document, Track
from core.library import default_rig, emotion_poses
from core.neutral import Neutral
from core.paths import DEMO_CLIP
from emotion.life.blinks import blinks
from emotion.life.breath import LEAST_S, breath
from emotion.life.gaze import REACH, gaze
from emotion.life.head import head_motion
from emotion.performance import Performance, Stage
from emotion.voice import Voice, voice_of


@pytest.fixture(scope="module")
def voice() -> Voice:
    """Two minutes of speech with its pauses."""
    sound = load_audio(DEMO_CLIP).mono(16_000)
    return voice_of(AudioClip(np.resize(sound, 120 * 16_000)[None], 16_000))


@pytest.fixture(scope="module")
def stage(voice: Voice) -> Stage:
    frames = len(voice.loudness)
    still = Neutral(60.0, CHANNELS, np.zeros((frames, len(CHANNELS)), np.float32))
    return Stage.build(default_rig(), still, emotion_poses(), voice=voice)


MAKERS = [blinks, gaze, head_motion, breath]


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_seed_gives_the_same_life_and_another_another(make, voice: Voice) -> None:
    one, same, other = (make(voice, seed).weights for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0.05


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("seconds", [0.0, 0.1, 3.0])
def test_short_and_silent_recordings_are_lived_through(make, seconds: float) -> None:
    voice = voice_of(AudioClip(np.zeros((1, int(seconds * 16_000)), np.float32), 16_000))
    weights = make(voice, 0).weights
    assert len(weights) == int(seconds * 60) + 1
    assert np.isfinite(weights).all()


def starts(lid: np.ndarray) -> np.ndarray:
    return np.flatnonzero((lid[1:] > 0.02) & (lid[:-1] <= 0.02))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([8.0, 20.0, 40.0]))
def test_blinks_come_at_the_rate_that_was_asked_for(seed: int, rate: float) -> None:
    silent = voice_of(AudioClip(np.zeros((1, 600 * 16_000), np.float32), 16_000))
    lid = blinks(silent, seed, rate).weights[:, 0]
    assert len(starts(lid)) / 10 == pytest.approx(rate, rel=0.25)
    assert lid.max() <= 1.0


def test_a_blink_falls_faster_than_it_rises_and_closes_the_eye(voice: Voice) -> None:
    lid = blinks(voice, 0).weights.max(1)
    for start in starts(lid):
        one = lid[start : start + 20]
        if start + 20 < len(lid):
            peak = int(one.argmax())
            assert one[peak] > 0.9
            assert 4 <= peak <= 8  # frames of 1/60 s
            assert np.flatnonzero(one[peak:] < 0.05)[0] > peak


def test_many_blinks_begin_with_a_pause(voice: Voice) -> None:
    began = starts(blinks(voice, 1).weights[:, 0]) / 60
    pauses = np.array([start for start, _ in voice.pauses])
    near = np.abs(began[:, None] - pauses).min(1) < 0.05
    assert near.mean() > 0.5


def test_saccades_are_fast_and_eyes_go_together(voice: Voice) -> None:
    looks = gaze(voice, 0)
    column = dict(zip(looks.channels, looks.weights.T, strict=True))
    left = REACH * (column["eyeLookOutLeft"] - column["eyeLookInLeft"])
    right = REACH * (column["eyeLookInRight"] - column["eyeLookOutRight"])
    np.testing.assert_allclose(left, right, atol=1e-4)
    moving = np.abs(np.diff(left)) > 0.05
    assert moving.mean() < 0.12  # fixations, not smooth pursuit
    assert np.median(np.abs(left)) < 4
    assert 5 < np.abs(left).max() < 14


def test_the_head_nods_with_the_voice_and_stays_calm(voice: Voice) -> None:
    angles = head_motion(voice, 0).weights
    assert np.quantile(np.abs(angles), 0.99) < 10
    speed = np.abs(np.diff(angles, axis=0)).max() * 60
    assert speed < 80  # degrees a second
    spectrum = np.abs(np.fft.rfft(angles - angles.mean(0), axis=0)) ** 2
    hertz = np.fft.rfftfreq(len(angles), 1 / 60)
    assert spectrum[hertz > 6].sum() < 0.001 * spectrum.sum()
    fast = angles[:, 0] - np.convolve(angles[:, 0], np.ones(60) / 60, "same")
    assert np.corrcoef(fast, voice.stress)[0, 1] < -0.3


def test_nobody_breathes_in_while_speaking(voice: Voice) -> None:
    weights = breath(voice, 0).weights
    times = np.arange(len(weights)) / 60
    paused = np.zeros(len(times), np.bool_)
    for start, end in voice.pauses:
        if end - start >= LEAST_S:
            paused |= (times >= start) & (times <= end)
    assert weights[paused].max() > 0.05
    assert not weights[~paused].any()


def alive(**strengths: float) -> Document:
    document = Document()
    for key, value in strengths.items():
        document = document.with_parameter(f"life.{key}", Curve.constant(value))
    return document


def test_strengths_scale_and_zero_is_still(stage: Stage) -> None:
    times = np.arange(0, 20, 1 / 30)
    one, half, none = (
        Performance(alive(gaze=value), stage).composer.weights(times) for value in (1.0, 0.5, 0.0)
    )
    np.testing.assert_allclose(half, one / 2, atol=1e-6)
    assert one.any()
    assert not none.any()


def test_a_blink_closes_the_eye_under_any_emotion(stage: Stage) -> None:
    assert stage.voice is not None
    lid = blinks(stage.voice, 0).weights.min(1)
    times = np.flatnonzero(lid > 0.95)[:1] / 60
    for emotion in ("surprise", "sadness", "fear"):
        document = alive(blinks=1.0).with_track(Track(emotion, Curve.constant(1.5)))
        weights = Performance(document, stage).composer.weights(times)[0]
        blink, wide = (weights[CHANNELS.index(name)] for name in ("eyeBlinkLeft", "eyeWideLeft"))
        assert 0.95 < blink <= 1.0
        assert abs(wide) < 0.08


def test_a_turned_head_has_the_same_face(stage: Stage) -> None:
    times = np.array([1.0, 2.5])
    joy = Track("joy", Curve.constant(1.0))
    still = Performance(Document(tracks=(joy,)), stage).vertices(times)
    document = alive(head=1.0).with_track(joy).with_parameter("head.yaw", Curve.constant(20.0))
    moved = Performance(document, stage).vertices(times)
    assert stage.rig.lips is not None
    np.testing.assert_allclose(stage.rig.lips.gap(moved), stage.rig.lips.gap(still), atol=1e-3)
    assert np.abs(moved - still).max() > 20
    take = Performance(document, stage).take(0, 1)
    assert take.channels[-3:] == ("headPitch", "headYaw", "headRoll")
    assert take.weights[:, -2].mean() == pytest.approx(20, abs=8)
