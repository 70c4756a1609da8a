from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.composing import decode
from core.library import default_rig
from core.rig import Corrective, Factor, Rig
from tests.factories import mouth_rig


@pytest.fixture
def rig() -> Rig:
    """A mouth with one corrective of two channels and one of a single channel halfway up."""
    plain = mouth_rig()
    lift, bulge = np.zeros((2, *plain.mesh.vertices.shape), np.float32)
    lift[:, 1] = 2.0
    bulge[5, 2] = 1.0
    halfway = (Factor({"eyeBlinkLeft": 2.0}), Factor({"eyeBlinkLeft": -2.0}, 2.0))
    smile = (Factor({"jawOpen": 1.0, "mouthClose": -0.5}), Factor({"mouthSmileLeft": 1.0}))
    return replace(plain, correctives=(Corrective("laugh", smile, lift), Corrective("bow", halfway, bulge)))


def _weights(rig: Rig, **weights: float) -> np.ndarray:
    row = np.zeros((1, len(rig.channels)), np.float32)
    for name, weight in weights.items():
        row[0, rig.index[name]] = weight
    return row


def _added(rig: Rig, **weights: float) -> np.ndarray:
    row = _weights(rig, **weights)
    return decode(rig, row)[0] - decode(replace(rig, correctives=()), row)[0]


def test_a_corrective_is_added_by_the_product_of_its_factors(rig):
    added = _added(rig, jawOpen=0.8, mouthSmileLeft=0.5, mouthClose=0.4)
    np.testing.assert_allclose(added, 0.6 * 0.5 * rig.correctives[0].shape, atol=1e-5)


def test_factors_below_zero_add_nothing(rig):
    assert not np.any(_added(rig, jawOpen=0.1, mouthClose=0.4, mouthSmileLeft=1.0))
    assert not np.any(_added(rig, jawOpen=0.7))


@pytest.mark.parametrize(("weight", "share"), [(0.0, 0.0), (0.25, 0.75), (0.5, 1.0), (1.0, 0.0), (1.5, 0.0)])
def test_an_offset_makes_a_bow_between_rest_and_full(rig, weight, share):
    added = _added(rig, eyeBlinkLeft=weight)
    np.testing.assert_allclose(added[5, 2], share, atol=1e-5)


@pytest.mark.parametrize("make", [lambda rig: rig, lambda _: default_rig()], ids=["mouth", "head"])
def test_a_frame_is_the_same_bits_alone_and_in_a_batch(rig, make):
    rig = make(rig)
    weights = np.random.default_rng(0).random((12, len(rig.channels)), np.float32)
    batch = decode(rig, weights)
    for k in (0, 5, 11):
        np.testing.assert_array_equal(decode(rig, weights[k : k + 1])[0], batch[k])


def test_a_rig_cut_to_some_vertices_moves_them_as_the_whole_does(rig):
    rows = np.array([3, 5, 20], np.int32)
    weights = np.random.default_rng(1).random((4, len(rig.channels)), np.float32)
    np.testing.assert_array_equal(decode(rig.cut_to(rows), weights), decode(rig, weights)[:, rows])


def test_further_channels_keep_correctives_but_those_of_a_replaced_shape(rig):
    shape = np.ones_like(rig.mesh.vertices)
    assert rig.with_channels({"emotion:joy": shape}).correctives == rig.correctives
    assert [c.name for c in rig.with_channels({"mouthSmileLeft": shape}).correctives] == ["bow"]
    more = rig.with_channels({"emotion:joy": shape})
    added = _added(more, jawOpen=1.0, mouthSmileLeft=1.0)
    np.testing.assert_allclose(added, rig.correctives[0].shape, atol=1e-5)
