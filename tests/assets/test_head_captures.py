"""The default head in poses that people made: frames of captures, and sparse poses drawn from them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assets.head.check import captured, check, sparse_poses
from assets.head.crossings import CrossingFinder
from assets.head.sculpt import EYE
from core.composing import decode
from core.library import default_rig
from core.mesh import Floats
from core.rig import Rig


@pytest.fixture(scope="module")
def rig() -> Rig:
    return default_rig()


@pytest.fixture(scope="module")
def frames(rig: Rig, shared_data: Path) -> Floats:
    return captured(rig, sorted((shared_data / "livelink").glob("*.csv")))


def test_crossings_are_measured(rig: Rig) -> None:
    finder = CrossingFinder(rig)
    rest = finder(rig.mesh.vertices)
    assert (rest.lips, rest.lids) == (0, 0)
    plain = replace(rig, correctives=())
    row = np.zeros((1, len(rig.channels)), np.float32)
    row[0, rig.index["mouthClose"]] = 0.2
    assert 4 < finder(decode(plain, row)[0]).lips < 10
    pushed = rig.mesh.vertices.copy()
    lid = np.linalg.norm(pushed - (EYE + np.array([4, 9, 12])), axis=1).argmin()
    pushed[lid] = EYE + np.array([0, 8, 9])
    assert 0.5 < finder(pushed).lids < 2


def test_captured_frames_neither_fold_nor_cross(rig: Rig, frames: Floats) -> None:
    found = check(rig, frames[::25])
    assert (found.flipped, found.lips, found.lids) == (0, 0, 0), found


def test_sparse_poses_move_few_channels_by_captured_weights(frames: Floats) -> None:
    poses = sparse_poses(frames, 50)
    assert (np.count_nonzero(poses, axis=1) <= 8).all()
    for pose in poses:
        for channel in np.flatnonzero(pose):
            assert pose[channel] in frames[:, channel]


@pytest.mark.slow
def test_ten_thousand_sparse_poses(rig: Rig, frames: Floats) -> None:
    found = check(rig, sparse_poses(frames, 10_000))
    assert found.flipped == 0, found
    assert max(found.lips, found.lids) < 20, found
