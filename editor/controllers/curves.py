"""Edits of lanes: what the timeline and the panels ask for, as entries of the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from core.channels import PARTS
from core.curve import Curve
from core.document import (
    LANE_STYLE,
    LANES_INTENSITY,
    TUNED,
    Document,
    Track,
    lane_curve,
    lane_names,
    with_lane_curve,
)
from core.inference.request import SPEAKER
from core.library import SHAPE, Emotion, blends
from core.parameters import emotion_of, parameter
from core.transcript import Transcript
from editor import palette
from editor.lane_edits import SETTING, is_track, limits_of, with_lane, without_lane
from editor.lanes import LaneState
from editor.session import RESIDUAL, Session

SETTING_LABELS = {
    "emotion.protect": "Lip seal",
    SHAPE: "Figure",
    "speech.rest": "Rest in pauses",
    SPEAKER: "Manner of speaking",
    RESIDUAL: "Emotions",
}
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
        tracks += [name for name in self._session.suggestions if name not in tracks]
        others = [name for name in lane_names(document) if name.startswith(("offset ", TUNED))]
        return tuple(self._lane(document, name) for name in (*intensity, *style, *tracks, *others))

    def label(self, lane: str) -> str:
        """Name of a lane for people."""
        fixed = {"intensity": "Speech", LANE_STYLE: "Speaking style"}
        if lane in fixed:
            return fixed[lane]
        family, _, rest = lane.partition(" ")
        named: dict[str, Callable[[str], str]] = {
            "intensity": "Speech: {}".format,
            SETTING.strip(): SETTING_LABELS.__getitem__,
            "offset": str,
            TUNED.strip(): self._tuned_label,
        }
        if rest and family in named:
            return named[family](rest)
        known = self._library.get(lane)
        return known.label if known else lane.replace("_", " ").capitalize()

    def colour(self, lane: str) -> str:
        """Colour of a lane, the same wherever it is shown."""
        if lane.startswith("intensity") or lane == LANE_STYLE:
            return palette.SPEECH
        if lane.startswith("offset "):
            return palette.OFFSET
        if lane.startswith(TUNED):
            emotion = emotion_of(lane.removeprefix(TUNED))
            return self.colour(emotion) if emotion else palette.TUNED
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
        """Replace the curve of a lane, which is added if it was only suggested."""
        self._apply(f"Edit {self.label(lane)}", lambda d: with_lane_curve(with_lane(d, lane), lane, curve))

    def set_value(self, lane: str, value: float) -> None:
        """Key a value at the playhead's frame; the lane is added if it is not there. A setting is set."""
        low, high = limits_of(lane)
        if lane.startswith(SETTING):
            self.set_setting(lane.removeprefix(SETTING), f"{min(max(value, low), high):.3f}")
            return
        if lane.startswith(TUNED) and lane not in lane_names(self._session.document):
            constant = Curve.constant(min(max(value, low), high))
            self._apply(f"Set {self.label(lane)}", lambda d: with_lane_curve(d, lane, constant))
            return
        self._key(lane, min(max(value, low), high))

    def key_blend(self, name: str) -> None:
        """Key a mixture of emotions at the playhead as one entry; emotions it leaves out go to 0 there."""
        seconds = self._session.snapped(self._session.playhead)
        mix = blends()[name]

        def edit(document: Document) -> Document:
            present = {track.name: 0.0 for track in document.tracks if not track.locked}
            for emotion, value in (present | dict(mix)).items():
                there = with_lane(document, emotion)
                document = with_lane_curve(
                    there, emotion, lane_curve(there, emotion).with_key(seconds, value)
                )
            return document

        self._apply(f"Key {name}", edit)

    def key_here(self) -> None:
        """Key the chosen lane at the playhead with the value it has there."""
        lane, document = self._session.lane, self._session.document
        if lane in lane_names(document) or _may_be_keyed(lane):
            seconds = self._session.snapped(self._session.playhead)
            self._key(lane, float(lane_curve(document, lane)(seconds)))

    def _key(self, lane: str, value: float) -> None:
        seconds = self._session.snapped(self._session.playhead)

        def edit(document: Document) -> Document:
            there = with_lane(document, lane)
            return with_lane_curve(there, lane, lane_curve(there, lane).with_key(seconds, value))

        self._apply(f"Key {self.label(lane)}", edit)

    def add_lane(self, lane: str) -> None:
        """Add a lane if it is not there, and choose it."""
        if lane.startswith(SETTING):
            return
        self._apply(f"Add {self.label(lane)}", lambda d: with_lane(d, lane))
        self._session.choose_lane(lane)

    def remove_lane(self, lane: str) -> None:
        """Remove a lane and its curve."""
        if self._session.lane == lane:
            self._session.choose_lane("intensity")
        if lane in self._session.suggestions:
            kept = {k: v for k, v in self._session.suggestions.items() if k != lane}
            self._session.set_suggestions(kept)
        if lane not in lane_names(self._session.document):
            return
        self._apply(f"Remove {self.label(lane)}", lambda d: without_lane(d, lane))

    def toggle(self, lane: str, flag: str) -> None:
        """Switch "muted", "solo" or "locked" of an emotion."""
        if flag not in FLAGS or not is_track(self._session.document, lane):
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

    def set_transcript(self, transcript: Transcript | None) -> None:
        """Say what is spoken in the recording."""
        self._apply("Transcript", lambda d: replace(d, transcript=transcript))

    def set_setting(self, key: str, value: str) -> None:
        """Change a setting."""
        self._apply(SETTING_LABELS[key], lambda d: d.with_setting(key, value))

    def _tuned_label(self, key: str) -> str:
        known, emotion = parameter(key), emotion_of(key)
        if emotion:
            return f"{self.label(emotion)}: {key.rpartition('.')[2]}"
        return known.title if known else key

    def _lane(self, document: Document, name: str) -> LaneState:
        track = document.track(name) if is_track(document, name) else None
        if track is None and name in self._session.suggestions:
            track = Track(name)
        flags = {flag: bool(track and getattr(track, flag)) for flag in FLAGS}
        return LaneState(
            name, self.label(name), self.colour(name), track.curve if track else lane_curve(document, name),
            limits_of(name),
            removable=name != "intensity", switchable=track is not None, **flags,
        )  # fmt: skip

    def _apply(self, label: str, edit: Callable[[Document], Document]) -> None:
        self._session.history.apply(label, edit)


def _may_be_keyed(lane: str) -> bool:
    known = parameter(lane.removeprefix(TUNED)) if lane.startswith(TUNED) else None
    return known is not None and known.keyed
