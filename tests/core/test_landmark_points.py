from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from core.composing import decode
from core.landmark_points import landmarks_of, mediapipe_points
from core.library import default_rig

INNER_UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
INNER_LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
MIRRORED = {
    33: 263,
    61: 291,
    78: 308,
    159: 386,
    145: 374,
    133: 362,
    234: 454,
    136: 365,
    70: 300,
    98: 327,
    93: 323,
    137: 366,
}
MIDLINE = (10, 151, 9, 8, 168, 6, 197, 195, 5, 4, 1, 19, 94, 2, 164, 0, 13, 14, 17, 18, 200, 199, 175, 152)


def at_rest() -> np.ndarray:
    return landmarks_of(default_rig()).mesh.vertices


def weights(**channels: float) -> np.ndarray:
    rig = default_rig()
    row = np.zeros((1, len(rig.channels)), np.float32)
    for name, weight in channels.items():
        row[0, rig.index[name]] = weight
    return row


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_the_landmarks_move_as_the_whole_head_would_move_them(seed: int) -> None:
    rig = default_rig()
    draw = np.random.default_rng(seed)
    row = (draw.random((1, len(rig.channels))) * (draw.random(len(rig.channels)) < 0.3)).astype(np.float32)
    whole = mediapipe_points().of(decode(rig, row))
    np.testing.assert_allclose(decode(landmarks_of(rig), row), whole, atol=2e-4)


def test_known_landmarks_are_where_their_names_say() -> None:
    place = at_rest()
    assert place.shape == (468, 3)
    nose, chin, brow = place[1], place[152], place[10]
    assert (
        nose[2] > np.delete(place, [1, 4, 5, 44, 45, 274, 275, 19], axis=0)[:, 2].max()
    )  # the tip of the nose
    assert chin[1] < -90 and brow[1] > 45
    assert 35 < np.linalg.norm(place[61] - place[291]) < 60
    assert 24 < np.linalg.norm(place[33] - place[133]) < 36
    assert place[33, 0] < place[133, 0] < 0 < place[362, 0] < place[263, 0]  # the right eye is 33


def test_the_middle_runs_from_forehead_to_chin_down_the_face() -> None:
    place = at_rest()[list(MIDLINE)]
    assert np.abs(place[:, 0]).max() < 1e-3
    assert (np.diff(place[:14, 1]) < 0).all() and (np.diff(place[15:, 1]) < 0).all()


def test_left_and_right_are_mirror_images() -> None:
    place = at_rest()
    distance, image = (np.asarray(found) for found in cKDTree(place).query(place * [-1, 1, 1]))
    assert distance.max() < 1e-3
    assert {k: int(image[k]) for k in MIRRORED} == MIRRORED


def test_no_two_landmarks_share_a_place_when_the_mouth_is_open() -> None:
    place = decode(landmarks_of(default_rig()), weights(jawOpen=0.5))[0]
    apart = np.asarray(cKDTree(place).query(place, k=2)[0])
    assert apart[:, 1].min() > 0.05


def test_the_inner_rows_are_the_rims_that_the_lips_close_with() -> None:
    rig = default_rig()
    open_mouth = weights(jawOpen=0.6)
    place, vertices = decode(landmarks_of(rig), open_mouth)[0], decode(rig, open_mouth)[0]
    assert np.linalg.norm(place[13] - place[14]) == pytest.approx(float(rig.lips.gap(vertices)), abs=1e-3)
    for row, rim in ((INNER_UPPER, rig.lips.upper), (INNER_LOWER, rig.lips.lower)):
        assert cKDTree(vertices[rim]).query(place[list(row[1:-1])])[0].max() < 2.0
        assert (np.diff(place[list(row), 0]) > 0).all()
    gaps = place[list(INNER_UPPER), 1] - place[list(INNER_LOWER), 1]
    assert gaps[5] == gaps.max() and (gaps[1:-1] > 3).all()


def test_the_lids_meet_where_the_eye_closes() -> None:
    shut = decode(landmarks_of(default_rig()), weights(eyeBlinkLeft=1.0))[0]
    opened = at_rest()
    for upper, lower in ((386, 374), (385, 380), (387, 373)):
        assert np.linalg.norm(shut[upper] - shut[lower]) < 0.35 * np.linalg.norm(
            opened[upper] - opened[lower]
        )
    np.testing.assert_array_equal(shut[159], opened[159])


def test_another_head_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        landmarks_of(default_rig().cut_to(np.arange(100, dtype=np.int32)))


def test_both_figures_carry_the_landmarks() -> None:
    second = landmarks_of(default_rig(1.0)).mesh.vertices
    assert 1.0 < np.linalg.norm(second - at_rest(), axis=1).mean() < 30.0
