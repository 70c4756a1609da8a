"""Generated life made into curves that can be edited."""

from __future__ import annotations

from core.document import Document
from editor.background import Background, Job
from editor.session import Session, Tone


class Baking:
    """Bakes in the background, and puts the curves in as one entry.

    Parameters
    ----------
    session : Session
    background : Background
    """

    def __init__(self, session: Session, background: Background) -> None:
        self._session, self._background = session, background

    def bake(self) -> None:
        """Turn blinks, gaze, breath and motion of the head into keys, and their strengths to nothing."""
        document, voice = self._session.document, self._session.voice
        if voice is None:
            return

        def work(_report: object) -> Document:
            from emotion.life.bake import with_life_baked  # SciPy: the window must not wait for it

            return with_life_baked(document, voice)

        self._background.start(Job("bake", "Baking life", work, lambda baked: self._take(document, baked)))

    def _take(self, before: Document, baked: Document) -> None:
        if self._session.document is not before:
            self._session.say("The project changed while life was baked; bake it again.", Tone.WARNING)
        elif baked == before:
            self._session.note("Nothing to bake: give blinks, gaze, head or breath a strength in Tune first")
        else:
            self._session.history.apply("Bake life to keys", lambda _document: baked)
