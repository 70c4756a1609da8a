"""The way out: what the user's gestures ask of the document's owner."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from core.curve import Curve


class Edits(QObject):
    """Signals of gestures: one `begun`, any number of `edited`, then one `ended` or `aborted`."""

    begun = Signal(str)
    edited = Signal(str, object)
    ended = Signal()
    aborted = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._open = False

    def begin(self, label: str) -> None:
        """Open a gesture named as its undo entry; within an open one, do nothing."""
        if not self._open:
            self._open = True
            self.begun.emit(label)

    def edit(self, lane: str, curve: Curve) -> None:
        """Ask for a lane's curve to be replaced."""
        self.edited.emit(lane, curve)

    def end(self) -> None:
        """Close the gesture, if one is open."""
        if self._open:
            self._open = False
            self.ended.emit()

    def abort(self) -> None:
        """Close the gesture and ask for everything to be as it was before."""
        if self._open:
            self._open = False
            self.aborted.emit()

    def once(self, label: str, changes: dict[str, Curve]) -> None:
        """Make a gesture of its own of one change; no change, no gesture."""
        if not changes:
            return
        self.begin(label)
        for lane, curve in changes.items():
            self.edit(lane, curve)
        self.end()
