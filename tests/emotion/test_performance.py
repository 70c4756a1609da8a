from dataclasses import replace

import numpy as np
import pytest

from core.audio import AudioClip
from core.curve import Curve
from core.document import Document, Track
from core.errors import InputError
from emotion.performance import Performance, Stage
from tests.factories import mouth_rig, painted, speech

RAMP = [k / 100 for k in range(100)]


def test_a_shape_of_the_user_is_added_exactly():
    rig = mouth_rig()
    shape = np.random.default_rng(0).normal(size=rig.mesh.vertices.shape).astype(np.float32)
    stage = Stage.build(rig, speech(RAMP), {}, {"happy": shape})
    curve = Curve.of([(0, 0), (1, 1), (1.6, 0)])
    times = np.linspace(0, 1.6, 20)
    document = Document(tracks=(Track("happy", curve),)).with_setting("emotion.protect", "0")
    difference = Performance(document, stage).vertices(times) - Performance(Document(), stage).vertices(times)
    assert np.allclose(difference, curve(times)[:, None, None] * shape, atol=1e-5)


def test_a_shape_never_replaces_a_channel_of_the_rig():
    rig = mouth_rig()
    stage = Stage.build(rig, speech(RAMP), {}, {"jawOpen": np.zeros_like(rig.mesh.vertices)})
    assert Performance(Document(), stage).composer.weights(np.array([1.0])).max() > 0.5
    assert rig.lips.gap(Performance(Document(), stage).vertices(np.array([1.0])))[0] > 20


def test_intensity_scales_speech_overall_and_by_part():
    stage = Stage.build(mouth_rig(), speech(RAMP), {})
    at = np.array([1.0])
    full = Performance(Document(), stage).composer.weights(at)
    half = Document(intensity=Curve.constant(0.5))
    assert np.allclose(Performance(half, stage).composer.weights(at), full / 2)
    still = Document(part_intensity={"jaw": Curve.constant(0.0)})
    assert Performance(still, stage).composer.weights(at).max() == 0
    lips_only = Document(part_intensity={"lips": Curve.constant(0.0)})
    assert np.array_equal(Performance(lips_only, stage).composer.weights(at), full)


def test_mute_and_solo():
    stage = Stage.build(
        mouth_rig(), speech([0.0] * 9), {"joy": {"jawOpen": 1}, "anger": {"mouthSmileLeft": 1}}
    )
    joy, anger = Track("joy", Curve.constant(1)), Track("anger", Curve.constant(1))

    def heard(*tracks: Track) -> set[str]:
        weights = Performance(Document(tracks=tracks), stage).composer.weights(np.array([0.0]))[0]
        return {stage.rig.channels[k] for k in np.flatnonzero(weights)}

    assert heard(joy, anger) == {"jawOpen", "mouthSmileLeft"}
    assert heard(replace(joy, muted=True), anger) == {"mouthSmileLeft"}
    assert heard(replace(joy, solo=True), anger) == {"jawOpen"}
    assert heard(replace(joy, solo=True, muted=True), anger) == set()


def test_an_offset_moves_one_channel():
    stage = Stage.build(mouth_rig(), speech([0.0] * 9), {})
    document = Document(offsets={"jawOpen": Curve.constant(0.25)})
    weights = Performance(document, stage).composer.weights(np.array([0.0]))[0]
    assert weights[stage.rig.index["jawOpen"]] == 0.25
    assert np.count_nonzero(weights) == 1


def test_unknown_emotion_names_the_known_ones():
    stage = Stage.build(mouth_rig(), speech(RAMP), {"joy": {}})
    with pytest.raises(InputError, match="hapy: no such emotion; there are joy"):
        Performance(painted("hapy", 1.0), stage)


@pytest.mark.parametrize("text", ["much", "nan", "-0.1", "2"])
def test_protection_out_of_range_is_refused(text):
    stage = Stage.build(mouth_rig(), speech(RAMP), {"joy": {"jawOpen": 1}})
    with pytest.raises(InputError, match=r"emotion\.protect"):
        Performance(painted("joy", 1.0).with_setting("emotion.protect", text), stage)


def test_a_take_has_the_frames_of_the_recording():
    clip = AudioClip(np.zeros((1, 16000 * 3), np.float32), 16000)
    stage = Stage.build(mouth_rig(), speech(RAMP), {}, audio=clip)
    take = Performance(Document(), stage).take(fps=25)
    assert len(take) == 75
    assert take.times[-1] == pytest.approx(74 / 25)
    blocks = np.concatenate(list(take.blocks()))
    assert np.array_equal(blocks[40], Performance(Document(), stage).vertices(np.array([40 / 25]))[0])
