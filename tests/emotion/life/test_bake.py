"""Baking: keys move the face as the generated life did, are few, and join those that are there."""

import numpy as np
import pytest

from core.audio import load_audio
from core.channels import CHANNELS
from core.curve import Curve
from core.document import Document
from core.head_motion import HEAD
from core.key_fit import fitted
from core.library import default_rig, emotion_poses
from core.neutral import Neutral
from core.paths import DEMO_CLIP
from emotion.life.bake import DEGREES, TOLERANCE, baked, with_life_baked
from emotion.life.blinks import blinks
from emotion.life.head import head_motion
from emotion.performance import Performance, Stage
from emotion.voice import Voice, voice_of

FADE = Curve.of([(0.0, 0.0), (3.0, 1.0), (9.0, 0.5)])


@pytest.fixture(scope="module")
def voice() -> Voice:
    return voice_of(load_audio(DEMO_CLIP))


@pytest.fixture(scope="module")
def stage(voice: Voice) -> Stage:
    still = Neutral(60.0, CHANNELS, np.zeros((len(voice.loudness), len(CHANNELS)), np.float32))
    return Stage.build(default_rig(), still, emotion_poses(), voice=voice)


@pytest.fixture(scope="module")
def alive() -> Document:
    document = Document()
    for kind in ("blinks", "gaze", "head", "breath"):
        document = document.with_parameter(f"life.{kind}", FADE)
    return document


@pytest.mark.parametrize("make", [blinks, head_motion])
def test_keys_are_few_and_within_the_tolerance(make, voice: Voice) -> None:
    motion = make(voice, 0)
    curves = baked(motion, FADE, 0.02)
    assert set(curves) == set(motion.channels)
    times = np.arange(len(motion.weights)) / motion.fps
    for name, column in zip(motion.channels, motion.weights.T, strict=True):
        limit = 0.02 * (DEGREES if name in HEAD else 1.0)
        assert np.abs(curves[name](times) - column * FADE(times)).max() <= limit + 1e-9
        assert len(curves[name]) < len(times) / 10


def test_still_channels_get_no_keys(voice: Voice) -> None:
    motion = blinks(voice, 0)
    assert not baked(motion, Curve.constant(0.01), 0.02)
    assert not baked(Neutral(60.0, HEAD, np.zeros((0, 3), np.float32)), FADE, 0.02)


def test_a_baked_face_moves_as_the_generated_one(stage: Stage, alive: Document) -> None:
    assert stage.voice is not None
    kept = with_life_baked(alive, stage.voice)
    assert all(kept.number(f"life.{kind}") == 0 for kind in ("blinks", "gaze", "head", "breath"))
    times = np.arange(0, stage.voice.duration, 1 / 30)
    one, other = (Performance(document, stage).composer for document in (alive, kept))
    np.testing.assert_allclose(other.weights(times), one.weights(times), atol=TOLERANCE + 1e-6)
    assert one.turn is not None
    assert other.turn is not None
    np.testing.assert_allclose(
        other.turn.degrees(times), one.turn.degrees(times), atol=TOLERANCE * DEGREES + 1e-4
    )
    assert one.weights(times).any()


def test_own_keys_are_added_to(stage: Stage, alive: Document) -> None:
    assert stage.voice is not None
    own = Curve.of([(0.0, 0.2), (4.0, 0.4), (60.0, 0.1)])
    document = alive.with_parameter("head.yaw", Curve.of([(0.0, 5.0), (8.0, -5.0)]))
    document = Document(parameters=document.parameters, offsets={"eyeBlinkLeft": own})
    kept = with_life_baked(document, stage.voice)
    times = np.arange(0, stage.voice.duration, 1 / 60)
    lid = blinks(stage.voice, 0).weights[: len(times), 0] * FADE(times)
    together = own(times) + lid
    assert np.abs(kept.offsets["eyeBlinkLeft"](times) - together).max() <= 2 * TOLERANCE
    assert kept.offsets["eyeBlinkLeft"](60.0) == pytest.approx(0.1)
    turned = Performance(kept, stage).composer.turn
    before = Performance(document, stage).composer.turn
    assert turned is not None
    assert before is not None
    np.testing.assert_allclose(turned.degrees(times), before.degrees(times), atol=2 * TOLERANCE * DEGREES)


def test_life_that_is_off_bakes_to_nothing(voice: Voice) -> None:
    document = Document(offsets={"jawOpen": Curve.of([(1.0, 0.5)])})
    assert with_life_baked(document, voice) == document


def test_a_blink_is_a_handful_of_keys(voice: Voice) -> None:
    lid = blinks(voice, 0).weights[:, 0]
    keys = fitted(np.arange(len(lid)) / 60, lid.astype(float), TOLERANCE)
    count = ((lid[1:] > 0.02) & (lid[:-1] <= 0.02)).sum()
    assert count >= 2
    assert len(keys) <= 8 * count + 2
