"""Which speech model is used: opened, chosen, compared; one that cannot speak changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.document import Document
from core.inference.models import check_model, is_missing, known_models, speakers_of, title_of
from core.inference.remembered import remember_model
from core.inference.request import SPEAKER
from editor.background import Background, Job, Report
from editor.session import Session

COMPARE = "Compare speech models"
GONE = " (missing)"


class Models:
    """Changes the model of the session's document.

    Parameters
    ----------
    session : Session
    background : Background
    again : callable
        Makes the lipsync anew, where a file that is in use was written again.
    """

    def __init__(self, session: Session, background: Background, again: Callable[[], None]) -> None:
        self._session, self._background, self._again = session, background, again
        self._used = self._other = _choice(session.document)
        session.document_changed.connect(self._follow)

    @property
    def title(self) -> str:
        """What to call the model that speaks, and in whose manner."""
        model, speaker = _choice(self._session.document)
        title = title_of(model) + (GONE if is_missing(model) else "")
        return f"{title} as {speaker}" if speaker else title

    def offered(self) -> dict[str, str]:
        """Say what to call each model to choose from, by what chooses it; the one in use even if missing."""
        known, used = known_models(), self._session.document.model
        if used not in known:
            known[used] = title_of(used) + (GONE if is_missing(used) else "")
        return known

    def open(self, path: Path) -> None:
        """Speak with the model of a file, once it is known that it can speak."""
        model = str(path.absolute())

        def work(_report: Report) -> None:
            check_model(model)

        def done(_none: None) -> None:
            remember_model(path)
            if model == self._session.document.model:
                self._again()
            else:
                self.choose(model)

        self._background.start(Job("model", f"Reading {path.name}", work, done))

    def choose(self, model: str) -> None:
        """Speak with a model; in the same manner as before, if it knows that one."""
        speaker = self._session.document.settings.get(SPEAKER, "")
        kept = speaker if speaker in speakers_of(model) else ""
        self._session.history.apply(f"Speak with {title_of(model)}", lambda d: _using(d, (model, kept)))

    def compare(self) -> None:
        """Speak with the model used before this one, and back again; there and back leaves no trace."""
        if self._other[0] == self._used[0]:
            self._session.note("There is no other model yet: drop one, or choose one beside Model")
            return
        self._session.history.amend(COMPARE, lambda d: _using(d, self._other))
        self._session.note(f"Speaks with {self.title}")

    def _follow(self) -> None:
        now = _choice(self._session.document)
        if now[0] != self._used[0] and not is_missing(self._used[0]):
            self._other = self._used
        self._used = now


def _choice(document: Document) -> tuple[str, str]:
    return document.model, document.settings.get(SPEAKER, "")


def _using(document: Document, choice: tuple[str, str]) -> Document:
    model, speaker = choice
    changed = document.with_model(model)
    return changed.with_setting(SPEAKER, speaker) if speaker else changed
