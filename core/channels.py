"""Names of the channels the editor animates: 52 of ARKit and six of the tongue.

ARKit's names and their order are those of Apple's ``ARFaceAnchor.BlendShapeLocation`` as Live Link Face
writes them; the tongue channels carry what ARKit leaves out and speech needs.
"""

from __future__ import annotations

EYES = tuple(
    f"eye{move}{side}"
    for side in ("Left", "Right")
    for move in ("Blink", "LookDown", "LookIn", "LookOut", "LookUp", "Squint", "Wide")
)
JAW = ("jawForward", "jawRight", "jawLeft", "jawOpen")
MOUTH = (
    "mouthClose",
    "mouthFunnel",
    "mouthPucker",
    "mouthRight",
    "mouthLeft",
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthFrownLeft",
    "mouthFrownRight",
    "mouthDimpleLeft",
    "mouthDimpleRight",
    "mouthStretchLeft",
    "mouthStretchRight",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthShrugLower",
    "mouthShrugUpper",
    "mouthPressLeft",
    "mouthPressRight",
    "mouthLowerDownLeft",
    "mouthLowerDownRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
)
BROWS = ("browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight")
CHEEKS = ("cheekPuff", "cheekSquintLeft", "cheekSquintRight")
NOSE = ("noseSneerLeft", "noseSneerRight")

ARKIT: tuple[str, ...] = (*EYES, *JAW, *MOUTH, *BROWS, *CHEEKS, *NOSE, "tongueOut")
TONGUE: tuple[str, ...] = (
    "tongueUp",
    "tongueDown",
    "tongueTipUp",
    "tongueWide",
    "tongueNarrow",
    "tongueIn",
)
CHANNELS: tuple[str, ...] = ARKIT + TONGUE
"""The native motion space ``arkit`` of the editor: 58 channels, weights 0..1."""

PARTS: dict[str, tuple[str, ...]] = {
    "jaw": JAW,
    "lips": MOUTH,
    "tongue": ("tongueOut", *TONGUE),
    "upper face": (*EYES, *BROWS, *CHEEKS, *NOSE),
}
"""Which channels each part's own speech intensity scales."""
