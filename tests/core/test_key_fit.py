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
