"""Fifteen mouth postures of speech, after the viseme set of MPEG-4 face animation; for looking at the rig."""

from __future__ import annotations


def _posture(jaw: float = 0.0, paired: dict[str, float] | None = None, **single: float) -> dict[str, float]:
    """Weights of a posture; names in `paired` stand for a left and a right channel."""
    both = {f"{name}{side}": weight for name, weight in (paired or {}).items() for side in ("Left", "Right")}
    return {"jawOpen": jaw, **both, **single}


VISEMES: dict[str, dict[str, float]] = {
    "silence": _posture(),
    "p b m": _posture(0.1, {"mouthPress": 0.3}, mouthClose=0.1),
    "f v": _posture(0.08, {"mouthUpperUp": 0.25}, mouthRollLower=0.75),
    "th": _posture(0.16, {"mouthLowerDown": 0.15}, tongueOut=0.4, tongueTipUp=0.35),
    "t d": _posture(0.14, {"mouthStretch": 0.15, "mouthLowerDown": 0.2}, tongueTipUp=0.8),
    "k g": _posture(0.2, {"mouthLowerDown": 0.15}, tongueUp=0.8, tongueIn=0.5),
    "ch sh": _posture(0.06, {"mouthLowerDown": 0.15}, mouthFunnel=0.55, tongueUp=0.3),
    "s z": _posture(
        0.04, {"mouthStretch": 0.3, "mouthLowerDown": 0.3, "mouthUpperUp": 0.15}, tongueTipUp=0.5
    ),
    "n l": _posture(0.22, {"mouthLowerDown": 0.15}, tongueTipUp=1.0),
    "r": _posture(0.12, {}, mouthFunnel=0.35, mouthPucker=0.2, tongueIn=0.4, tongueTipUp=0.6),
    "aa": _posture(0.5, {"mouthLowerDown": 0.2}, tongueDown=0.5),
    "e": _posture(0.24, {"mouthStretch": 0.25, "mouthLowerDown": 0.25, "mouthUpperUp": 0.15}, tongueUp=0.3),
    "i": _posture(0.1, {"mouthStretch": 0.35, "mouthSmile": 0.2, "mouthLowerDown": 0.3}, tongueUp=0.7),
    "o": _posture(0.32, {}, mouthFunnel=0.5, mouthPucker=0.3, tongueIn=0.3),
    "u": _posture(0.12, {}, mouthFunnel=0.25, mouthPucker=0.75, tongueIn=0.4, tongueUp=0.5),
}
"""Weights by the sounds they stand for."""
