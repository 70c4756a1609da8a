"""Audio2Face's own parameters: what they do here, and reading its presets.

Names and ranges are those of NVIDIA's Audio2Face-3D SDK, so that a preset that was tuned there can be used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.channels import ARKIT, BROWS, CHANNELS, CHEEKS, EYES, JAW, MOUTH, NOSE, PARTS
from core.curve import Curve
from core.document import Document
from core.errors import InputError
from core.parameters import REGIONS, multiplier, parameter, parameters

UPPER = (*EYES, *BROWS, *CHEEKS, *NOSE)
LOWER = (*JAW, *MOUTH)
STRENGTHS: Mapping[str, tuple[str, ...]] = {
    "a2f.upperFaceStrength": UPPER,
    "a2f.lowerFaceStrength": LOWER,
    "a2f.skinStrength": tuple(name for name in (*UPPER, *LOWER) if "Look" not in name),
    "a2f.tongueStrength": PARTS["tongue"],
    "a2f.eyeballsStrength": REGIONS["gaze"],
    "a2f.blinkStrength": ("eyeBlinkLeft", "eyeBlinkRight"),
}
"""Channels that each strength multiplies."""
SMOOTHINGS: Mapping[str, tuple[str, ...]] = {
    "a2f.upperFaceSmoothing": UPPER,
    "a2f.lowerFaceSmoothing": LOWER,
}
"""Channels that each smoothing works on, seconds."""
EYE_REACH = 25.0
"""Degrees an eye turns at full weight of a look."""


def _both(**weights: float) -> dict[str, float]:
    return {f"{name}{side}": weight for name, weight in weights.items() for side in ("Left", "Right")}


SHIFTS: Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]] = {
    "a2f.eyelidOpenOffset": (_both(eyeWide=1.0), _both(eyeBlink=1.0)),
    "a2f.blinkOffset": (_both(eyeBlink=1.0), {}),
    "a2f.lipOpenOffset": (
        _both(mouthLowerDown=2.0, mouthUpperUp=1.2),
        _both(mouthLowerDown=-2.0, mouthUpperUp=-1.2),
    ),
    "a2f.tongueHeightOffset": ({"tongueUp": 0.4}, {"tongueDown": 0.4}),
    "a2f.tongueDepthOffset": ({"tongueOut": 0.3}, {"tongueIn": 0.3}),
    "a2f.rightEyeballRotationOffsetX": (
        {"eyeLookUpRight": 1 / EYE_REACH},
        {"eyeLookDownRight": 1 / EYE_REACH},
    ),
    "a2f.leftEyeballRotationOffsetX": ({"eyeLookUpLeft": 1 / EYE_REACH}, {"eyeLookDownLeft": 1 / EYE_REACH}),
    "a2f.rightEyeballRotationOffsetY": (
        {"eyeLookInRight": 1 / EYE_REACH},
        {"eyeLookOutRight": 1 / EYE_REACH},
    ),
    "a2f.leftEyeballRotationOffsetY": ({"eyeLookOutLeft": 1 / EYE_REACH}, {"eyeLookInLeft": 1 / EYE_REACH}),
}
"""What an offset adds above 0, and below 0, by one of its units."""
OTHER_NAMES = {
    "lipcloseoffset": "a2f.lipOpenOffset",
    "emotionstrength": "emotion.strength",
    "saccadestrength": "life.gaze",
    "saccadeseed": "life.seed",
}
"""Parameters that Audio2Face writes by two names, or that go by another name here."""
MULTIPLIERS, OFFSETS = ("weightmultipliers", "bsweightmultipliers"), ("weightoffsets", "bsweightoffsets")


@dataclass(frozen=True)
class Preset:
    """What a preset says.

    Attributes
    ----------
    numbers : mapping of str to float
        By keys of `core.parameters`, within their limits.
    offsets : mapping of str to float
        By channel.
    passed_over : tuple of str
        Its parameters that have no counterpart here.
    """

    numbers: Mapping[str, float]
    offsets: Mapping[str, float]
    passed_over: tuple[str, ...]

    def applied(self, document: Document) -> Document:
        """Set what the preset says; what it does not name stays."""
        numbers = {key: Curve.constant(value) for key, value in self.numbers.items()}
        offsets = {channel: Curve.constant(value) for channel, value in self.offsets.items()}
        return replace(
            document,
            parameters={**document.parameters, **numbers},
            offsets={**document.offsets, **offsets},
        )


def load_preset(path: Path) -> Preset:
    """Read a preset in Audio2Face's YAML or JSON.

    Raises
    ------
    InputError
        If the file cannot be read, is neither, or names none of the parameters.
    """
    import yaml

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, getattr(error, "strerror", None) or "not a text file") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(path, "neither YAML nor JSON") from error
    numbers: dict[str, float] = {}
    offsets: dict[str, float] = {}
    passed_over: list[str] = []
    for name, value in _leaves(data):
        plain = name.replace("_", "").lower()
        if plain in MULTIPLIERS:
            numbers |= {multiplier(c): v for c, v in _of_channels(path, value).items() if v != 1}
        elif plain in OFFSETS:
            offsets |= {c: v for c, v in _of_channels(path, value).items() if v != 0}
        elif isinstance(value, int | float) and not isinstance(value, bool):
            key = _key(plain)
            if key is None:
                passed_over.append(name)
            else:
                numbers[key] = float(value)
    if not numbers and not offsets:
        raise InputError(path, "names no parameter of Audio2Face")
    return Preset({key: _within(key, value) for key, value in numbers.items()}, offsets, tuple(passed_over))


def _leaves(data: object, name: str = "") -> Iterator[tuple[str, object]]:
    """All values of nested mappings with their names; tables of channels stay whole."""
    if isinstance(data, dict) and name.replace("_", "").lower() not in (*MULTIPLIERS, *OFFSETS):
        for key, value in data.items():
            yield from _leaves(value, str(key))
    else:
        yield name, data


def _key(plain: str) -> str | None:
    if plain in OTHER_NAMES:
        return OTHER_NAMES[plain]
    by_name = {key.removeprefix("a2f.").lower(): key for key in parameters() if key.startswith("a2f.")}
    return by_name.get(plain)


def _of_channels(path: Path, table: object) -> dict[str, float]:
    """Numbers by channel, from a mapping with names in any case or a list in ARKit's order."""
    names = {name.lower(): name for name in CHANNELS}
    if isinstance(table, list):
        table = dict(zip(ARKIT, table, strict=False))
    if not isinstance(table, dict):
        raise InputError(path, "a table of channels is neither a list nor a mapping")
    try:
        found = {names[str(n).lower()]: float(v) for n, v in table.items() if str(n).lower() in names}
    except (TypeError, ValueError) as error:
        raise InputError(path, f"a channel has a weight that is no number ({error})") from error
    return found


def _within(key: str, value: float) -> float:
    known = parameter(key)
    assert known is not None, key
    return min(max(value, known.low), known.high)
