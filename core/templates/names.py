"""Which of the editor's channels a blendshape of any naming habit drives.

Rigs agree on what the shapes do and not on how to spell it: ``mouthSmileLeft`` (ARKit), ``mouthSmile_L``
(Apple's sample code, ICT FaceKit), ``Face_M.mouthSmile.L``, ``head_lod0_MouthSmileL``. A name is taken only
if what is left after prefix, case and spelling of the side is exactly a known one; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from core.channels import CHANNELS
from core.mesh import Floats

_BY_KEY = {name.lower(): name for name in CHANNELS}

_ALIASES = {
    # Epic's facial control names whose ARKit counterpart is beyond doubt; sides are added below.
    "mouthcornerpull": "mouthSmile",
    "mouthcornerdepress": "mouthFrown",
    "mouthupperlipraise": "mouthUpperUp",
    "mouthlowerlipdepress": "mouthLowerDown",
    "nosewrinkle": "noseSneer",
    "eyewiden": "eyeWide",
    "browraiseouter": "browOuterUp",
}
_WHOLE_ALIASES = {"browraisein": "browInnerUp", "jawfwd": "jawForward", "jawback": ""}

_SIDES = (("left", "Left"), ("right", "Right"), ("l", "Left"), ("r", "Right"))


def channel_of(name: str) -> str | None:
    """Return the channel that a blendshape drives, alone or together with its other side.

    Parameters
    ----------
    name : str
        As the file spells it.

    Returns
    -------
    str or None
        One of `core.channels.CHANNELS`; None if the name is not surely one of them.
    """
    words = [word for word in re.split(r"[^A-Za-z0-9]+", name) if word]
    # The longest tail that is a known name wins: what stands before it is the rig's or the mesh's name.
    for first in range(len(words)):
        found = _known("".join(words[first:]), words[-1])
        if found:
            return found
    return None


def _known(joined: str, last: str) -> str | None:
    key = joined.lower()
    if key in _BY_KEY:
        return _BY_KEY[key]
    if key in _WHOLE_ALIASES:
        return _WHOLE_ALIASES[key] or None
    for spelling, side in _SIDES:
        if not key.endswith(spelling) or not _is_side(joined, last, spelling):
            continue
        base = key[: -len(spelling)]
        base = _ALIASES.get(base, base).lower()
        # A one-sided half of a channel that has no sides (browInnerUp_L) is a part of that channel.
        return _BY_KEY.get(base + side.lower()) or _BY_KEY.get(_WHOLE_ALIASES.get(base, base).lower())
    return None


def _is_side(joined: str, last: str, spelling: str) -> bool:
    """Take a single letter for a side only if it stands apart (_L) or is a capital (smileL)."""
    if len(spelling) > 1 or last.lower() == spelling:
        return True
    return joined[-1].isupper() and joined[-2:-1].islower()


def map_names(names: Iterable[str]) -> dict[str, list[str]]:
    """Sort blendshape names by the channel they drive.

    Returns
    -------
    dict of str to list of str
        Channels and, under their own name, shapes that drive none; with the names that belong to each. Where
        a whole shape stands beside its own halves, the halves are left out.
    """
    sources: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        sources.setdefault(channel_of(name) or name, []).append(name)
    whole = {
        channel: [name for name in found if not _half(name, channel)] for channel, found in sources.items()
    }
    return {channel: whole[channel] or found for channel, found in sources.items()}


def _half(name: str, channel: str) -> str:
    """Return "l" or "r" if a shape is one side of a channel that has no sides, else nothing."""
    letters = re.sub(r"[^A-Za-z0-9]", "", name).lower()
    if name == channel or letters.endswith(channel.lower()) or channel.endswith(("Left", "Right")):
        return ""
    side = re.search(r"(left|right|l|r)$", letters)
    return side[0][0] if side else ""


def map_shapes(shapes: Mapping[str, Floats]) -> dict[str, Floats]:
    """Join displacements (V, 3) by the channel they drive; others stay under their own names.

    The two halves of a channel are added. Shapes of one name on several meshes (head, teeth, lashes) are put
    together, each vertex moved by the first that moves it.
    """
    joined: dict[str, Floats] = {}
    for channel, names in map_names(shapes).items():
        sides: dict[str, Floats] = {}
        for name in names:
            side = _half(name, channel)
            before = sides.get(side, np.zeros_like(shapes[name]))
            sides[side] = np.where(before.any(axis=1, keepdims=True), before, shapes[name])
        joined[channel] = np.sum(list(sides.values()), axis=0, dtype=np.float32)
    return joined
