"""Which lanes a document has, what values they take, and adding and removing them."""

from __future__ import annotations

from dataclasses import replace

from core.curve import Curve
from core.document import LANE_STYLE, ONE, TUNED, Document, Track
from core.parameters import parameter

SETTING = "setting "
"""Before the names of rows that are no lanes but settings of the document."""
LIMITS = {"intensity": (0.0, 2.0), "style": (-1.0, 1.0), "offset": (-1.0, 1.0), "setting": (0.0, 1.0)}
EMOTION_LIMITS = (0.0, 1.5)


def limits_of(lane: str) -> tuple[float, float]:
    """Range of values of a lane or a setting."""
    if lane.startswith(TUNED):
        known = parameter(lane.removeprefix(TUNED))
        return (known.low, known.high) if known else EMOTION_LIMITS
    return LIMITS.get(lane.split(" ", maxsplit=1)[0], EMOTION_LIMITS)


def _part(lane: str) -> str:
    return lane.removeprefix("intensity ")


def is_track(document: Document, lane: str) -> bool:
    """Tell whether a lane is that of an emotion."""
    return any(track.name == lane for track in document.tracks)


def with_lane(document: Document, lane: str) -> Document:
    """Add a lane where there is none; that of a parameter appears with its first key."""
    if lane.startswith(TUNED):
        return document
    if lane.startswith("intensity"):
        parts = {**document.part_intensity}
        return (
            document if lane == "intensity" else replace(document, part_intensity={_part(lane): ONE, **parts})
        )
    if lane == LANE_STYLE:
        return document if document.style is not None else replace(document, style=Curve())
    if lane.startswith("offset "):
        return replace(document, offsets={lane.removeprefix("offset "): Curve(), **document.offsets})
    return document if is_track(document, lane) else document.with_track(Track(lane))


def without_lane(document: Document, lane: str) -> Document:
    """Remove a lane and its curve."""
    if lane.startswith(TUNED):
        return document.without_parameter(lane.removeprefix(TUNED))
    if lane == LANE_STYLE:
        return replace(document, style=None)
    if lane.startswith("offset "):
        kept = {k: v for k, v in document.offsets.items() if k != lane.removeprefix("offset ")}
        return replace(document, offsets=kept)
    if lane.startswith("intensity "):
        parts = {k: v for k, v in document.part_intensity.items() if k != _part(lane)}
        return replace(document, part_intensity=parts)
    return document.without_track(lane)
