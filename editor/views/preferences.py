"""What the editor remembers between runs: its layout, recent files, the last export folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

RECENT = 8


class Preferences:
    """Kept by Qt where the system keeps such things, or in a file of one's own.

    Parameters
    ----------
    file : Path, optional
        An INI file; tests give one.
    """

    def __init__(self, file: Path | None = None) -> None:
        if file is None:
            self._store = QSettings("editable-lipsync", "editor")
        else:
            self._store = QSettings(str(file), QSettings.Format.IniFormat)

    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """Return geometry and state of the window as last saved."""
        geometry, state = self._store.value("geometry"), self._store.value("state")
        if isinstance(geometry, QByteArray) and isinstance(state, QByteArray):
            return geometry, state
        return None

    def save_layout(self, geometry: QByteArray, state: QByteArray) -> None:
        """Remember the window's layout."""
        self._store.setValue("geometry", geometry)
        self._store.setValue("state", state)
        self._store.sync()

    def recent(self) -> list[Path]:
        """Return projects opened or saved lately, newest first, that still exist."""
        stored = self._store.value("recent", [])
        names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [Path(name) for name in names if Path(name).is_file()]

    def remember(self, path: Path) -> None:
        """Put a project first among the recent ones."""
        kept = [path, *(p for p in self.recent() if p != path)][:RECENT]
        self._store.setValue("recent", [str(p) for p in kept])
        self._store.sync()
