"""An actor's constants are found again in a performance made with them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.audio import load_audio
from core.curve import Curve
from core.document import Document
from core.errors import InputError
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.library import default_rig
from core.neutral import Neutral
from core.paths import DEMO_CLIP
from emotion.calibration import SpeakingStyle, calibrate, load_style, save_style
from emotion.performance import Performance, Stage


@pytest.fixture(scope="module")
def lipsync() -> Neutral:
    return infer(InferenceRequest(load_audio(DEMO_CLIP)))


@pytest.mark.parametrize("style", [-0.6, 0.0, 0.7])
@pytest.mark.parametrize("jaw", [0.7, 1.3])
def test_constants_of_a_performance_are_found_again(lipsync: Neutral, style: float, jaw: float) -> None:
    spoken = SpeakingStyle(style, {"jaw": jaw, "lips": 1.1})
    performance = Performance(spoken.applied(Document()), Stage.build(default_rig(), lipsync, {}))
    times = np.arange(len(lipsync.weights)) / lipsync.fps
    capture = replace(lipsync, weights=performance.composer.weights(times))
    found = calibrate(capture, lipsync)
    assert found.style == pytest.approx(style, abs=0.25)
    assert found.gains["jaw"] == pytest.approx(jaw, rel=0.15)
    assert found.gains["lips"] == pytest.approx(1.1, rel=0.15)


def test_a_style_survives_its_file_and_speaks(tmp_path: Path) -> None:
    style = SpeakingStyle(-0.25, {"jaw": 0.8, "lips": 1.2})
    save_style(style, tmp_path / "mary.json")
    assert load_style(tmp_path / "mary.json") == style
    document = style.applied(Document())
    assert document.style == Curve.constant(-0.25)
    assert document.part_intensity["jaw"] == Curve.constant(0.8)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": "something"}, "not a speaking style"),
        ({"style": 3}, "out of range"),
        ({"style": "much"}, "not a speaking style"),
        ({"gains": {"elbow": 1}}, "out of range"),
        ({"gains": [1, 2]}, "not a speaking style"),
    ],
)
def test_a_file_that_is_no_style_is_named(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    path = tmp_path / "mary.json"
    save_style(SpeakingStyle(0.0, {"jaw": 1.0}), path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(InputError, match=reason) as caught:
        load_style(path)
    assert "mary.json" in str(caught.value)


def test_a_still_or_short_capture_is_refused(lipsync: Neutral) -> None:
    with pytest.raises(InputError, match="does not move"):
        calibrate(replace(lipsync, weights=np.zeros_like(lipsync.weights)), lipsync)
    with pytest.raises(InputError, match="at least 2"):
        calibrate(replace(lipsync, weights=lipsync.weights[:60]), lipsync)
