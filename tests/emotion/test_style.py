"""Mumbling moves the mouth less, clear speech more, and closures stay closed in any style."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.curve import Curve
from core.document import Document
from core.mesh import Floats
from emotion.performance import Performance, Stage
from tests.factories import mouth_rig, speech

SYLLABLES = [0.0] * 30 + ([0.1] * 6 + [0.35] * 6) * 8 + [0.0] * 8 + ([0.35] * 6 + [0.1] * 6) * 8 + [0.0] * 30
CLOSURE_S = (30 + 96 + 4) / 60
STAGE = Stage.build(mouth_rig(), speech(SYLLABLES), {})
TIMES = np.arange(len(SYLLABLES)) / 60


def gaps(style: Curve | None) -> Floats:
    lips = STAGE.rig.lips
    assert lips is not None
    return lips.gap(Performance(Document(style=style), STAGE).vertices(TIMES))


def test_style_orders_how_far_and_how_quickly_the_mouth_moves() -> None:
    syllables = slice(40, 120)
    mumbled, plain, clear = (gaps(Curve.constant(style))[syllables] for style in (-1.0, 0.0, 1.0))
    assert mumbled.max() < plain.max() < clear.max()
    assert mumbled.std() < 0.6 * plain.std()
    assert clear.std() > 1.2 * plain.std()
    for styled in (mumbled, clear):
        assert np.corrcoef(styled, plain)[0, 1] > 0.9


def test_style_zero_and_no_style_are_the_same_to_the_bit() -> None:
    assert np.allclose(gaps(Curve.constant(0.0)), gaps(None), atol=1e-5)


@pytest.mark.parametrize("style", [-1.0, -0.5, 0.5, 1.0])
def test_a_closure_is_one_in_any_style(style: float) -> None:
    frame = round(CLOSURE_S * 60)
    assert gaps(Curve.constant(style))[frame] == pytest.approx(gaps(None)[frame], abs=0.05)


def test_style_is_painted_over_time() -> None:
    styled, plain = gaps(Curve.of([(1.0, 0.0), (1.2, -1.0)])), gaps(None)
    assert np.allclose(styled[:55], plain[:55], atol=1e-5)
    assert styled[75:120].std() < 0.6 * plain[75:120].std()


def test_weights_never_fall_below_nothing() -> None:
    performance = Performance(Document(style=Curve.constant(1.0)), STAGE)
    assert performance.composer.weights(TIMES).min() >= 0
    beyond = replace(performance.document, style=Curve.constant(5.0))
    assert np.allclose(Performance(beyond, STAGE).vertices(TIMES), performance.vertices(TIMES))
