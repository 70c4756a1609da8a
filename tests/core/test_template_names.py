"""Spellings of blendshape names that are in use, and what must not be taken for one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channels import ARKIT, CHANNELS
from core.templates.names import channel_of, map_names, map_shapes


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("jawOpen", "jawOpen"),
        ("JawOpen", "jawOpen"),
        ("jaw_open", "jawOpen"),
        ("mouthSmile_L", "mouthSmileLeft"),
        ("mouthSmile.R", "mouthSmileRight"),
        ("mouthSmileL", "mouthSmileLeft"),
        ("MouthSmileRight", "mouthSmileRight"),
        ("mouth_smile_left", "mouthSmileLeft"),
        ("blendShape1.eyeBlink_L", "eyeBlinkLeft"),
        ("head_lod0_eyeLookInRight", "eyeLookInRight"),
        ("Wolf3D_Head|browDownLeft", "browDownLeft"),
        ("mouthLeft", "mouthLeft"),
        ("jawRight", "jawRight"),
        ("browInnerUp_L", "browInnerUp"),
        ("browInnerUpR", "browInnerUp"),
        ("cheekPuff_R", "cheekPuff"),
        ("tongueOut", "tongueOut"),
        ("tongue_tip_up", "tongueTipUp"),
        ("CTRL_expressions_mouthCornerPullL", "mouthSmileLeft"),
        ("CTRL_expressions_browRaiseInR", "browInnerUp"),
        ("CTRL_expressions_jawFwd", "jawForward"),
        ("PupilDilate_L", None),
        ("cheekRaiser_L", None),
        ("eyeBlink", None),
        ("smile", None),
        ("mouthSmile", None),
        ("jawOpener", None),
        ("jaw", None),
        ("L", None),
        ("", None),
        ("jawBack", None),
    ],
)
def test_name_is_known_or_left_alone(name: str, channel: str | None) -> None:
    assert channel_of(name) == channel


@given(st.sampled_from(CHANNELS), st.sampled_from(["", "blendShape2.", "Face_", "my head:", "a|b|"]))
def test_every_channel_is_found_in_every_spelling(channel: str, prefix: str) -> None:
    spellings = {channel, channel.lower(), channel.upper()}
    for side in ("Left", "Right"):
        if channel.endswith(side) and channel not in ("jawLeft", "jawRight", "mouthLeft", "mouthRight"):
            base = channel.removesuffix(side)
            spellings |= {f"{base}_{side[0]}", f"{base}.{side[0].lower()}", base + side[0], f"{base}_{side}"}
    for spelling in spellings:
        assert channel_of(prefix + spelling) == channel


def test_halves_are_added_and_strangers_kept() -> None:
    shapes = {
        "browInnerUp_L": np.array([[1, 0, 0], [0, 0, 0]], np.float32),
        "browInnerUp_R": np.array([[0, 0, 0], [0, 2, 0]], np.float32),
        "PupilDilate_L": np.ones((2, 3), np.float32),
    }
    mapped = map_shapes(shapes)
    assert list(mapped) == ["browInnerUp", "PupilDilate_L"]
    assert mapped["browInnerUp"].tolist() == [[1, 0, 0], [0, 2, 0]]


def test_whole_shape_beside_its_halves_is_not_added_twice() -> None:
    assert map_names(["browInnerUp_L", "browInnerUp", "browInnerUp_R"]) == {"browInnerUp": ["browInnerUp"]}


def test_shapes_of_one_name_on_several_meshes_are_put_together() -> None:
    head, teeth = np.array([[1, 1, 1], [0, 0, 0]], np.float32), np.array([[5, 5, 5], [2, 2, 2]], np.float32)
    mapped = map_shapes({"head.jawOpen": head, "teeth.jawOpen": teeth})
    assert mapped["jawOpen"].tolist() == [[1, 1, 1], [2, 2, 2]]


def test_production_head_covers_arkit_but_the_tongue(shared_data: Path) -> None:
    names = np.load(shared_data / "templates/ict/expression_deltas.npz")["names"].tolist()
    mapped = map_names(names)
    assert set(ARKIT) - set(mapped) == {"tongueOut"}
    assert set(mapped) - set(ARKIT) == {"PupilDilate_L", "PupilDilate_R", "cheekRaiser_L", "cheekRaiser_R"}
