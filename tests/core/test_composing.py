import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.composing import decode
from core.neutral import Neutral
from tests.factories import mouth_rig


def test_a_frame_is_the_same_bits_alone_and_in_a_batch():
    rig = mouth_rig()
    weights = np.random.default_rng(0).random((50, len(rig.channels)), np.float32)
    batch = decode(rig, weights)
    for k in (0, 7, 49):
        assert np.array_equal(decode(rig, weights[k : k + 1])[0], batch[k])


def test_decoding_is_template_plus_weighted_basis():
    rig = mouth_rig()
    weights = np.random.default_rng(1).random((5, len(rig.channels)), np.float32)
    slow = rig.mesh.vertices + np.einsum("fc,cvx->fvx", weights.astype(float), rig.basis.astype(float))
    assert np.allclose(decode(rig, weights), slow, atol=1e-4)


def test_no_weight_is_the_template_itself():
    rig = mouth_rig()
    assert np.array_equal(decode(rig, np.zeros((2, len(rig.channels)), np.float32))[1], rig.mesh.vertices)


@given(st.integers(1, 9), st.lists(st.floats(-1, 3), min_size=2, max_size=12))
def test_one_moment_of_a_lipsync_is_what_it_is_among_others(frames, moments):
    weights = np.random.default_rng(frames).random((frames, 5)).astype(np.float32)
    neutral, times = Neutral(7.0, tuple("abcde"), weights), np.array(moments)
    together = neutral.sample(times)
    assert np.array_equal(
        together, np.concatenate([neutral.sample(times[k : k + 1]) for k in range(len(times))])
    )
