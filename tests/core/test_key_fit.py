import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.curve import Curve
from core.key_fit import fitted

values = st.lists(st.floats(-2, 2), min_size=1, max_size=60).map(np.array)


@given(values, st.sampled_from([0.01, 0.1]))
def test_the_curve_stays_within_the_tolerance(samples, tolerance):
    times = np.arange(len(samples)) / 60
    curve = fitted(times, samples, tolerance)
    assert np.abs(curve(times) - samples).max() <= tolerance + 1e-9
    assert len(curve) <= len(samples)


def test_a_smooth_hill_takes_few_keys_and_a_plain_none():
    times = np.arange(600) / 60
    hill = np.exp(-((times - 5) ** 2))
    assert len(fitted(times, hill, 0.02)) <= 15
    assert fitted(times, np.full(600, 0.4), 0.02) == Curve.constant(0.4)


def test_a_smooth_step_between_rests_needs_four_keys():
    times = np.arange(600) / 60
    share = np.clip((times - 2.0) / 3.0, 0, 1)
    curve = fitted(times, share * share * (3 - 2 * share), 0.01)
    assert len(curve) == 4
    np.testing.assert_allclose(curve.times[1:3], [2.0, 5.0], atol=0.02)
