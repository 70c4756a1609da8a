"""Edits of lanes: what the timeline and the panels ask for, as entries of the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from core.channels import PARTS
from core.curve import Curve
from core.document import (
    LANE_STYLE,
    LANES_INTENSITY,
    ONE,
    Document,
    Track,
    lane_curve,
    lane_names,
    with_lane_curve,
)
from core.library import SHAPE, Emotion
from core.transcript import Transcript
from editor import palette
from editor.lanes import LaneState
from editor.session import Session

SETTING = "setting "
"""Before the names of rows that are no lanes but settings of the document."""
SETTING_LABELS = {"emotion.protect": "Lip seal", SHAPE: "Figure", "speech.rest": "Rest in pauses"}
LIMITS = {"intensity": (0.0, 2.0), "style": (-1.0, 1.0), "offset": (-1.0, 1.0), "setting": (0.0, 1.0)}
EMOTION_LIMITS = (0.0, 1.5)
FLAGS = ("muted", "solo", "locked")


class Curves:
    """Turns gestures into history entries, and the document into lanes.

    Parameters
    ----------
    session : Session
    library : mapping of str to Emotion
        Labels and colours of the emotions that ship with the program.
    """

    def __init__(self, session: Session, library: Mapping[str, Emotion]) -> None:
        self._session, self._library = session, library

    # ---- what is shown

    def lanes(self) -> tuple[LaneState, ...]:
        """Lanes of the document: speech first, then emotions, then offsets."""
        document = self._session.document
        shown = {"intensity", *(f"intensity {part}" for part in document.part_intensity)}
        intensity = [name for name in LANES_INTENSITY if name in shown]
        style = [LANE_STYLE] if document.style is not None else []
        tracks = [track.name for track in document.tracks]
        offsets = [f"offset {channel}" for channel in document.offsets]
        return tuple(self._lane(document, name) for name in (*intensity, *style, *tracks, *offsets))

    def label(self, lane: str) -> str:
        """Name of a lane for people."""
        if lane == "intensity":
            return "Speech"
        if lane == LANE_STYLE:
            return "Speaking style"
        if lane.startswith("intensity "):
            return f"Speech: {_part(lane)}"
        if lane.startswith(SETTING):
            return SETTING_LABELS[lane.removeprefix(SETTING)]
        if lane.startswith("offset "):
            return lane.removeprefix("offset ")
        known = self._library.get(lane)
        return known.label if known else lane.replace("_", " ").capitalize()

    def colour(self, lane: str) -> str:
        """Colour of a lane, the same wherever it is shown."""
        if lane.startswith("intensity") or lane == LANE_STYLE:
            return palette.SPEECH
        if lane.startswith("offset "):
            return palette.OFFSET
        known = self._library.get(lane)
        if known:
            return known.colour
        own = [name for name in self._session.emotions if name not in self._library]
        return palette.SHAPES[own.index(lane) % len(palette.SHAPES)] if lane in own else palette.FAINT

    def missing(self) -> tuple[str, ...]:
        """Lanes that could be added: emotions without a track, parts without a curve."""
        document = self._session.document
        tracks = {track.name for track in document.tracks}
        emotions = [name for name in self._session.emotions if name not in tracks]
        parts = [f"intensity {part}" for part in PARTS if part not in document.part_intensity]
        return (*emotions, *parts, *([LANE_STYLE] if document.style is None else []))

    # ---- edits

    def begin(self, label: str) -> None:
        """Open a gesture."""
        self._session.history.begin(label)

    def commit(self) -> None:
        """Close the gesture as one entry."""
        self._session.history.commit()

    def abort(self) -> None:
        """Take the gesture back."""
        self._session.history.abort()

    def set_curve(self, lane: str, curve: Curve) -> None:
        """Replace the curve of a lane."""
        self._apply(f"Edit {self.label(lane)}", lambda d: with_lane_curve(d, lane, curve))

    def set_value(self, lane: str, value: float) -> None:
        """Key a value at the playhead's frame; the lane is added if it is not there. A setting is set."""
        low, high = limits_of(lane)
        if lane.startswith(SETTING):
            self.set_setting(lane.removeprefix(SETTING), f"{min(max(value, low), high):.3f}")
            return
        seconds = self._session.snapped(self._session.playhead)

        def edit(document: Document) -> Document:
            with_lane = _with_lane(document, lane)
            curve = lane_curve(with_lane, lane)
            return with_lane_curve(with_lane, lane, curve.with_key(seconds, min(max(value, low), high)))

        self._apply(f"Key {self.label(lane)}", edit)

    def key_here(self) -> None:
        """Key the chosen lane at the playhead with the value it has there."""
        lane = self._session.lane
        if lane in lane_names(self._session.document):
            seconds = self._session.snapped(self._session.playhead)
            self.set_value(lane, float(lane_curve(self._session.document, lane)(seconds)))

    def add_lane(self, lane: str) -> None:
        """Add a lane if it is not there, and choose it."""
        if lane.startswith(SETTING):
            return
        self._apply(f"Add {self.label(lane)}", lambda d: _with_lane(d, lane))
        self._session.choose_lane(lane)

    def remove_lane(self, lane: str) -> None:
        """Remove a lane and its curve."""
        if self._session.lane == lane:
            self._session.choose_lane("intensity")
        self._apply(f"Remove {self.label(lane)}", lambda d: _without_lane(d, lane))

    def toggle(self, lane: str, flag: str) -> None:
        """Switch "muted", "solo" or "locked" of an emotion."""
        if flag not in FLAGS or not _is_track(self._session.document, lane):
            return
        track = self._session.document.track(lane)
        flags = {name: getattr(track, name) != (name == flag) for name in FLAGS}
        changed = Track(track.name, track.curve, **flags)
        self._apply(f"{flag.capitalize()} {self.label(lane)}", lambda d: d.with_track(changed))

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Set the in and out point."""
        self._apply("Set range", lambda d: replace(d, loop=loop))

    def mark(self, end: int) -> None:
        """Put the in (0) or out (1) point at the playhead."""
        session = self._session
        span = list(session.play_range)
        span[end] = session.snapped(session.playhead)
        if span[1] <= span[0]:  # the other point gives way
            span[1 - end] = session.duration if end == 0 else 0.0
        if span[1] > span[0]:
            self.set_loop((span[0], span[1]))

    def set_fps(self, fps: float) -> None:
        """Set the frame rate of display and export; keys stay where they are."""
        self._apply("Frame rate", lambda d: replace(d, fps=fps))

    def set_model(self, model: str) -> None:
        """Choose the speech model."""
        self._apply("Speech model", lambda d: replace(d, model=model))

    def set_transcript(self, transcript: Transcript | None) -> None:
        """Say what is spoken in the recording."""
        self._apply("Transcript", lambda d: replace(d, transcript=transcript))

    def set_setting(self, key: str, value: str) -> None:
        """Change a setting."""
        self._apply(SETTING_LABELS[key], lambda d: d.with_setting(key, value))

    def _lane(self, document: Document, name: str) -> LaneState:
        track = document.track(name) if _is_track(document, name) else None
        flags = {flag: bool(track and getattr(track, flag)) for flag in FLAGS}
        return LaneState(
            name, self.label(name), self.colour(name), lane_curve(document, name), limits_of(name),
            removable=name != "intensity", switchable=track is not None, **flags,
        )  # fmt: skip

    def _apply(self, label: str, edit: Callable[[Document], Document]) -> None:
        self._session.history.apply(label, edit)


def limits_of(lane: str) -> tuple[float, float]:
    """Range of values of a lane."""
    return LIMITS.get(lane.split(" ", maxsplit=1)[0], EMOTION_LIMITS)


def _part(lane: str) -> str:
    return lane.removeprefix("intensity ")


def _is_track(document: Document, lane: str) -> bool:
    return any(track.name == lane for track in document.tracks)


def _with_lane(document: Document, lane: str) -> Document:
    if lane.startswith("intensity"):
        parts = {**document.part_intensity}
        return (
            document if lane == "intensity" else replace(document, part_intensity={_part(lane): ONE, **parts})
        )
    if lane == LANE_STYLE:
        return document if document.style is not None else replace(document, style=Curve())
    if lane.startswith("offset "):
        return replace(document, offsets={lane.removeprefix("offset "): Curve(), **document.offsets})
    return document if _is_track(document, lane) else document.with_track(Track(lane))


def _without_lane(document: Document, lane: str) -> Document:
    if lane == LANE_STYLE:
        return replace(document, style=None)
    if lane.startswith("offset "):
        kept = {k: v for k, v in document.offsets.items() if k != lane.removeprefix("offset ")}
        return replace(document, offsets=kept)
    if lane.startswith("intensity "):
        parts = {k: v for k, v in document.part_intensity.items() if k != _part(lane)}
        return replace(document, part_intensity=parts)
    return document.without_track(lane)
