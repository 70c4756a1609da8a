"""What is open: the document and its history, what it needs loaded, and where the playhead stands. No Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from core.audio import AudioClip
from core.document import Document
from core.errors import InputError
from core.history import History
from core.mesh import Floats
from core.neutral import Neutral
from core.peaks import Peaks
from core.rig import Rig

if TYPE_CHECKING:
    from emotion.performance import Performance, Stage
    from emotion.suggesting import Suggestion
    from emotion.voice import Voice

SILENT = Neutral(60.0, (), np.empty((0, 0), np.float32))
"""Lipsync of no recording: the face at rest."""

Span = tuple[float, float]
RESIDUAL, HELD = "emotion.residual", "constant"
"""Of `emotion.residual`, whose network the window must not wait for."""


class Tone(StrEnum):
    """How grave a message is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Message:
    """One clear sentence for the animator."""

    text: str
    tone: Tone = Tone.ERROR


class Session:
    """The open project.

    Attributes
    ----------
    history : History of Document
        The only way the document changes.
    project : Path or None
        Where it was last saved or opened from.
    poses : mapping of str to mapping of str to float
        The emotion library, as channel weights.
    looping : bool
        Whether playback returns to the start of the range; not part of the document.
    occluded : bool
        Whether the viewport darkens what is hidden from the light; not part of the document.
    """

    document_changed = Signal()
    audio_changed = Signal()
    rig_changed = Signal()
    face_changed = Signal()
    """Anything that can move the face: an edit, another head, more of the lipsync."""
    ready_changed = Signal()
    suggestions_changed = Signal()
    playhead_changed = Signal(float)
    lane_changed = Signal(str)
    project_changed = Signal()
    view_changed = Signal()
    said = Signal(Message)
    taken_back = Signal(Message)
    noted = Signal(str)

    def __init__(self, poses: Mapping[str, Mapping[str, float]]) -> None:
        self.history: History[Document] = History(Document())
        self.poses = poses
        self.project: Path | None = None
        self.audio: AudioClip | None = None
        self.peaks: Peaks | None = None
        self.rig: Rig | None = None
        self.shapes: Mapping[str, Floats] = {}
        self.neutral: Neutral = SILENT
        self.voice: Voice | None = None
        self.suggestions: Mapping[str, Suggestion] = {}
        self.ready: tuple[Span, ...] = ()
        self.playhead = 0.0
        self.lane = "intensity"
        self.looping = False
        self.occluded = False
        self.performance: Performance | None = None
        self._stage: Stage | None = None
        self.history.changed.connect(self._on_history)

    @property
    def document(self) -> Document:
        """The document as it is now."""
        return self.history.present

    @property
    def duration(self) -> float:
        """Seconds of the recording, 0 without one."""
        return self.audio.duration if self.audio else 0.0

    @property
    def emotions(self) -> tuple[str, ...]:
        """Names of all emotions that can be painted here: the library's, then the user's own shapes."""
        return (*self.poses, *(name for name in self.shapes if name not in self.poses))

    @property
    def play_range(self) -> Span:
        """Where playback runs: the in and out point, or the whole recording."""
        return self.document.loop or (0.0, self.duration)

    @property
    def is_ready(self) -> bool:
        """Whether the lipsync of all of the recording is known."""
        return self.ready == ((0.0, self.duration),)

    def snapped(self, seconds: float) -> float:
        """Time of the frame nearest to ``seconds``, within the recording."""
        fps = self.document.fps
        return min(max(round(seconds * fps), 0), int(self.duration * fps)) / fps

    # ---- what is loaded

    def set_audio(self, audio: AudioClip | None, peaks: Peaks | None) -> None:
        """Take another recording; its lipsync is not known yet."""
        self.audio, self.peaks = audio, peaks
        self.neutral, self.ready, self.voice = SILENT, (), None
        self.set_suggestions({})
        self.playhead = min(self.playhead, self.duration)
        self._restage()
        self.ready_changed.emit()
        self.audio_changed.emit()
        self.playhead_changed.emit(self.playhead)

    def set_rig(self, rig: Rig) -> None:
        """Take another head."""
        self.rig = rig
        self._restage()
        self.rig_changed.emit()

    def set_shapes(self, shapes: Mapping[str, Floats]) -> None:
        """Take the emotions of a user's folder, displacements (V, 3) of this head."""
        self.shapes = shapes
        self._restage()
        self.rig_changed.emit()

    def set_neutral(self, neutral: Neutral, ready: tuple[Span, ...]) -> None:
        """Take the lipsync, of which only the spans ``ready`` are known yet."""
        self.neutral, self.ready = neutral, ready
        self._restage()
        self.ready_changed.emit()

    def set_voice(self, voice: Voice) -> None:
        """Take how the recording is spoken."""
        self.voice = voice
        self._restage()

    def set_suggestions(self, suggestions: Mapping[str, Suggestion]) -> None:
        """Take what the voice suggests, by emotion; not part of the document until it is accepted."""
        self.suggestions = suggestions
        self.suggestions_changed.emit()

    # ---- where the animator is

    def move_to(self, seconds: float) -> None:
        """Put the playhead somewhere; kept within the recording."""
        self.playhead = min(max(seconds, 0.0), self.duration)
        self.playhead_changed.emit(self.playhead)

    def choose_lane(self, lane: str) -> None:
        """Make a lane the one that keys and the brush go to."""
        if lane != self.lane:
            self.lane = lane
            self.lane_changed.emit(lane)

    def set_looping(self, looping: bool) -> None:
        """Let playback return to the start of the range, or stop at its end."""
        self.looping = looping
        self.view_changed.emit()

    def set_occluded(self, occluded: bool) -> None:
        """Darken what is hidden from the light in the viewport, or not."""
        self.occluded = occluded
        self.view_changed.emit()

    def set_project(self, project: Path | None) -> None:
        """Remember where the document is saved."""
        self.project = project
        self.project_changed.emit()

    def say(self, text: str, tone: Tone = Tone.ERROR) -> Message:
        """Tell the animator something, in one sentence; her home folder is written ~."""
        home = re.escape(str(Path.home()))
        message = Message(re.sub(rf"{home}(?=[/\\\s]|$)", "~", text), tone)
        self.said.emit(message)
        return message

    def take_back(self, message: Message) -> None:
        """Say no longer what does not hold any more."""
        self.taken_back.emit(message)

    def note(self, text: str) -> None:
        """Mention something in passing."""
        self.noted.emit(text)

    # ---- the face

    def pose(self, seconds: float) -> Floats | None:
        """Vertices (V, 3) of the face at a time; None without a head."""
        if self.performance is None:
            return None
        return np.asarray(self.performance.vertices(np.array([seconds]))[0], np.float32)

    def lip_gaps(self, times: NDArray[np.float64]) -> tuple[Floats, Floats] | None:
        """Neutral and final gap of the lips at times (F,), millimetres; None where nothing is known."""
        if self.performance is None or not len(self.neutral.weights):
            return None
        from emotion.lip_gap import lip_gaps

        return lip_gaps(self.performance, times)

    def missing_residuals(self) -> tuple[Stage, tuple[str, ...]] | None:
        """Emotions of the document that a network has yet to make for this recording; None without any."""
        stage = self._stage
        if stage is None or not len(self.neutral.weights) or not self.is_ready:
            return None
        if self.document.settings.get(RESIDUAL) == HELD:
            return None
        names = tuple(track.name for track in self.document.tracks if stage.lacks(track.name))
        return (stage, names) if names else None

    def refresh_face(self) -> None:
        """Show what has become ready."""
        self._perform()

    def final_performance(self) -> Callable[[], Performance]:
        """Return what makes the performance to export, nothing held back; to be called away from the window.

        Raises
        ------
        ValueError
            If there is no head yet.
        """
        from emotion.performance import Performance

        if self._stage is None:
            raise ValueError("no head")
        stage, document = self._stage, self._playable(self._stage)
        return lambda: Performance(document, stage)

    def channel_values(self, seconds: float) -> dict[str, float]:
        """Weight of every channel at a time, by name."""
        if self.performance is None:
            return {}
        composer = self.performance.composer
        weights = composer.weights(np.array([seconds]))[0]
        return dict(zip(composer.rig.channels, weights.tolist(), strict=True))

    def _on_history(self) -> None:
        self._perform()
        self.document_changed.emit()

    def _restage(self) -> None:
        if self.rig is not None:
            from emotion.performance import Stage  # with SciPy behind it: the window is open by now

            self._stage = Stage.build(self.rig, self.neutral, self.poses, self.shapes, self.audio, self.voice)
        self._perform()

    def _perform(self) -> None:
        if self._stage is None:
            return
        from emotion.performance import Performance

        try:
            self.performance = Performance(self._playable(self._stage), self._stage, waiting=False)
        except InputError as error:
            self.say(str(error))
            return
        self.face_changed.emit()

    def _playable(self, stage: Stage) -> Document:
        """Leave out emotions that this stage lacks, for instance while their folder loads."""
        tracks = tuple(t for t in self.document.tracks if t.name in stage.poses)
        return replace(self.document, tracks=tracks)
