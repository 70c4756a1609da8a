"""Session to timeline: pushes what changed, decides nothing about looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.mesh import Floats
from core.neutral import Label
from core.peaks import Peaks
from editor.controllers.curves import Curves
from editor.lanes import Ghost, LaneState
from editor.session import Session, Span


class TimelineView(Protocol):
    """The setters of `editor.views.timeline.Timeline` that the session feeds."""

    def set_duration(self, seconds: float) -> None: ...  # noqa: D102
    def set_fps(self, fps: float) -> None: ...  # noqa: D102
    def set_peaks(self, peaks: Peaks | None) -> None: ...  # noqa: D102
    def set_lanes(self, lanes: tuple[LaneState, ...]) -> None: ...  # noqa: D102
    def set_playhead(self, seconds: float) -> None: ...  # noqa: D102
    def set_loop(self, span: Span | None) -> None: ...  # noqa: D102
    def set_labels(self, words: tuple[Label, ...], phones: tuple[Label, ...], hint: str) -> None: ...  # noqa: D102
    def set_gaps(self, source: Callable[[NDArray[np.float64]], tuple[Floats, Floats] | None]) -> None: ...  # noqa: D102
    def set_ghosts(self, ghosts: Mapping[str, Ghost]) -> None: ...  # noqa: D102
    def set_ready(self, spans: tuple[Span, ...] | None) -> None: ...  # noqa: D102
    def set_active_lane(self, name: str) -> None: ...  # noqa: D102


class TimelineFeed:
    """Keeps a timeline in step with the session."""

    def __init__(self, session: Session, curves: Curves, view: TimelineView) -> None:
        self._session, self._curves, self._view = session, curves, view
        session.audio_changed.connect(self._on_audio)
        session.document_changed.connect(self.push)
        session.rig_changed.connect(self.push)
        session.ready_changed.connect(self._on_ready)
        session.face_changed.connect(lambda: view.set_gaps(session.lip_gaps))
        session.suggestions_changed.connect(self._on_suggestions)
        session.playhead_changed.connect(view.set_playhead)
        session.lane_changed.connect(view.set_active_lane)
        self._on_audio()

    def push(self) -> None:
        """Show the document as it is now."""
        document = self._session.document
        self._view.set_fps(document.fps)
        self._view.set_loop(document.loop)
        self._view.set_lanes(self._curves.lanes())
        self._view.set_active_lane(self._session.lane)

    def _on_audio(self) -> None:
        self._view.set_duration(self._session.duration)
        self._view.set_peaks(self._session.peaks)
        self.push()
        self._on_ready()

    def _on_ready(self) -> None:
        session, neutral = self._session, self._session.neutral
        self._view.set_ready(session.ready if session.audio else None)
        mute = session.audio and session.is_ready and not (neutral.phones or neutral.words)
        hint = "This model hears no words or phones" if mute else ""
        self._view.set_labels(neutral.words, neutral.phones, hint)

    def _on_suggestions(self) -> None:
        offered = self._session.suggestions.items()
        self._view.set_lanes(self._curves.lanes())
        self._view.set_ghosts({name: Ghost(each.curve, each.low, each.high) for name, each in offered})
