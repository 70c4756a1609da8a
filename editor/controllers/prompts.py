"""Questions to the animator; answered by dialogs in the program, by a script in tests."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from core.project.autosave import Recovery


class Answer(Enum):
    """What to do with unsaved work."""

    SAVE = auto()
    DISCARD = auto()
    CANCEL = auto()


class Fate(Enum):
    """What to do with the work of an editor that died."""

    RECOVER = auto()
    DISCARD = auto()
    LATER = auto()


class Prompts(Protocol):
    """Modal questions."""

    def keep_changes(self, name: str) -> Answer:
        """Ask what happens to unsaved work in ``name``."""

    def file_to_open(self) -> Path | None:
        """Ask for a recording, a head or a project; None to cancel."""

    def folder_to_open(self) -> Path | None:
        """Ask for a folder of emotions; None to cancel."""

    def path_to_save(self, suggestion: Path) -> Path | None:
        """Ask where to save the project; None to cancel."""

    def recover(self, recovery: Recovery) -> Fate:
        """Ask what happens to the work of an editor that died."""
