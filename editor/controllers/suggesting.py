"""Suggestions of emotion: asked for, shown as ghosts, accepted or ignored; never put in unasked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.audio import AudioClip
from core.document import Track
from editor.background import Background, Job
from editor.controllers.curves import Curves
from editor.lane_edits import is_track
from editor.session import Session, Tone

if TYPE_CHECKING:
    from emotion.suggesting import Suggestion
    from emotion.voice import Voice

SLOT = "suggestions"


class Suggesting:
    """Between the voice and the lanes.

    Parameters
    ----------
    session : Session
    background : Background
    curves : Curves
    """

    def __init__(self, session: Session, background: Background, curves: Curves) -> None:
        self._session, self._background, self._curves = session, background, curves

    def ask(self) -> None:
        """Listen for emotions and offer what is found."""
        audio, voice = self._session.audio, self._session.voice
        if audio is not None:
            title = "Listening for emotions"
            self._background.start(Job(SLOT, title, lambda _report: _suggested(audio, voice), self._take))

    def accept(self, scale: float = 1.0) -> None:
        """Put the chosen lane's suggestion into it; keys that are there stay."""
        from emotion.suggesting import accepted

        session = self._session
        name, offered = session.lane, session.suggestions.get(session.lane)
        if offered is None:
            session.note("The chosen lane has no suggestion")
            return
        track = session.document.track(name) if is_track(session.document, name) else Track(name)
        if track.locked:
            session.note(f"{self._curves.label(name)} is locked")
            return
        taken = replace(track, curve=accepted(track.curve, offered, scale))
        session.history.apply(f"Accept {self._curves.label(name)}", lambda d: d.with_track(taken))
        self._leave(name)

    def ignore(self) -> None:
        """Take all suggestions away."""
        self._session.set_suggestions({})

    def _leave(self, name: str) -> None:
        kept = {k: v for k, v in self._session.suggestions.items() if k != name}
        self._session.set_suggestions(kept)

    def _take(self, found: dict[str, Suggestion]) -> None:
        known = {name: each for name, each in found.items() if name in self._session.emotions}
        self._session.set_suggestions(known)
        if not known:
            self._session.say("Nothing in the voice stands out enough to suggest an emotion.", Tone.INFO)
            return
        first = next(iter(known))
        self._session.choose_lane(first)
        names = ", ".join(f"{self._curves.label(n)} {each.confidence:.0%}" for n, each in known.items())
        self._session.say(
            f"The voice suggests {names}. G takes the dashed curve of the chosen lane, Shift+G half of it; "
            "your keys stay. Effort is heard well, pleasure is not.",
            Tone.INFO,
        )


def _suggested(audio: AudioClip, voice: Voice | None) -> dict[str, Suggestion]:
    from emotion.suggesting import suggest
    from emotion.voice import voice_of

    return suggest(voice or voice_of(audio))
