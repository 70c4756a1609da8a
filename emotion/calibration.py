"""How an actor speaks, from a capture of her: constants that make the lipsync speak like that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.atomic import write_bytes
from core.channels import PARTS
from core.curve import Curve
from core.document import Document
from core.errors import InputError
from core.neutral import Neutral
from emotion.style import SLOW_S, manner_of

FORMAT = "editable-lipsync speaking style"
NO_STYLE = "not a speaking style of this program"
CALIBRATED = ("jaw", "lips")
LIMITS = (0.3, 2.0)
"""Of a gain."""
SHORTEST_S = 2.0
STYLES = np.linspace(-1, 1, 41)


@dataclass(frozen=True)
class SpeakingStyle:
    """Constants of one actor.

    Attributes
    ----------
    style : float
        -1 mumbled to 1 hyper-articulated.
    gains : mapping of str to float
        Speech intensity of parts of the face.
    """

    style: float
    gains: Mapping[str, float]

    def applied(self, document: Document) -> Document:
        """Return a document that speaks in this style; curves that were there are replaced."""
        parts = {part: Curve.constant(gain) for part, gain in self.gains.items()}
        style = Curve.constant(self.style)
        return replace(document, style=style, part_intensity={**document.part_intensity, **parts})


def calibrate(capture: Neutral, lipsync: Neutral) -> SpeakingStyle:
    """Fit the constants of a speaker to a capture and the lipsync of the same recording.

    The two need not be aligned: only how much and how quickly the face moves is compared.

    Parameters
    ----------
    capture, lipsync : Neutral

    Raises
    ------
    InputError
        If either is shorter than two seconds, or the captured jaw does not move.
    """
    for name, motion in (("capture", capture), ("recording", lipsync)):
        if motion.duration < SHORTEST_S:
            raise InputError(name, f"lasts {motion.duration:.1f} s, at least {SHORTEST_S:g} are needed")
    if not _moves(capture, CALIBRATED[0]):
        raise InputError("capture", "the jaw does not move in it")
    style, spoken = _nearest(_liveliness(capture), lipsync)
    gains = {}
    for part in CALIBRATED:
        moved = _moves(spoken, part)
        gain = _moves(capture, part) / moved if moved > 0 else 1.0
        gains[part] = round(float(np.clip(gain, *LIMITS)), 3)
    return SpeakingStyle(round(style, 3), gains)


def save_style(style: SpeakingStyle, path: Path) -> None:
    """Write a style as JSON.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    data = {"format": FORMAT, "style": style.style, "gains": dict(style.gains)}
    write_bytes(path, (json.dumps(data, indent=1) + "\n").encode())


def load_style(path: Path) -> SpeakingStyle:
    """Read what `save_style` wrote.

    Raises
    ------
    InputError
        If it is missing or something else.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError
        style = float(data["style"])
        gains = {str(part): float(gain) for part, gain in data["gains"].items()}
    except FileNotFoundError as error:
        raise InputError(path, "no such file") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(path, NO_STYLE) from error
    inside = -1 <= style <= 1 and all(0 <= gain <= LIMITS[1] for gain in gains.values())
    if not inside or not gains.keys() <= PARTS.keys():
        raise InputError(path, "a speaking style with values out of range")
    return SpeakingStyle(style, gains)


def _moves(motion: Neutral, part: str) -> float:
    """How much a part of the face moves: standard deviation over time, of all its channels together."""
    columns = [k for k, name in enumerate(motion.channels) if name in PARTS[part]]
    return float(np.sqrt(motion.weights[:, columns].astype(np.float64).var(axis=0).sum()))


def _liveliness(motion: Neutral) -> float:
    """Detail of the jaw's motion over its slow part."""
    if "jawOpen" not in motion.channels:
        return 0.0
    jaw: NDArray[np.float64] = motion.weights[:, motion.channels.index("jawOpen")].astype(np.float64)
    slow = ndimage.gaussian_filter1d(jaw, SLOW_S * motion.fps, mode="nearest")
    return float((jaw - slow).std() / max(slow.std(), 1e-9))


def _nearest(liveliness: float, lipsync: Neutral) -> tuple[float, Neutral]:
    """Style in which a lipsync is as lively as that, and the lipsync in it."""
    manner, times = manner_of(lipsync, None), np.arange(len(lipsync.weights)) / lipsync.fps
    tried = [
        replace(lipsync, weights=manner.restyled(lipsync.weights, times, Curve.constant(style)))
        for style in STYLES.tolist()
    ]
    best = int(np.abs([_liveliness(spoken) - liveliness for spoken in tried]).argmin())
    return float(STYLES[best]), tried[best]
