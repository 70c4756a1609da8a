"""Playing, shuttling, stepping and scrubbing: the clock leads, the playhead follows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from psygnal import Signal

from core.audio import AudioClip
from core.bezier import Doubles
from core.document import lane_curve, lane_names
from editor.session import Session, Tone
from editor.sound.clock import Clock, Motion, SilentClock

SPEEDS = (1.0, 2.0, 4.0)
"""What J and L step through."""


class Playback:
    """Moves the session's playhead by a clock.

    Parameters
    ----------
    session : Session
    open_clock : callable
        Makes the clock for a recording.
    """

    changed = Signal()
    """Playing, speed or clock changed."""

    def __init__(self, session: Session, open_clock: Callable[[AudioClip | None], Clock]) -> None:
        self._session = session
        self._open_clock = open_clock
        self.clock: Clock = SilentClock()
        self.speed = 0.0
        self._end = 0.0
        session.audio_changed.connect(self._on_audio)
        session.view_changed.connect(self._restart)
        self._loop = session.document.loop
        session.document_changed.connect(self._on_document)

    @property
    def playing(self) -> bool:
        """Whether the playhead moves."""
        return self.speed != 0.0

    def toggle(self) -> None:
        """Play, or pause."""
        if self.playing:
            self.pause()
        else:
            self._play(1.0)

    def pause(self) -> None:
        """Stop where the playhead is."""
        if not self.playing:
            return
        self.tick()
        self.clock.stop()
        self.speed = 0.0
        self.changed.emit()

    def shuttle(self, direction: int) -> None:
        """Play forward (1) or backward (-1); again for faster."""
        speed = abs(self.speed) if self.speed * direction > 0 else 0.0
        faster = [s for s in SPEEDS if s > speed]
        self._play(direction * (faster[0] if faster else SPEEDS[-1]))

    def tick(self) -> None:
        """Follow the clock; called for each frame that can be drawn."""
        if not self.playing:
            return
        if self.clock.lost:
            self._lose_device()
        position = self.clock.position()
        ended = position >= self._end if self.speed > 0 else position <= 0.0
        if ended and not self._session.looping:
            position = self._end if self.speed > 0 else 0.0
            self.clock.stop()
            self.speed = 0.0
            self.changed.emit()
        self._session.move_to(position)

    # ---- moving by hand

    def step(self, frames: int) -> None:
        """Move by whole frames and sound the frame."""
        session = self._session
        self.go(session.snapped(session.playhead) + frames / session.document.fps)

    def go(self, seconds: float) -> None:
        """Put the playhead somewhere; playing goes on from there."""
        self._session.move_to(seconds)
        if self.playing:
            self._restart()
        else:
            self.clock.grain(self._session.playhead)

    def go_to_key(self, direction: int) -> None:
        """Jump to the next (1) or previous (-1) key of the chosen lane, of any lane if that has none."""
        times, here = self._key_times(), self._session.playhead
        later = times[times > here + 1e-4] if direction > 0 else times[times < here - 1e-4]
        if len(later):
            self.go(float(later[0] if direction > 0 else later[-1]))

    def scrub_begin(self, seconds: float) -> None:
        """Take the playhead in hand."""
        self.pause()
        self.scrub(seconds)

    def scrub(self, seconds: float) -> None:
        """Drag the playhead; what is under it sounds."""
        self._session.move_to(seconds)
        self.clock.grain(self._session.playhead)

    def close(self) -> None:
        """Stop, and give the sound card back."""
        self.pause()
        self.clock.close()

    # ---- inside

    def _play(self, speed: float) -> None:
        session = self._session
        near, far = session.play_range
        if far <= near:
            return
        here = session.playhead
        inside = near <= here < far - 1e-3
        self._end = far if inside or session.looping else session.duration
        if speed > 0 and ((session.looping and not inside) or here >= self._end - 1e-3):
            here = near
        if speed < 0 and here <= 1e-3:
            here = far
        self.speed = speed
        loop = (near, far) if session.looping else None
        self.clock.start(Motion(here, speed, loop))
        self.changed.emit()

    def _restart(self) -> None:
        if self.playing:
            self._play(self.speed)

    def _key_times(self) -> Doubles:
        document = self._session.document
        lanes = lane_names(document)
        own = lane_curve(document, self._session.lane).times if self._session.lane in lanes else np.empty(0)
        return own if len(own) else np.unique(np.concatenate([lane_curve(document, n).times for n in lanes]))

    def _on_document(self) -> None:
        if self._session.document.loop != self._loop:
            self._loop = self._session.document.loop
            self._restart()

    def _on_audio(self) -> None:
        self.pause()
        self.clock.close()
        self.clock = self._open_clock(self._session.audio)
        self.changed.emit()

    def _lose_device(self) -> None:
        here = self._session.playhead
        self.clock.close()
        self.clock = SilentClock("the audio device went away")
        self._session.say("The audio device went away; playback goes on in silence", Tone.WARNING)
        self._session.move_to(here)
        self._restart()
