"""Everything that can be tuned by a number or painted as a curve, besides intensities and emotions.

A parameter is named on the command line (``--set life.blinks=1``), in the project file and in the editor by
one key. ``track.EMOTION.REGION`` and ``channel.NAME.multiplier`` exist for every emotion and channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from core.channels import BROWS, CHANNELS, CHEEKS, EYES, JAW, MOUTH, NOSE, PARTS

REGIONS: Mapping[str, tuple[str, ...]] = {
    "brows": BROWS,
    "lids": tuple(name for name in EYES if "Look" not in name),
    "gaze": tuple(name for name in EYES if "Look" in name),
    "cheeks": CHEEKS,
    "nose": NOSE,
    "mouth": MOUTH,
    "jaw": JAW,
    "left": tuple(
        name for name in CHANNELS if name.endswith("Left") and name not in ("jawLeft", "mouthLeft")
    ),
    "right": tuple(
        name for name in CHANNELS if name.endswith("Right") and name not in ("jawRight", "mouthRight")
    ),
}
"""What the gains of an emotion work on; left and right are those of the face."""


@dataclass(frozen=True)
class Parameter:
    """One of them.

    Attributes
    ----------
    key, group, label : str
        Its name in files and commands; the heading it stands under and its name for people.
    low, high, default : float
    tip : str
        What it does, in a sentence.
    keyed : bool
        Whether it may change over time.
    """

    key: str
    group: str
    label: str
    low: float
    high: float
    default: float
    tip: str = ""
    keyed: bool = True

    @property
    def title(self) -> str:
        """Its name where it stands alone."""
        if self.group in ("Audio2Face", "Life"):
            return self.label
        return f"{self.group}: {self.label if self.label in CHANNELS else self.label.lower()}"


def lead(part: str) -> str:
    """Key of the milliseconds by which a part of `core.channels.PARTS` is ahead of the sound."""
    return f"speech.{part.replace(' ', '-')}.lead"


def smoothing(part: str) -> str:
    """Key of the milliseconds over which a part of `core.channels.PARTS` is smoothed."""
    return f"speech.{part.replace(' ', '-')}.smooth"


def gain(emotion: str, region: str) -> str:
    """Key of the gain of an emotion in one of `REGIONS`."""
    return f"track.{emotion}.{region}"


def multiplier(channel: str) -> str:
    """Key of what a channel's final weight is multiplied by."""
    return f"channel.{channel}.multiplier"


def channel_of(key: str) -> str:
    """Channel whose `multiplier` has this key; empty for other keys."""
    family, _, rest = key.partition(".")
    return rest.removesuffix(".multiplier") if family == "channel" else ""


def emotion_of(key: str) -> str:
    """Emotion whose `gain` has this key; empty for other keys."""
    family, _, rest = key.partition(".")
    return rest.rpartition(".")[0] if family == "track" else ""


def _timing() -> list[Parameter]:
    ahead = [
        Parameter(lead(part), "Ahead of the sound, ms", part.capitalize(), -200, 200, 0, f"{part} lead")
        for part in PARTS
    ]
    calm = [
        Parameter(
            smoothing(part), "Smoothing, ms", part.capitalize(), 0, 200, 0, f"{part} smoothing", keyed=False
        )
        for part in PARTS
    ]
    return [*ahead, *calm]


def _strength(name: str, high: float, tip: str) -> Parameter:
    return Parameter(f"a2f.{name}", "Audio2Face", name, 0, high, 1, tip)


def _shift(name: str, reach: float, tip: str, label: str = "") -> Parameter:
    return Parameter(f"a2f.{name}", "Audio2Face", label or name, -reach, reach, 0, tip)


_EMOTION = (
    Parameter("emotion.strength", "All emotions", "Strength", 0, 2, 1, "Multiplies every emotion"),
    Parameter("emotion.limit", "All emotions", "Limit of the sum", 0, 3, 0, "0 is no limit"),
)
_LIFE = (
    Parameter("life.blinks", "Life", "Blinks", 0, 1, 0, "How far the lids close in generated blinks"),
    Parameter(
        "life.blink-rate", "Life", "Blinks a minute", 2, 60, 20, "In conversation some 20", keyed=False
    ),
    Parameter("life.gaze", "Life", "Gaze", 0, 2, 0, "Saccades and glances aside"),
    Parameter("life.head", "Life", "Head motion", 0, 2, 0, "Nods and sways with the voice"),
    Parameter("life.breath", "Life", "Breathing", 0, 2, 0, "Nostrils and lips between phrases"),
    Parameter("life.seed", "Life", "Seed", 0, 9999, 0, "Another number, other blinks", keyed=False),
)
_HEAD = tuple(
    Parameter(f"head.{axis}", "Head, degrees", axis.capitalize(), -45, 45, 0, tip)
    for axis, tip in (("pitch", "Up"), ("yaw", "To her left"), ("roll", "Leaning to her left"))
)
_AUDIO2FACE = (
    _strength("upperFaceStrength", 2, "Brows, lids, cheeks and nose"),
    _strength("lowerFaceStrength", 2, "Jaw and mouth"),
    _strength("skinStrength", 2, "All but tongue and gaze"),
    _strength("tongueStrength", 3, "The tongue"),
    _strength("eyeballsStrength", 2, "Gaze"),
    _strength("blinkStrength", 2, "Lids that close"),
    Parameter(
        "a2f.upperFaceSmoothing", "Audio2Face", "upperFaceSmoothing", 0, 0.1, 0, "seconds", keyed=False
    ),
    Parameter(
        "a2f.lowerFaceSmoothing", "Audio2Face", "lowerFaceSmoothing", 0, 0.1, 0, "seconds", keyed=False
    ),
    _shift("eyelidOpenOffset", 1, "Above 0 opens the lids, below closes them"),
    Parameter("a2f.blinkOffset", "Audio2Face", "blinkOffset", 0, 1, 0, "Closes the lids"),
    _shift("lipOpenOffset", 0.2, "Above 0 parts the lips, below brings them together"),
    _shift("tongueHeightOffset", 3, "Up or down"),
    _shift("tongueDepthOffset", 3, "Out or in"),
    *(
        _shift(f"{side}EyeballRotationOffset{axis}", 10, "degrees", f"{side} eye {axis}, degrees")
        for side in ("right", "left")
        for axis in "XY"
    ),
)


@cache
def parameters() -> Mapping[str, Parameter]:
    """Return the parameters that always exist, by key, in the order they are shown in."""
    return {each.key: each for each in (*_EMOTION, *_LIFE, *_HEAD, *_timing(), *_AUDIO2FACE)}


def parameter(key: str) -> Parameter | None:
    """Return the parameter of that key; None if there is none."""
    family, _, rest = key.partition(".")
    name, _, last = rest.rpartition(".")
    if family == "track" and name and last in REGIONS:
        return Parameter(key, name, last.capitalize(), 0, 2, 1, f"How much of {name} reaches the {last}")
    if channel_of(key) in CHANNELS:
        return Parameter(key, "Multipliers", channel_of(key), 0, 2, 1, "Multiplies the channel")
    return parameters().get(key)
