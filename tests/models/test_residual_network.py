import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.checkpoint import CheckpointError
from models.residual import (
    DRIFTS,
    ResidualConfig,
    ResidualNet,
    drift,
    load_residual,
    residual_of,
    save_residual,
    voice_tracks,
)

CONFIG = ResidualConfig(("jawOpen", "mouthSmileLeft", "browInnerUp"), width=8, embedding=4, dilations=(1, 2))


def given_to_it(frames: int, seed: int = 0):
    draw = np.random.default_rng(seed)
    spoken = draw.random((frames, 3)).astype(np.float32)
    voice = voice_tracks(
        np.full(frames, -10, np.float32), np.zeros(frames, np.float32), drift(frames, 60, seed)
    )
    return spoken, voice


@settings(max_examples=20)
@given(seed=st.integers(0, 2**31), strength=st.floats(0, 3))
def test_speech_is_never_turned_around_and_no_pose_is_no_residual(seed, strength):
    torch.manual_seed(seed)
    net = ResidualNet(CONFIG).eval()
    spoken, voice = given_to_it(40, seed)
    assert not residual_of(net, spoken, voice, np.zeros(3, np.float32)).any()
    smile = np.array([0, strength, 0], np.float32)
    added = residual_of(net, spoken, voice, smile)
    assert (added[:, 0] + spoken[:, 0] >= -1e-6).all()
    assert np.isfinite(added).all()


def test_it_hears_nothing_beyond_its_reach():
    net = ResidualNet(CONFIG).eval()
    spoken, voice = given_to_it(60)
    pose = np.ones(3, np.float32)
    changed = spoken.copy()
    changed[50:] = 0
    same = residual_of(net, spoken, voice, pose) == residual_of(net, changed, voice, pose)
    reach = 1 + 2 * (1 + 2)
    assert same[: 50 - reach].all()
    assert not same[50 - reach : 50].all()


def test_drift_is_slow_smooth_and_of_unit_size():
    tracks = drift(60 * 600, 60, 3)
    assert tracks.shape == (36000, DRIFTS)
    assert np.allclose(tracks.std(0), 1, atol=0.15)
    assert np.abs(np.diff(tracks, axis=0)).max() < 0.2
    assert np.array_equal(tracks, drift(60 * 600, 60, 3))


def test_what_is_saved_comes_back(tmp_path):
    net = ResidualNet(CONFIG).eval()
    save_residual(tmp_path / "net.safetensors", net)
    back = load_residual(tmp_path / "net.safetensors")
    assert back.config == CONFIG
    spoken, voice = given_to_it(30)
    pose = np.array([0, 1, 0.5], np.float32)
    assert np.allclose(
        residual_of(net, spoken, voice, pose), residual_of(back, spoken, voice, pose), atol=2e-3
    )


def test_something_else_is_refused(tmp_path):
    (tmp_path / "net.safetensors").write_bytes(b"no tensors")
    with pytest.raises(CheckpointError):
        load_residual(tmp_path / "net.safetensors")
