"""Parameters: each does what its name says to the weights, and nothing where it is not set."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channels import CHANNELS, MOUTH, PARTS
from core.curve import Curve
from core.document import Document, Track
from core.library import default_rig, emotion_poses
from core.neutral import Neutral
from core.parameters import REGIONS, gain, lead, multiplier, parameters, smoothing
from emotion.performance import Performance, Stage

FPS = 60.0
TIMES = np.arange(0, 3, 1 / 30)
PLAIN = Document()


@pytest.fixture(scope="module")
def stage() -> Stage:
    """A mouth that opens and shuts twice a second, the lips with it."""
    frames = np.arange(int(3 * FPS) + 1) / FPS
    weights = np.zeros((len(frames), len(CHANNELS)), np.float32)
    swing = np.clip(0.5 - 0.5 * np.cos(2 * np.pi * 2 * frames), 0, 1)
    for name, reach in {"jawOpen": 0.3, "mouthFunnel": 0.2, "tongueUp": 0.4, "browInnerUp": 0.1}.items():
        weights[:, CHANNELS.index(name)] = reach * swing
    return Stage.build(default_rig(), Neutral(FPS, CHANNELS, weights), emotion_poses())


def weights(stage: Stage, document: Document) -> np.ndarray:
    return Performance(document, stage).composer.weights(TIMES)


def tuned(document: Document = PLAIN, **values: float) -> Document:
    for key, value in values.items():
        document = document.with_parameter(key.replace("__", "."), Curve.constant(value))
    return document


def column(name: str) -> int:
    return CHANNELS.index(name)


JOY = Document(tracks=(Track("joy", Curve.constant(1.0)),))


def test_every_parameter_at_its_default_changes_nothing(stage: Stage) -> None:
    plain = Performance(JOY, stage).vertices(TIMES[:10])
    document = JOY
    for key, known in parameters().items():
        document = document.with_parameter(key, Curve.constant(known.default))
    for region in REGIONS:
        document = document.with_parameter(gain("joy", region), Curve.constant(1.0))
    np.testing.assert_allclose(Performance(document, stage).vertices(TIMES[:10]), plain, atol=1e-4)


@pytest.mark.parametrize("region", REGIONS)
def test_a_gain_reaches_its_region_and_no_other(stage: Stage, region: str) -> None:
    changed = weights(stage, JOY.with_parameter(gain("joy", region), Curve.constant(0.25)))
    plain, silent = weights(stage, JOY), weights(stage, Document())
    inside = [k for k, name in enumerate(CHANNELS) if name in REGIONS[region]]
    expected = plain.copy()
    expected[:, inside] = silent[:, inside] + 0.25 * (plain - silent)[:, inside]
    np.testing.assert_allclose(changed, expected, atol=1e-6)


def test_a_gain_can_be_painted(stage: Stage) -> None:
    curve = Curve.of([(0.0, 0.0), (1.0, 0.0), (2.0, 1.0)])
    smile = weights(stage, JOY.with_parameter(gain("joy", "left"), curve))[:, column("mouthSmileLeft")]
    assert smile[:30] == pytest.approx(0.0)
    assert smile[-1] == pytest.approx(weights(stage, JOY)[-1, column("mouthSmileLeft")])
    right = weights(stage, JOY.with_parameter(gain("joy", "left"), curve))[:, column("mouthSmileRight")]
    assert right == pytest.approx(weights(stage, JOY)[:, column("mouthSmileRight")])


@given(st.sampled_from(sorted(PARTS)), st.floats(-150, 150))
def test_a_part_leads_the_sound_by_what_was_asked(part: str, milliseconds: float) -> None:
    frames = np.arange(181) / FPS
    motion = np.random.default_rng(1).random((181, len(CHANNELS))).astype(np.float32)
    stage = Stage.build(default_rig(), Neutral(FPS, CHANNELS, motion), {})
    document = Document().with_parameter(lead(part), Curve.constant(milliseconds))
    moved = Performance(document, stage).composer.weights(TIMES)
    for name in (PARTS[part][0], "jawOpen", "mouthPucker"):
        shift = milliseconds / 1000 if name in PARTS[part] else 0.0
        expected = np.interp(TIMES + shift, frames, motion[:, column(name)])
        np.testing.assert_allclose(moved[:, column(name)], expected, atol=1e-4)


def test_smoothing_calms_a_part_and_keeps_its_mean(stage: Stage) -> None:
    plain = weights(stage, Document())
    calm = weights(stage, tuned(PLAIN, **{smoothing("lips"): 60.0}))
    lips, jaw = column("mouthFunnel"), column("jawOpen")
    assert calm[:, lips].std() < 0.85 * plain[:, lips].std()
    assert calm[:, lips].mean() == pytest.approx(plain[:, lips].mean(), rel=0.02)
    assert calm[:, jaw] == pytest.approx(plain[:, jaw])


def test_smoothed_lips_still_close(stage: Stage) -> None:
    document = tuned(PLAIN, **{smoothing("jaw"): 100.0, smoothing("lips"): 100.0})
    lips = stage.rig.lips
    assert lips is not None
    closed = np.array([0.5, 1.0, 1.5])
    bare = replace(Performance(document, stage).composer, seal=None)
    assert lips.gap(bare.vertices(closed)).min() > 2.0
    gap = lips.gap(Performance(document, stage).vertices(closed))
    rest = lips.gap(Performance(Document(), stage).vertices(closed))
    np.testing.assert_allclose(gap, rest, atol=0.1)


def test_strengths_of_audio2face(stage: Stage) -> None:
    plain, low = weights(stage, JOY), weights(stage, tuned(JOY, a2f__lowerFaceStrength=0.5))
    assert low[:, column("jawOpen")] == pytest.approx(0.5 * plain[:, column("jawOpen")])
    assert low[:, column("mouthSmileLeft")] == pytest.approx(0.5 * plain[:, column("mouthSmileLeft")])
    assert low[:, column("cheekSquintLeft")] == pytest.approx(plain[:, column("cheekSquintLeft")])
    tongue = weights(stage, tuned(JOY, a2f__tongueStrength=2.0))
    assert tongue[:, column("tongueUp")] == pytest.approx(2 * plain[:, column("tongueUp")])


def test_offsets_of_audio2face(stage: Stage) -> None:
    closed = weights(stage, tuned(a2f__eyelidOpenOffset=-0.3))
    assert closed[:, column("eyeBlinkLeft")] == pytest.approx(0.3)
    wide = weights(stage, tuned(a2f__eyelidOpenOffset=0.3))
    assert wide[:, column("eyeWideRight")] == pytest.approx(0.3)
    up = weights(stage, tuned(a2f__rightEyeballRotationOffsetX=5.0))
    assert up[:, column("eyeLookUpRight")] == pytest.approx(0.2)
    assert not up[:, column("eyeLookUpLeft")].any()


def test_a_multiplier_reaches_its_channel(stage: Stage) -> None:
    plain = weights(stage, JOY)
    half = weights(stage, JOY.with_parameter(multiplier("mouthFunnel"), Curve.constant(0.5)))
    funnel = column("mouthFunnel")
    assert half[:, funnel] == pytest.approx(0.5 * plain[:, funnel])
    others = [k for k in range(len(CHANNELS)) if k != funnel]
    np.testing.assert_array_equal(half[:, others], plain[:, others])


def test_the_limit_holds_emotions_together_in_proportion(stage: Stage) -> None:
    both = Document(
        tracks=(Track("joy", Curve.constant(1.0)), Track("surprise", Curve.of([(0, 0.0), (3, 1.0)])))
    )
    limited = weights(stage, both.with_parameter("emotion.limit", Curve.constant(1.2)))
    silent = weights(stage, Document())
    joy = emotion_poses()["joy"]["mouthSmileLeft"]
    share = (limited - silent)[:, column("mouthSmileLeft")] / joy
    expected = np.minimum(1, 1.2 / (1 + both.track("surprise").curve(TIMES)))
    np.testing.assert_allclose(share, expected, atol=1e-5)


def test_closures_follow_lips_that_lead(stage: Stage) -> None:
    document = JOY.with_parameter(lead("lips"), Curve.constant(100.0)).with_parameter(
        lead("jaw"), Curve.constant(100.0)
    )
    lips = stage.rig.lips
    assert lips is not None
    gap = lips.gap(Performance(document, stage).vertices(np.array([0.9])))
    rest = lips.gap(Performance(Document(), stage).vertices(np.array([1.0])))
    np.testing.assert_allclose(gap, rest, atol=0.1)


def test_mouth_regions_hold_all_of_the_mouth() -> None:
    assert set(REGIONS["mouth"]) == set(MOUTH)
    assert not set(REGIONS["left"]) & set(REGIONS["right"])
