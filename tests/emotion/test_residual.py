import time
from dataclasses import replace

import numpy as np
import pytest

from core.channels import CHANNELS
from core.curve import Curve
from core.document import Document, Track
from core.errors import InputError
from core.library import emotion_poses
from emotion import residual
from emotion.layers import pose_vector
from emotion.performance import Performance, Stage
from emotion.residual import RESIDUAL, worn
from emotion.voice import Voice
from tests.factories import mouth_rig, painted, speech

SECONDS = 12
FRAMES = SECONDS * 60


def babble(frames: int = FRAMES):
    """Syllables for nine seconds, and a pause of three."""
    times = np.arange(frames) / 60
    jaw = 0.15 * (1 - np.cos(2 * np.pi * 4 * times)) * (times % 12 < 9)
    return speech(jaw.tolist())


def voice(frames: int = FRAMES) -> Voice:
    times = np.arange(frames) / 60
    loud = np.where(times % 12 < 9, -3.0, -60.0).astype(np.float32)
    stress = np.exp(-(((times % 2 - 1) / 0.1) ** 2)).astype(np.float32) * (loud > -30)
    flat = np.zeros(frames, np.float32)
    return Voice(60.0, loud, flat, 120.0, flat, flat, stress, ((9.0, 12.0),))


def stage(**shapes: np.ndarray) -> Stage:
    return Stage.build(mouth_rig(), babble(), emotion_poses(), shapes, voice=voice())


@pytest.mark.parametrize("name", emotion_poses())
def test_a_face_wears_the_emotion_it_is_given(name):
    pose = pose_vector(emotion_poses()[name], CHANNELS)
    weights = worn(pose, babble(), voice()).weights
    upper = [k for k, channel in enumerate(CHANNELS) if channel.startswith(("brow", "eye", "cheekS", "nose"))]
    assert np.isfinite(weights).all()
    mean = weights.mean(0)
    assert 0.85 < mean[upper].sum() / pose[upper].sum() < 1.15
    assert np.corrcoef(mean, pose)[0, 1] > 0.95
    assert np.allclose(weights[-90:].mean(0), pose, atol=0.12)
    assert weights[:, np.argmax(pose)].std() > 0.01
    assert weights.max() <= 1.2
    assert weights[:, CHANNELS.index("mouthSmileLeft")].max() <= 1.0


def test_brows_answer_to_stress_and_no_pose_is_no_residual():
    pose = pose_vector({"browInnerUp": 0.6}, CHANNELS)
    flat = replace(voice(), stress=np.zeros(FRAMES, np.float32))
    brow, calm = (
        worn(pose, babble(), heard).weights[:, CHANNELS.index("browInnerUp")] for heard in (voice(), flat)
    )
    raised = (brow - calm) / 0.6
    assert (raised[[180, 300, 420]] > 0.2).all()
    assert raised.max() < 0.45
    assert raised[180 - 6] > 0.1  # the face is ahead of the voice
    assert np.abs(raised[[150, 240, 360]]).max() < 0.06
    assert not worn(np.zeros_like(pose), babble(), voice()).weights.any()


def test_what_is_painted_only_scales_it():
    made, times = stage(), np.linspace(0, 11, 50)
    curve = Curve.of([(0, 0), (6, 1), (10, 0.2)])
    full = Performance(painted("joy", 1.0), made).composer.weights(times)
    neutral = Performance(Document(), made).composer.weights(times)
    half = Performance(Document(tracks=(Track("joy", curve),)), made).composer.weights(times)
    assert np.allclose(half - neutral, curve(times)[:, None] * (full - neutral), atol=1e-5)
    assert np.array_equal(Performance(painted("joy", 0.0), made).composer.weights(times), neutral)


def test_the_network_runs_once_for_an_emotion(monkeypatch):
    runs: list[str] = []
    real = residual._network

    def counted():
        runs.append("run")
        return real()

    monkeypatch.setattr(residual, "_network", counted)
    made = stage()
    for stroke in range(20):
        curve = Curve.of([(0, 0), (1 + stroke / 10, 1)])
        document = Document(tracks=(Track("joy", curve), Track("anger", Curve.constant(0.3))))
        Performance(document, made).vertices(np.array([1.0, 2.0]))
    assert len(runs) == 2


def test_constant_shapes_and_silence_stay_as_they_are():
    happy = np.random.default_rng(0).normal(size=(54, 3)).astype(np.float32)
    made, times = stage(happy=happy), np.linspace(0, 11, 30)
    constant = painted("joy", 1.0).with_setting(RESIDUAL, "constant")
    pose = pose_vector(emotion_poses()["joy"], made.rig.channels)

    def added(document: Document, on: Stage) -> np.ndarray:
        weights = Performance(document, on).composer.weights(times)
        return weights - Performance(Document(), on).composer.weights(times)

    assert np.allclose(added(constant, made), pose, atol=1e-6)
    assert np.allclose(added(painted("joy", 1.0), replace(made, voice=None)), pose, atol=1e-6)
    assert not np.allclose(added(painted("joy", 1.0), made), pose, atol=0.02)
    assert np.allclose(added(painted("happy", 1.0), made)[:, made.rig.index["emotion:happy"]], 1)


def test_another_kind_is_refused():
    with pytest.raises(InputError, match=r"emotion\.residual: 'live' is not one of learned, constant"):
        Performance(painted("joy", 1.0).with_setting(RESIDUAL, "live"), stage())


@pytest.mark.bench
def test_a_minute_takes_less_than_a_second():
    frames = 3600
    neutral, heard = babble(frames), voice(frames)
    pose = pose_vector(emotion_poses()["joy"], CHANNELS)
    worn(pose, neutral, heard)
    begun = time.process_time()
    assert worn(pose, neutral, heard).weights.shape == (frames, len(CHANNELS))
    assert time.process_time() - begun < 1.0
