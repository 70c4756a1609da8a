"""Presets of Audio2Face, as its SDK and its services write them."""

import json
from pathlib import Path

import pytest

from core.channels import ARKIT
from core.errors import InputError
from emotion.audio2face import load_preset

YAML = """
a2f:
  face_params:
    lowerFaceSmoothing: 0.006
    lowerFaceStrength: 1.25
    lip_close_offset: -0.03
    faceMaskLevel: 0.6
    saccadeSeed: 7
  blendshape_params:
    enable_clamping_bs_weight: false
    weight_multipliers:
      JawForward: 0.7
      MouthSmileLeft: 0.8
      EyeBlinkLeft: 1.0
    weight_offsets: {CheekPuff: 0.1, BrowInnerUp: 0.0}
"""


def test_a_preset_in_yaml(tmp_path: Path) -> None:
    (tmp_path / "claire.yaml").write_text(YAML)
    preset = load_preset(tmp_path / "claire.yaml")
    assert preset.numbers == {
        "a2f.lowerFaceSmoothing": 0.006,
        "a2f.lowerFaceStrength": 1.25,
        "a2f.lipOpenOffset": -0.03,
        "life.seed": 7,
        "channel.jawForward.multiplier": 0.7,
        "channel.mouthSmileLeft.multiplier": 0.8,
    }
    assert preset.offsets == {"cheekPuff": 0.1}
    assert preset.passed_over == ("faceMaskLevel",)


def test_a_preset_in_json_with_lists_in_the_order_of_arkit(tmp_path: Path) -> None:
    multipliers = [1.0] * len(ARKIT)
    multipliers[ARKIT.index("jawOpen")] = 0.9
    data = {"faceParams": {"upperFaceStrength": 5}, "bsWeightMultipliers": multipliers}
    (tmp_path / "preset.json").write_text(json.dumps(data))
    preset = load_preset(tmp_path / "preset.json")
    assert preset.numbers == {"a2f.upperFaceStrength": 2.0, "channel.jawOpen.multiplier": 0.9}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a: [1", "neither YAML nor JSON"),
        (b"\xff\xfe\x00", "not a text file"),
        (b"colour: red", "names no parameter"),
        (b"weight_multipliers: {JawOpen: much}", "no number"),
        (b"weight_multipliers: 3", "neither a list nor a mapping"),
        (b"!!python/object/apply:os.system ['true']", "neither YAML nor JSON"),
    ],
)
def test_a_bad_preset_is_named_with_the_reason(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(content)
    with pytest.raises(InputError, match=reason) as caught:
        load_preset(tmp_path / "bad.yaml")
    assert "bad.yaml" in str(caught.value)
