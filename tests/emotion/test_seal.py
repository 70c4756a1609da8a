from dataclasses import replace

import numpy as np
import pytest

from core.document import Document
from core.neutral import Label
from emotion.closures import closures
from emotion.performance import Performance, Stage
from tests.factories import mouth_rig, painted, speech

OPEN_CLOSE_OPEN = [0.0] * 60 + [0.3] * 20 + [0.0] * 8 + [0.3] * 20 + [0.0] * 90
CLOSURE_S = 84 / 60
PAUSE_S = 170 / 60
VOWEL_S = 70 / 60
GRIN = {"joy": {"mouthUpperUpLeft": 1.0, "jawOpen": 0.2}}


def gaps(intensity: float, settings: dict[str, str] | None = None) -> dict[str, float]:
    rig = mouth_rig()
    stage = Stage.build(rig, speech(OPEN_CLOSE_OPEN), GRIN)
    document = painted("joy", intensity)
    for key, value in (settings or {}).items():
        document = document.with_setting(key, value)
    vertices = Performance(document, stage).vertices(np.array([CLOSURE_S, PAUSE_S, VOWEL_S]))
    return dict(zip(("closure", "pause", "vowel"), rig.lips.gap(vertices).tolist(), strict=True))


def test_emotion_cannot_open_a_closure_but_a_pause_and_a_vowel():
    free = gaps(1.0, {"emotion.protect": "0"})
    sealed = gaps(1.0)
    assert free["closure"] == pytest.approx(16, abs=0.1)
    assert sealed["closure"] < 0.1
    assert sealed["pause"] == free["pause"]
    assert sealed["vowel"] == free["vowel"]


def test_half_protection_closes_half():
    assert gaps(1.0, {"emotion.protect": "0.5"})["closure"] == pytest.approx(8, abs=0.1)


def test_only_the_surroundings_of_the_lips_move_and_sides_do_not_mix():
    rig = mouth_rig()
    stage = Stage.build(rig, speech(OPEN_CLOSE_OPEN), {"joy": {"mouthUpperUpLeft": 1.0}})
    at = np.array([CLOSURE_S])
    free = Performance(painted("joy", 1.0).with_setting("emotion.protect", "0"), stage).vertices(at)[0]
    moved = Performance(painted("joy", 1.0), stage).vertices(at)[0] - free
    rows = moved.reshape(6, -1, 3)[:, :, 1]
    assert np.abs(rows[[0, 5]]).max() == 0  # 20 mm away: beyond the seal's reach
    assert (rows[1:3] <= 1e-5).all()
    assert (rows[3:5] >= -1e-5).all()


def test_every_pair_has_its_neutral_separation():
    rig = mouth_rig()
    stage = Stage.build(rig, speech(OPEN_CLOSE_OPEN), GRIN)
    face = Performance(painted("joy", 1.5), stage).vertices(np.array([CLOSURE_S]))[0]
    separation = face[rig.lips.upper] - face[rig.lips.lower]
    assert np.abs(separation).max() < 1e-4


def test_closures_are_short_spells_between_openings():
    gap = np.array(OPEN_CLOSE_OPEN) * 40
    degree = closures(gap, 60.0)
    assert degree[84] == 1
    assert degree[:30].max() == 0
    assert degree[150:].max() == 0
    assert degree[65:76].max() == 0


def test_lips_that_come_clearly_nearer_are_held_there_too():
    jaw = [0.0] * 60 + [0.4] * 20 + [0.15] * 4 + [0.4] * 20 + [0.0] * 60
    stage = Stage.build(mouth_rig(), speech(jaw), GRIN)
    times = np.array([82, 72]) / 60
    lips = mouth_rig().lips
    assert lips is not None
    neutral, grinning = (
        lips.gap(Performance(document, stage).vertices(times))
        for document in (Document(), painted("joy", 1.0))
    )
    assert grinning[0] == pytest.approx(neutral[0], abs=0.1)
    assert grinning[1] > neutral[1] + 10


def test_a_lower_lip_under_the_teeth_stays_there_and_the_upper_one_gives_way():
    rig = mouth_rig()
    assert rig.lips is not None
    neutral = replace(speech([0.3] * 120), phones=(Label("F", 0.9, 1.1),))
    stage = Stage.build(rig, neutral, GRIN)
    times = np.array([0.3, 1.0])
    plain = Performance(Document(), stage).vertices(times)[:, rig.lips.lower]
    grinning = Performance(painted("joy", 1.0), stage).vertices(times)[:, rig.lips.lower]
    assert np.abs(grinning - plain)[0].max() > 1
    assert np.abs(grinning - plain)[1].max() < 1e-4
