"""On the default head the lips' gap follows the opening, and closes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.composing import decode
from core.library import default_rig
from core.mesh import Floats
from models.face import Face
from models.gestures import ARTICULATORS


def gap(**curves: float) -> float:
    """Inner lip gap in mm of the default head for articulator values, others 0."""
    row = np.array([[curves.get(name, 0.0) for name in ARTICULATORS]], np.float32)
    rig = default_rig()
    assert rig.lips is not None
    weights: Floats = np.zeros((1, len(rig.channels)), np.float32)
    for name, weight in Face().weights(row).items():
        weights[0, rig.index[name]] = weight[0]
    return float(rig.lips.gap(decode(rig, weights))[0])


REST = gap()
part = st.floats(0, 1)


@given(jaw=part, rounding=part, spread=part)
def test_closed_is_closed_whatever_the_rest_does(jaw: float, rounding: float, spread: float) -> None:
    assert (
        gap(closure=1, jaw=jaw, rounding=rounding, spread=spread) < REST + 0.5
    )  # pressed lips overlap a little


@pytest.mark.parametrize("jaw", [0.1, 0.4])
@pytest.mark.parametrize("rounding", [0.0, 0.9])
def test_the_gap_is_proportional_to_the_opening(jaw: float, rounding: float) -> None:
    openings = np.linspace(0, 1, 11)
    gaps = np.array([gap(opening=opening, jaw=jaw, rounding=rounding) for opening in openings])
    assert (np.diff(gaps) > 0.5).all()
    line = np.polyval(np.polyfit(openings, gaps, 1), openings)
    assert np.abs(gaps - line).max() < 0.06 * gaps.max()
    assert 15 < gaps.max() < 26


@given(st.lists(st.floats(0, 1.2), min_size=len(ARTICULATORS), max_size=len(ARTICULATORS)))
def test_weights_are_weights(values: list[float]) -> None:
    for weight in Face().weights(np.array([values], np.float32)).values():
        assert 0 <= weight[0] <= 1


def test_sibilants_part_the_lips_over_closed_teeth() -> None:
    row = np.zeros((1, len(ARTICULATORS)), np.float32)
    row[0, ARTICULATORS.index("opening")], row[0, ARTICULATORS.index("jaw")] = 0.25, 0.05
    weights = Face().weights(row)
    assert weights["jawOpen"][0] < 0.05
    assert weights["mouthLowerDownLeft"][0] > 0.25
