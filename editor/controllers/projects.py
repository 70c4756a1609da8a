"""New, open, save, recover, close: nothing the animator made is ever lost without a question."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.document import Document
from core.errors import InputError
from core.project.autosave import Autosave, Recovery
from core.project.project_file import SUFFIX, changed_files, load_project, save_project
from editor.background import Background, Job, Report
from editor.controllers.prompts import Answer, Fate, Prompts
from editor.session import Session, Tone

QUIET = 1.0
"""Seconds without an edit after which the work is kept ..."""
LONGEST = 10.0
"""... and seconds of steady editing after which it is kept anyway."""


class Projects:
    """Opens and saves the session's document.

    Parameters
    ----------
    session : Session
    background : Background
    prompts : Prompts
    autosave : Autosave
    remember : callable
        Takes the path of each project opened or saved, for the list of recent files.
    now : callable
        Seconds, for the pace of the autosave.
    """

    def __init__(
        self,
        session: Session,
        background: Background,
        prompts: Prompts,
        autosave: Autosave,
        remember: Callable[[Path], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session, self._background, self._prompts = session, background, prompts
        self._autosave, self._remember, self._now = autosave, remember, now
        self._first_edit = self._last_edit = 0.0
        self._kept = (session.document, True)
        session.document_changed.connect(self._on_document)

    @property
    def name(self) -> str:
        """What to call the project in the title."""
        session = self._session
        if session.project:
            return session.project.stem
        return session.audio.name if session.audio else "Untitled"

    def new(self) -> None:
        """Start over, after asking."""
        if self.may_discard():
            self._begin(Document(), None)

    def open(self, path: Path) -> None:
        """Open a project, after asking; one that cannot be read changes nothing."""
        try:
            document = load_project(path)
        except InputError as error:
            self._session.say(str(error))
            return
        if not self.may_discard():
            return
        self._begin(document, path.absolute())
        self._remember(path.absolute())
        self._background.start(Job("check", "", lambda _: changed_files(document), self._tell_changed))

    def save(self) -> bool:
        """Save where it was last saved, or ask; say whether it is saved now."""
        if self._session.project is None:
            return self.save_as()
        return self._write(self._session.project)

    def save_as(self) -> bool:
        """Ask where to save; say whether it is saved now."""
        session = self._session
        audio = session.document.audio
        folder = session.project.parent if session.project else audio.path.parent if audio else Path.home()
        path = self._prompts.path_to_save(folder / f"{self.name}{SUFFIX}")
        if path is None:
            return False
        return self._write(path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX))

    def may_discard(self) -> bool:
        """Whether the document may be let go: nothing was made, it is saved, or the animator said so."""
        if self._session.history.is_clean or _is_untouched(self._session.document):
            return True
        answer = self._prompts.keep_changes(self.name)
        return answer is Answer.DISCARD or (answer is Answer.SAVE and self.save())

    # ---- after a crash

    def offer_recovery(self) -> bool:
        """Offer the work of editors that died, newest first; say whether one was brought back."""
        for recovery in self._autosave.orphans():
            fate = self._prompts.recover(recovery)
            if fate is Fate.RECOVER:
                self._bring_back(recovery)
            if fate is not Fate.LATER:
                self._autosave.discard(recovery)
            if fate is Fate.RECOVER:
                return True
        return False

    def tick(self) -> None:
        """Keep unsaved work once the animator pauses; called about once a second."""
        document, clean, now = self._session.document, self._session.history.is_clean, self._now()
        if (document, clean) == self._kept or self._session.history.in_gesture:
            return
        if now - self._last_edit < QUIET and now - self._first_edit < LONGEST:
            return
        self._kept, self._first_edit = (document, clean), 0.0
        project = self._session.project

        def keep(_report: Report) -> None:
            if clean:
                self._autosave.clear()
            else:
                self._autosave.write(document, project)

        self._background.start(Job("autosave", "", keep))

    def close(self) -> None:
        """Forget the kept work; call once it is saved or discarded."""
        self._autosave.close()

    # ---- inside

    def _begin(self, document: Document, project: Path | None) -> None:
        session = self._session
        session.move_to(0.0)
        session.set_project(project)
        session.choose_lane("intensity")
        session.history.reset(document)

    def _bring_back(self, recovery: Recovery) -> None:
        self._begin(Document(), recovery.project)
        self._session.history.apply("Recover", lambda _: recovery.document)
        self._autosave.write(recovery.document, recovery.project)
        self._session.say("Recovered the work of the last session; it is not saved yet", Tone.INFO)

    def _write(self, path: Path) -> bool:
        try:
            save_project(self._session.document, path)
        except InputError as error:
            self._session.say(str(error))
            return False
        self._session.set_project(path.absolute())
        self._session.history.mark_clean()
        self._remember(path.absolute())
        self._session.note(f"Saved {path.name}")
        return True

    def _tell_changed(self, changed: tuple[Path, ...]) -> None:
        if changed:
            names = ", ".join(path.name for path in changed)
            self._session.say(f"Changed or missing since the project was saved: {names}", Tone.WARNING)

    def _on_document(self) -> None:
        if self._session.document is self._kept[0]:
            return
        self._last_edit = self._now()
        self._first_edit = self._first_edit or self._last_edit


def _is_untouched(document: Document) -> bool:
    """Tell whether files were opened and nothing was made by hand."""
    return replace(document, audio=None, template=None, emotions=None) == Document()
