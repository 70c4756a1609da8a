"""Life: human rates and speeds, in step with the voice, the same for the same seed, and under the seal."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, signal

from core.audio import AudioClip, load_audio
from core.channels import CHANNELS
from core.curve import Curve
from core.document import Document, Track
from core.head_motion import HEAD
from core.library import default_rig, emotion_poses
from core.neutral import Neutral
from core.paths import DEMO_CLIP
from emotion.life.blinks import blinks
from emotion.life.breath import LEAST_S, breath
from emotion.life.gaze import WAYS, gaze
from emotion.life.head import LIMIT, head_motion
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


@pytest.fixture(scope="module")
def silent() -> Voice:
    """Ten minutes of nothing."""
    return voice_of(AudioClip(np.zeros((1, 600 * 16_000), np.float32), 16_000))


def starts(lid: np.ndarray) -> np.ndarray:
    return np.flatnonzero((lid[1:] > 0.02) & (lid[:-1] <= 0.02))


@settings(max_examples=10)
@given(st.integers(0, 1000), st.sampled_from([8.0, 20.0, 40.0]))
def test_blinks_come_at_the_rate_that_was_asked_for(silent: Voice, seed: int, rate: float) -> None:
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


def test_speakers_like_to_blink_when_a_phrase_has_ended(voice: Voice) -> None:
    began = np.concatenate([starts(blinks(voice, seed).weights.max(1)) for seed in range(8)]) / 60
    ended = np.array([start for start, _ in voice.pauses])
    near = np.abs(began[:, None] - ended - 0.15).min(1) < 0.25
    grid = np.arange(0, voice.duration, 0.01)
    by_chance = (np.abs(grid[:, None] - ended - 0.15).min(1) < 0.25).mean()
    assert near.mean() > 2 * by_chance


def test_saccades_are_fast_and_eyes_go_together(voice: Voice) -> None:
    looks = gaze(voice, 0)
    column = dict(zip(looks.channels, looks.weights.T, strict=True))
    left = WAYS["Out"] * (column["eyeLookOutLeft"] - column["eyeLookInLeft"])
    right = WAYS["Out"] * (column["eyeLookInRight"] - column["eyeLookOutRight"])
    np.testing.assert_allclose(left, right, atol=1e-4)
    moving = np.abs(np.diff(left)) > 0.05
    assert moving.mean() < 0.12  # fixations, not smooth pursuit
    assert np.median(np.abs(left)) < 4
    assert 5 < np.abs(left).max() < 14


def test_the_head_beats_with_the_voice_and_stays_calm(voice: Voice) -> None:
    angles = np.stack([head_motion(voice, seed).weights for seed in range(4)])
    assert np.quantile(np.abs(angles), 0.98) < 8
    assert np.abs(angles).max() <= LIMIT
    assert np.abs(np.diff(angles, axis=1)).max() * 60 < 80  # degrees a second
    spectrum = np.abs(np.fft.rfft(angles * np.hanning(len(voice.stress))[:, None], axis=1)) ** 2
    hertz = np.fft.rfftfreq(len(voice.stress), 1 / 60)
    assert spectrum[:, hertz > 6].sum() < 0.001 * spectrum[:, 1:].sum()
    quick = angles[..., 0] - ndimage.gaussian_filter1d(angles[..., 0], 30, axis=1)
    assert np.corrcoef(quick.ravel(), np.tile(voice.stress, 4))[0, 1] < -0.2


def test_the_head_moves_as_far_and_fast_as_filmed_speakers(shared_data) -> None:
    filmed, made = [], []
    for file in sorted((shared_data / "captures").glob("*.npz")):
        sound = load_audio(file.with_suffix(".wav"))
        if sound.duration < 6:
            continue
        with np.load(file) as capture:
            valid = capture["valid"].astype(bool)
            times = np.arange(max(capture["t"][0], 0), capture["t"][-1], 1 / 60)
            tracked = [
                np.interp(times, capture["t"][valid], capture[a][valid]) for a in ("pitch", "yaw", "roll")
            ]
        filmed.append(extent(ndimage.gaussian_filter1d(np.stack(tracked, 1), 2.5, axis=0)))
        made += [extent(head_motion(voice_of(sound), seed).weights.astype(float)) for seed in range(3)]
    ratio = np.median(made, axis=0) / np.median(filmed, axis=0)
    assert (ratio > 0.45).all()
    assert (ratio < 1.3).all()


def extent(angles: np.ndarray) -> np.ndarray:
    """How far, how far within a second, and how fast: (3, 3)."""
    quick = angles - ndimage.gaussian_filter1d(angles, 30, axis=0)
    return np.stack([angles.std(0), quick.std(0), np.diff(angles, axis=0).std(0) * 60])


def test_nobody_breathes_in_while_speaking(voice: Voice) -> None:
    breaths = breath(voice, 0)
    chest, lips = breaths.weights[:, 0], breaths.weights[:, breaths.channels.index("jawOpen")]
    times = np.arange(len(chest)) / 60
    paused = np.zeros(len(times), np.bool_)
    for start, end in voice.pauses:
        if end - start >= LEAST_S:
            paused |= (times >= start) & (times <= end)
    assert lips[paused].max() > 0.02
    assert not lips[~paused].any()
    assert (np.diff(chest)[~paused[1:]] <= 0).all()


def test_calm_breath_in_silence(silent: Voice) -> None:
    chest = breath(silent, 0).weights[:, 0]
    assert len(signal.find_peaks(chest, height=0.05)[0]) == pytest.approx(150, abs=1)
    assert np.abs(np.diff(chest)).max() < 0.01


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


def test_eyes_stay_on_the_listener_while_the_head_moves(stage: Stage) -> None:
    times = np.arange(0, 60, 1 / 60)
    still, moving = (Performance(alive(gaze=1.0, head=value), stage) for value in (0.0, 1.0))
    left, right = (CHANNELS.index(f"eyeLook{way}Left") for way in ("Out", "In"))
    one, other = (performance.composer.weights(times) for performance in (still, moving))
    angles = [WAYS["Out"] * (weights[:, left] - weights[:, right]) for weights in (one, other)]
    assert moving.composer.turn is not None
    yaw = moving.composer.turn.degrees(times)[:, HEAD.index("headYaw")]
    assert yaw.std() > 1
    np.testing.assert_allclose(angles[1] + yaw, angles[0], atol=1e-3)
    assert not (other[:, left] * other[:, right]).any()


def test_half_shut_lids_have_half_the_way_to_go(stage: Stage) -> None:
    times = np.arange(0, 60, 1 / 60)
    tired = replace(alive(blinks=1.0), offsets={"eyeBlinkLeft": Curve.constant(0.5)})
    alert = Performance(alive(blinks=1.0), stage).composer.weights(times)[:, CHANNELS.index("eyeBlinkLeft")]
    weights = Performance(tired, stage).composer.weights(times)[:, CHANNELS.index("eyeBlinkLeft")]
    np.testing.assert_allclose(weights, 0.5 + 0.5 * alert, atol=1e-6)


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
