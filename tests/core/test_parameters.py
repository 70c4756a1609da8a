"""The list of parameters, and what the documentation says of it."""

from pathlib import Path

import pytest

from core.channels import CHANNELS
from core.parameters import REGIONS, gain, multiplier, parameter, parameters

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "EMOTION.md"


def test_every_parameter_is_documented() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for key in parameters():
        family, part, rest = (*key.split("."), "")[:3]
        shown = f"{family}.PART.{rest}" if family == "speech" and part != "rest" else key
        assert f"`{shown}`" in text, key
    assert all(f"`{region}`" in text for region in REGIONS)


def test_defaults_lie_within_their_limits_and_titles_differ() -> None:
    for known in parameters().values():
        assert known.low <= known.default <= known.high
    titles = [known.title for known in parameters().values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    "key", ["", "life", "life.yawns", "track.joy", "track..brows", "channel.jaw.multiplier"]
)
def test_what_is_no_parameter_is_none(key: str) -> None:
    assert parameter(key) is None


def test_families_are_found_by_their_makers() -> None:
    assert parameter(gain("out-of-breath", "left")) is not None
    assert all(parameter(multiplier(channel)) is not None for channel in CHANNELS)
