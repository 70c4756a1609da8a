"""Questions of `editor.controllers.prompts`, asked by dialogs."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMessageBox, QPushButton, QWidget

from core.project.autosave import Recovery
from core.project.project_file import SUFFIX
from editor.controllers.opening import AUDIO, HEADS, MODELS
from editor.controllers.prompts import Answer, Fate


class Dialogs:
    """Asks the animator, over a window."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def keep_changes(self, name: str) -> Answer:
        """Ask what happens to unsaved work."""
        box = self._box(f"Save the changes to {name}?", "They are lost otherwise.")
        save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        clicked = _asked(box, save)
        return Answer.SAVE if clicked is save else Answer.DISCARD if clicked is discard else Answer.CANCEL

    def file_to_open(self) -> Path | None:
        """Ask for a recording, a head or a project."""
        everything = [f"*{s}" for s in (SUFFIX, *AUDIO, *HEADS, *MODELS)]
        kinds = [
            f"All that can be opened ({' '.join(everything)})",
            f"Projects (*{SUFFIX})",
            f"Recordings ({' '.join(f'*{s}' for s in AUDIO)})",
            f"Heads ({' '.join(f'*{s}' for s in HEADS)})",
            f"Speech models ({' '.join(f'*{s}' for s in MODELS)})",
            "All files (*)",
        ]
        name, _ = QFileDialog.getOpenFileName(self._parent, "Open", "", ";;".join(kinds))
        return Path(name) if name else None

    def folder_to_open(self) -> Path | None:
        """Ask for a folder of emotions."""
        name = QFileDialog.getExistingDirectory(self._parent, "Folder with neutral.obj and emotions")
        return Path(name) if name else None

    def capture_to_open(self) -> Path | None:
        """Ask for a capture of an actor, or the style made of one."""
        kinds = "Live Link Face recordings, speaking styles (*.csv *.json)"
        name, _ = QFileDialog.getOpenFileName(self._parent, "Speak like a capture", "", kinds)
        return Path(name) if name else None

    def path_to_save(self, suggestion: Path) -> Path | None:
        """Ask where to save the project."""
        kind = f"Project (*{SUFFIX})"
        name, _ = QFileDialog.getSaveFileName(self._parent, "Save", str(suggestion), kind)
        return Path(name) if name else None

    def recover(self, recovery: Recovery) -> Fate:
        """Ask what happens to the work of an editor that died."""
        name = recovery.project.stem if recovery.project else "an unsaved project"
        when = time.strftime("%A %H:%M", time.localtime(recovery.saved_at))
        box = self._box(f"Recover {name}?", f"The editor ended unexpectedly. Work up to {when} was kept.")
        recover = box.addButton("Recover", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Later", QMessageBox.ButtonRole.RejectRole)
        clicked = _asked(box, recover)
        return Fate.RECOVER if clicked is recover else Fate.DISCARD if clicked is discard else Fate.LATER

    def _box(self, question: str, more: str) -> QMessageBox:
        box = QMessageBox(self._parent)
        box.setWindowTitle("Editable Lipsync")
        box.setText(question)
        box.setInformativeText(more)
        return box


def _asked(box: QMessageBox, default: QPushButton) -> QAbstractButton:
    box.setDefaultButton(default)
    box.exec()
    box.deleteLater()
    return box.clickedButton()
