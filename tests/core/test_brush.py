import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.brush import Brush, BrushMode, Stroke
from core.curve import Curve

dabs = st.lists(st.tuples(st.floats(0, 5), st.floats(0, 1.5)), min_size=1, max_size=20)
curves = st.lists(st.tuples(st.integers(0, 300).map(lambda n: n / 60), st.floats(0, 1.5)), max_size=6)


@settings(max_examples=50)
@given(curves, dabs, st.sampled_from([0.005, 0.01, 0.05]))
def test_finished_stroke_is_within_tolerance_of_what_was_painted(keys, path, tolerance):
    stroke = Stroke(Curve.of(keys), Brush())
    for time, value in path:
        stroke.dab(time, value)
    shown, kept = stroke.preview(), stroke.finish(tolerance)
    grid = np.arange(0, 400) / 60
    painted = (grid >= min(t for t, _ in path) - 0.15) & (grid <= max(t for t, _ in path) + 0.15)
    assert np.abs(shown(grid) - kept(grid))[painted].max(initial=0) <= tolerance + 1e-6
    assert len(kept) <= len(shown)
    assert (np.diff(kept.times) > 0).all()


def test_keys_away_from_the_stroke_stay():
    curve = Curve.of([(0, 0.2), (10, 0.8)])
    stroke = Stroke(curve, Brush(radius=0.2, strength=1.0))
    stroke.dab(5.0, 1.0)
    painted = stroke.finish()
    assert {(0.0, 0.2), (10.0, 0.8)} <= set(zip(painted.times, painted.values, strict=True))
    assert float(painted(5.0)) > 0.99


def test_a_bump_needs_few_keys():
    stroke = Stroke(Curve(), Brush(radius=0.5, strength=1.0))
    for time in np.linspace(1, 3, 200):
        stroke.dab(float(time), 1.0)
    assert len(stroke.finish()) <= 20


def test_erase_takes_to_zero_and_smooth_calms():
    wave = Curve.of([(k / 10, k % 2) for k in range(60)])
    erase = Stroke(wave, Brush(radius=0.5, strength=1.0, mode=BrushMode.ERASE))
    smooth = Stroke(wave, Brush(radius=0.5, strength=1.0, mode=BrushMode.SMOOTH))
    for _ in range(5):
        erase.dab(3.0, 1.0)
        smooth.dab(3.0, 1.0)
    near = np.linspace(2.9, 3.1, 50)
    assert np.abs(erase.finish()(near)).max() < 0.02
    assert np.ptp(smooth.finish()(near)) < 0.3 * np.ptp(wave(near))


def test_a_stroke_without_a_dab_is_the_curve():
    curve = Curve.of([(0, 1), (2, 0)])
    assert Stroke(curve, Brush()).finish() == curve


def test_half_the_pressure_goes_half_the_way() -> None:
    def peak(pressure: float) -> float:
        stroke = Stroke(Curve.constant(0.0), Brush(strength=0.6))
        stroke.dab(2.0, 1.0, pressure)
        return float(stroke.preview()(2.0))

    assert peak(1.0) == pytest.approx(0.6)
    assert peak(0.5) == pytest.approx(0.3)
    assert peak(5.0) == pytest.approx(1.0)


def test_dabs_far_apart_leave_what_is_between_as_it_was() -> None:
    before = Curve.of([(0.0, 0.3), (10.0, 0.9), (20.0, 0.1)])
    stroke = Stroke(before, Brush(radius=0.3))
    for time in (2.0, 18.0, 1.0):
        stroke.dab(time, 1.5)
    between = np.arange(2.4, 17.6, 1 / 60)
    np.testing.assert_allclose(stroke.preview()(between), before(between), atol=1e-3)
    assert float(stroke.preview()(18.0)) > float(before(18.0)) + 0.3
