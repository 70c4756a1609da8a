import numpy as np
import pytest

from core.channels import CHANNELS as EDITOR_CHANNELS
from models.residual import DRIFTS
from models.training.residual.performances import CHANNELS, Lines, followed, performed
from models.training.residual.poses import random_poses

FRAMES = 300
STILL = np.zeros((1, FRAMES, DRIFTS), np.float32)


def line(loud: float = 0.0, **channels: float) -> Lines:
    weights = np.zeros((1, FRAMES, len(CHANNELS)), np.float32)
    for name, track in channels.items():
        weights[0, :, CHANNELS.index(name)] = track
    flat = np.zeros((1, FRAMES), np.float32)
    return Lines(weights, flat + loud, flat)


def pose(**channels: float) -> np.ndarray:
    row = np.zeros((1, len(CHANNELS)), np.float32)
    for name, weight in channels.items():
        row[0, CHANNELS.index(name)] = weight
    return row


def added(spoken: Lines, worn: np.ndarray, channel: str) -> np.ndarray:
    return performed(spoken, worn, STILL)[0, :, CHANNELS.index(channel)]


def test_the_rules_know_every_channel_of_the_editor_once():
    assert sorted(CHANNELS) == sorted(EDITOR_CHANNELS)


def test_silence_shows_the_pose_itself():
    worn = random_poses(1, np.random.default_rng(1))
    assert np.allclose(performed(line(-60.0), worn, STILL), worn[:, None], atol=1e-6)


def test_brows_rise_with_a_stress_and_before_it():
    spoken = line(jawOpen=0.2)
    spoken.stress[0, 150:162] = 1.0
    brow = added(spoken, pose(browInnerUp=0.6), "browInnerUp")
    assert 1.2 < brow[140:175].max() / brow[100:130].mean() < 1.4
    assert brow[149] > brow[130] * 1.1


@pytest.mark.parametrize("sound", [{"mouthPucker": 0.8, "jawOpen": 0.2}, {"jawOpen": 0.0}])
def test_a_smile_gives_way_to_rounding_and_to_closed_lips(sound):
    smile = pose(mouthSmileLeft=0.8)
    spread = added(line(jawOpen=0.2), smile, "mouthSmileLeft")[150]
    assert added(line(**sound), smile, "mouthSmileLeft")[150] < 0.9 * spread


def test_a_smile_rounds_less():
    total = added(
        line(mouthPucker=0.8, jawOpen=0.2), pose(mouthSmileLeft=1, mouthSmileRight=1), "mouthPucker"
    )
    assert np.allclose(total, -0.24, atol=0.01)


def test_an_open_mouth_is_not_opened_as_much_again():
    worn = pose(jawOpen=0.2)
    little, much = (added(line(jawOpen=opening), worn, "jawOpen")[150] for opening in (0.1, 0.4))
    assert 0 < much < 0.8 * little


def test_following_rises_faster_than_it_falls():
    step = np.zeros((1, 200), np.float32)
    step[:, 50:100] = 1
    track = followed(step, 0.1, 0.5)[0]
    assert track[56] > 0.9
    assert 0.3 < track[110] < 0.9
    assert track[199] < 0.05


def test_random_poses_are_sparse_and_come_from_both_sides():
    poses = random_poses(400, np.random.default_rng(0))
    assert poses.min() == 0
    assert poses.max() <= 1
    left, right = (poses[:, CHANNELS.index(f"mouthSmile{side}")] for side in ("Left", "Right"))
    assert 0.5 < left.mean() / right.mean() < 2
    assert (left[left > 0] != right[left > 0]).any()
    assert 2 < (poses > 0).sum(1).mean() < 25
