import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.curve import Curve, Tangent

times = st.integers(0, 6000).map(lambda n: n / 60)
values = st.floats(-2, 2, allow_nan=False).map(lambda v: round(v, 4))
keys = st.lists(st.tuples(times, values), min_size=1, max_size=12, unique_by=lambda key: key[0])
tangents = st.sampled_from(list(Tangent))


@given(keys, tangents)
def test_passes_through_every_key(pairs, tangent):
    curve = Curve.of(pairs, tangent)
    assert np.allclose(curve(curve.times), curve.values, atol=1e-12)


@given(keys)
def test_automatic_tangents_never_overshoot(pairs):
    curve = Curve.of(pairs)
    dense = np.linspace(-1, 101, 2000)
    k = np.clip(np.searchsorted(curve.times, dense, side="right") - 1, 0, max(len(curve) - 2, 0))
    ends = np.stack([curve.values[k], curve.values[np.minimum(k + 1, len(curve) - 1)]])
    assert (curve(dense) >= ends.min(axis=0) - 1e-9).all()
    assert (curve(dense) <= ends.max(axis=0) + 1e-9).all()


@given(keys, tangents)
def test_many_times_at_once_equal_one_by_one(pairs, tangent):
    curve = Curve.of(pairs, tangent)
    some = np.linspace(-1, 101, 37)
    assert np.array_equal(curve(some), [float(curve(t)) for t in some])


@given(keys)
def test_linear_equals_numpy_interp(pairs):
    curve = Curve.of(pairs, Tangent.LINEAR)
    dense = np.linspace(-1, 101, 997)
    assert np.allclose(curve(dense), np.interp(dense, curve.times, curve.values), atol=1e-9)


@given(keys, st.lists(st.floats(-50, 50), min_size=4, max_size=4))
def test_wild_bezier_handles_never_fold_time(pairs, numbers):
    curve = Curve.of(pairs)
    dx1, dy1, dx2, dy2 = numbers
    bent = curve.with_handles(0, (-abs(dx1), dy1), (abs(dx2), dy2))
    inside = np.linspace(curve.times[0], curve.times[-1], 500)
    assert np.isfinite(bent(inside)).all()
    assert bent(curve.times) == pytest.approx(curve.values, abs=1e-6)


def test_choosing_bezier_keeps_the_shape():
    curve = Curve.of([(0, 0), (1, 1), (3, 0.2), (4, 0.9)])
    dense = np.linspace(0, 4, 400)
    assert np.allclose(curve.with_tangent([1, 2], Tangent.BEZIER)(dense), curve(dense), atol=1e-9)


def test_step_holds_until_the_next_key():
    curve = Curve.of([(0, 1), (1, 2), (2, 3)], Tangent.STEP)
    assert curve([0.0, 0.999, 1.0, 1.5, 2.0, 9.0]).tolist() == [1, 1, 2, 2, 3, 3]


def test_known_bezier_value():
    # Handles at (0.5, 0) and (-0.5, 0): the symmetric ease; x(u) = u(3 - ...) crosses the middle at one half.
    curve = Curve.of([(0, 0), (1, 1)]).with_handles(0, (0, 0), (0.5, 0)).with_handles(1, (-0.5, 0), (0, 0))
    assert float(curve(0.5)) == pytest.approx(0.5, abs=1e-12)
    assert float(curve(0.25)) < 0.12


@given(keys, st.data())
def test_moving_keeps_order_and_the_moved_key_wins(pairs, data):
    curve = Curve.of(pairs)
    chosen = data.draw(st.sets(st.integers(0, len(curve) - 1), min_size=1))
    shift = data.draw(st.integers(-600, 600)) / 60
    moved = curve.moved(sorted(chosen), shift, 0.25)
    assert (np.diff(moved.times) > 0).all()
    for k in chosen:
        assert moved.values[np.searchsorted(moved.times, curve.times[k] + shift)] == curve.values[k] + 0.25


@given(keys, times, values)
def test_inserted_key_is_there_and_the_others_stay(pairs, time, value):
    curve = Curve.of(pairs).with_key(time, value)
    assert float(curve(time)) == value
    assert {(t, v) for t, v in pairs if t != time} <= set(zip(curve.times, curve.values, strict=True))


def test_an_empty_curve_is_its_default():
    assert Curve.constant(0.7)([0, 5]).tolist() == [0.7, 0.7]


@given(keys, keys, tangents)
def test_keys_of_another_curve_win_and_the_rest_stays(own, others, tangent):
    curve, other = Curve.of(own, tangent), Curve.of(others, Tangent.LINEAR)
    both = curve.with_keys_of(other)
    expected = {**dict(own), **dict(others)}
    assert both.times.tolist() == sorted(expected)
    assert both.values.tolist() == [expected[time] for time in sorted(expected)]
    taken = np.isin(both.times, other.times)
    assert (both.tangents[taken] == Tangent.LINEAR).all()
    assert both.only(np.flatnonzero(taken)) == other
