"""The learning rate rises, stands at its peak once, and falls to nothing."""

import numpy as np
import pytest

from models.training.schedule import share_of_peak


def test_the_rate_warms_up_and_falls_to_nothing() -> None:
    shares = np.array([share_of_peak(step, 1000, warmup=50) for step in range(1001)])
    assert shares[0] == pytest.approx(1 / 50)
    assert shares.max() == pytest.approx(1, abs=0.01)
    assert 40 < shares.argmax() < 51
    assert (np.diff(shares[50:]) < 0).all()
    assert shares[500] == pytest.approx(0.5)
    assert shares[1000] == pytest.approx(0, abs=1e-12)
