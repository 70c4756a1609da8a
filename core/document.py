"""What the animator makes: one immutable value that undo, autosave and the project file all share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.channels import PARTS
from core.curve import Curve
from core.inference.request import SPEAKER
from core.parameters import parameter
from core.transcript import Transcript

ONE = Curve.constant(1.0)


@dataclass(frozen=True)
class FileRef:
    """A file the project needs, and the content it had when it was chosen.

    Attributes
    ----------
    path : Path
        Absolute while the program runs; relative to the project file on disk.
    sha256 : str
        Of the file's bytes (of the listing, for a folder); empty when unknown.
    """

    path: Path
    sha256: str = ""


@dataclass(frozen=True)
class Track:
    """One emotion over time.

    Attributes
    ----------
    name : str
        An emotion pose of the library, or a shape of the user's folder; unique in a document.
    curve : Curve
        Intensity w(t): 0 none, 1 full, up to 1.5 overdrive.
    muted, solo, locked : bool
        While any track is solo, only solo tracks are heard of; a locked track refuses edits.
    """

    name: str
    curve: Curve = field(default_factory=Curve)
    muted: bool = False
    solo: bool = False
    locked: bool = False


@dataclass(frozen=True)
class Document:
    """Everything that is saved, undone and exported.

    Attributes
    ----------
    audio, template, emotions : FileRef or None
        The recording; the head (None is the default head); the folder with neutral and emotion meshes.
    transcript : Transcript or None
        What is said in the recording, where the animator knows it.
    model : str
        Name or file of the speech model.
    settings : mapping of str to str
        What ``--set KEY=VALUE`` sets, for instance ``speech.rest``.
    fps : float
        Frames per second of display and export; never moves a key.
    intensity : Curve
        Overall speech intensity g(t).
    part_intensity : mapping of str to Curve
        Further intensity of each part of `core.channels.PARTS`; absent means 1.
    style : Curve or None
        Speaking style: -1 mumbled, 0 as inferred, 1 hyper-articulated.
    tracks : tuple of Track
    offsets : mapping of str to Curve
        Hand-made weight added to a channel.
    parameters : mapping of str to Curve
        What is tuned or painted of `core.parameters`, by key; a curve without keys is a plain number.
    loop : tuple of (float, float), or None
        In and out point in seconds.
    """

    audio: FileRef | None = None
    template: FileRef | None = None
    emotions: FileRef | None = None
    transcript: Transcript | None = None
    model: str = "default"
    settings: Mapping[str, str] = field(default_factory=dict)
    fps: float = 30.0
    intensity: Curve = ONE
    part_intensity: Mapping[str, Curve] = field(default_factory=dict)
    style: Curve | None = None
    tracks: tuple[Track, ...] = ()
    offsets: Mapping[str, Curve] = field(default_factory=dict)
    parameters: Mapping[str, Curve] = field(default_factory=dict)
    loop: tuple[float, float] | None = None

    def track(self, name: str) -> Track:
        """Return the track called ``name``.

        Raises
        ------
        KeyError
            If there is none.
        """
        for track in self.tracks:
            if track.name == name:
                return track
        raise KeyError(name)

    def with_track(self, track: Track) -> Document:
        """Replace the track of that name, or add it at the end."""
        if any(t.name == track.name for t in self.tracks):
            return replace(self, tracks=tuple(track if t.name == track.name else t for t in self.tracks))
        return replace(self, tracks=(*self.tracks, track))

    def without_track(self, name: str) -> Document:
        """Remove a track."""
        return replace(self, tracks=tuple(t for t in self.tracks if t.name != name))

    def audible_tracks(self) -> tuple[Track, ...]:
        """Tracks that reach the face, mute and solo considered."""
        solo = any(t.solo for t in self.tracks)
        return tuple(t for t in self.tracks if not t.muted and (t.solo or not solo))

    def with_model(self, model: str) -> Document:
        """Speak with another model, in nobody's manner: a manner is one model's own."""
        settings = {key: value for key, value in self.settings.items() if key != SPEAKER}
        return replace(self, model=model, settings=settings)

    def with_setting(self, key: str, value: str) -> Document:
        """Set one setting."""
        return replace(self, settings={**self.settings, key: value})

    def parameter(self, key: str) -> Curve:
        """Return the curve of a parameter, its default where nothing was set.

        Raises
        ------
        KeyError
            If there is no such parameter.
        """
        known = parameter(key)
        if known is None:
            raise KeyError(key)
        return self.parameters.get(key, Curve.constant(known.default))

    def number(self, key: str) -> float:
        """Return the value of a parameter that does not change over time."""
        return float(self.parameter(key)(0.0))

    def with_parameter(self, key: str, curve: Curve) -> Document:
        """Set a parameter."""
        return replace(self, parameters={**self.parameters, key: curve})

    def without_parameter(self, key: str) -> Document:
        """Set a parameter back to its default."""
        return replace(self, parameters={k: v for k, v in self.parameters.items() if k != key})


LANES_INTENSITY = ("intensity", *(f"intensity {part}" for part in PARTS))
"""Names of the intensity lanes: the overall one and one for each part of the face."""


LANE_STYLE = "style"
TUNED = "set "
"""Before the keys of parameters, in the names of their lanes."""


def lane_names(document: Document) -> tuple[str, ...]:
    """Names of all curves: intensities, style, one lane a track, a channel offset, a parameter with keys."""
    offsets = tuple(f"offset {channel}" for channel in document.offsets)
    tuned = tuple(TUNED + key for key, curve in document.parameters.items() if len(curve))
    return (*LANES_INTENSITY, LANE_STYLE, *(t.name for t in document.tracks), *offsets, *tuned)


def lane_curve(document: Document, lane: str) -> Curve:
    """Return the curve shown in a lane.

    Raises
    ------
    KeyError
        If the document has no such lane.
    """
    if lane == "intensity":
        return document.intensity
    if lane.startswith("intensity "):
        return document.part_intensity.get(lane.removeprefix("intensity "), ONE)
    if lane == LANE_STYLE:
        return document.style or Curve()
    if lane.startswith("offset "):
        return document.offsets[lane.removeprefix("offset ")]
    if lane.startswith(TUNED):
        return document.parameter(lane.removeprefix(TUNED))
    return document.track(lane).curve


def with_lane_curve(document: Document, lane: str, curve: Curve) -> Document:
    """Replace the curve of a lane; a locked track stays as it is."""
    if lane == "intensity":
        return replace(document, intensity=curve)
    if lane.startswith("intensity "):
        part = lane.removeprefix("intensity ")
        return replace(document, part_intensity={**document.part_intensity, part: curve})
    if lane == LANE_STYLE:
        return replace(document, style=curve)
    if lane.startswith("offset "):
        return replace(document, offsets={**document.offsets, lane.removeprefix("offset "): curve})
    if lane.startswith(TUNED):
        return document.with_parameter(lane.removeprefix(TUNED), curve)
    track = document.track(lane)
    return document if track.locked else document.with_track(replace(track, curve=curve))
