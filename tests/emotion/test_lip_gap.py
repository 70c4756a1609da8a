"""The gap of the lips as the timeline shows it, beside that of the posed head."""

from dataclasses import replace

import numpy as np
import pytest

from core.audio import load_audio
from core.curve import Curve
from core.document import Document, Track
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.library import default_rig, emotion_poses
from core.paths import DEMO_CLIP
from emotion.lip_gap import lip_gaps
from emotion.performance import Performance, Stage
from tests.factories import mouth_rig, speech


@pytest.fixture(scope="module")
def stage() -> Stage:
    clip = load_audio(DEMO_CLIP)
    return Stage.build(default_rig(), infer(InferenceRequest(clip)), emotion_poses(), audio=clip)


@pytest.mark.parametrize("emotion", ["joy", "surprise", "anger"])
def test_both_gaps_are_those_of_the_head(stage: Stage, emotion: str) -> None:
    times = np.arange(0.0, 8.0, 1 / 15)
    document = Document(tracks=(Track(emotion, Curve.of([(0.0, 0.0), (8.0, 1.0)])),))
    gaps = lip_gaps(Performance(document, stage), times)
    lips = stage.rig.lips
    assert gaps is not None
    assert lips is not None
    neutral = lips.gap(Performance(Document(), stage).vertices(times))
    final = lips.gap(Performance(document, stage).vertices(times))
    np.testing.assert_allclose(gaps[0], neutral, atol=1e-3)
    np.testing.assert_allclose(gaps[1], final, atol=1e-2)


def test_a_head_without_lips_has_no_gap() -> None:
    stage = Stage.build(replace(mouth_rig(), lips=None), speech([0.0, 1.0]), {})
    assert lip_gaps(Performance(Document(), stage), np.zeros(1)) is None
