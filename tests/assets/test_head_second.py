"""The second figure of the default head, and those between."""

from __future__ import annotations

import numpy as np
import pytest

from assets.head.flips import FlipFinder
from assets.head.sculpt import EYE, EYE_RADIUS
from core.channels import CHANNELS
from core.composing import decode
from core.errors import InputError
from core.library import default_rig, shape_of
from core.mesh import Floats
from core.rig import Rig


def _pose(rig: Rig, **weights: float) -> Floats:
    row = np.zeros((1, len(rig.channels)), np.float32)
    for name, weight in weights.items():
        row[0, rig.index[name]] = weight
    return decode(rig, row)[0]


def test_figures_share_their_topology_and_channels() -> None:
    first, second = default_rig(0.0), default_rig(1.0)
    np.testing.assert_array_equal(first.mesh.face_vertices, second.mesh.face_vertices)
    assert first.channels == second.channels == CHANNELS
    apart = np.linalg.norm(second.mesh.vertices - first.mesh.vertices, axis=1)
    assert 5 < apart.max() < 20
    assert (apart > 1).mean() > 0.3


def test_between_two_figures_everything_is_between() -> None:
    first, half, second = (default_rig(shape) for shape in (0.0, 0.5, 1.0))
    weights = {"jawOpen": 0.6, "mouthSmileLeft": 0.8, "eyeBlinkLeft": 0.4}
    middle = (_pose(first, **weights) + _pose(second, **weights)) / 2
    np.testing.assert_allclose(_pose(half, **weights), middle, atol=1e-3)


@pytest.mark.parametrize("shape", [0.5, 1.0])
def test_no_channel_turns_a_triangle_inside_out(shape: float) -> None:
    rig = default_rig(shape)
    flips = FlipFinder(rig.mesh)
    assert not [name for name in CHANNELS for w in (0.4, 1.0) if len(flips(_pose(rig, **{name: w})))]


def test_the_second_figure_is_symmetric_shuts_its_mouth_and_keeps_its_lids_off_the_eyes() -> None:
    rig = default_rig(1.0)
    assert rig.lips is not None
    points = {tuple(p) for p in (rig.mesh.vertices + 0.0).tolist()}
    assert {(-x + 0.0, y, z) for x, y, z in points} == points
    for weight in (0.0, 0.5, 1.0):
        closed = _pose(rig, jawOpen=weight, mouthClose=weight)
        gap = np.linalg.norm(closed[rig.lips.upper] - closed[rig.lips.lower], axis=1)
        assert gap.max() < 0.5
    about = np.linalg.norm(rig.mesh.vertices - EYE, axis=1) > EYE_RADIUS
    about &= np.linalg.norm(default_rig().basis[rig.index["eyeBlinkLeft"]], axis=1) > 0.1
    for weight in (0.0, 0.5, 1.0):
        lids = _pose(rig, eyeBlinkLeft=weight)[about]
        assert np.linalg.norm(lids - EYE, axis=1).min() > EYE_RADIUS


@pytest.mark.parametrize("text", ["old", "-0.1", "1.5", "nan"])
def test_a_shape_out_of_range_is_the_users_error(text: str) -> None:
    with pytest.raises(InputError, match=r"head\.shape"):
        shape_of({"head.shape": text})
    assert shape_of({}) == 0.0
    assert shape_of({"head.shape": "0.25"}) == 0.25
