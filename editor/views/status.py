"""The status bar: what runs in the background, which clock plays, which head is shown."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QStatusBar, QWidget

from editor.views.parts import icon_button
from editor.views.tasks import Tasks

APPEAR = 150
"""Milliseconds of work before it is worth a line."""
NOTE = 4000
"""Milliseconds that a note in passing stays."""


def written_time(seconds: float | None) -> str:
    """Say how long something still takes, as coarsely as it is known; nothing where it is nearly done."""
    if seconds is None or seconds < 1:
        return ""
    if seconds < 60:
        return f", {5 * math.ceil(seconds / 5)} s left"
    return f", {math.ceil(seconds / 60)} min left"


class WorkLine(QWidget):
    """Title, progress and cancel of the newest job that has a title."""

    cancelled = Signal(str)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self.title = QLabel()
        self.bar = QProgressBar(textVisible=False, minimum=0, maximum=1000)
        self.bar.setFixedWidth(150)
        self.cancel = icon_button("x", "Cancel")
        self.cancel.clicked.connect(self._on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.title, self.bar, self.cancel):
            row.addWidget(widget)
        row.addStretch(1)
        self.cancel.setObjectName("small")
        self.cancel.setIconSize(QSize(14, 14))
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._poll = QTimer(self, interval=60)
        self._poll.timeout.connect(self._refresh)
        self._later = QTimer(self, singleShot=True, interval=APPEAR)
        self._later.timeout.connect(self._refresh)
        tasks.changed.connect(self._on_tasks)
        self._set_shown(False)

    @Slot()
    def _on_tasks(self) -> None:
        if self._tasks.shown() is None:
            self._later.stop()
            self._poll.stop()
            self._set_shown(False)
        elif not self._poll.isActive():
            self._poll.start()
            self._later.start()

    @Slot()
    def _refresh(self) -> None:
        ticket = self._tasks.shown()
        if ticket is None or self._later.isActive():
            return
        self._set_shown(True)
        self.title.setText(ticket.job.title + written_time(ticket.seconds_left))
        self.bar.setMaximum(1000 if ticket.fraction else 0)  # no fraction yet: the bar runs to and fro
        self.bar.setValue(round(ticket.fraction * 1000))

    @Slot()
    def _on_cancel(self) -> None:
        ticket = self._tasks.shown()
        if ticket is not None:
            self._tasks.cancel(ticket.job.slot)
            self.cancelled.emit(ticket.job.slot)

    def _set_shown(self, shown: bool) -> None:
        for widget in (self.title, self.bar, self.cancel):
            widget.setVisible(shown)


class Status(QStatusBar):
    """The bar itself; passive."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.work = WorkLine(tasks)
        self.note, self.model, self.head, self.clock = QLabel(), QLabel(), QLabel(), QLabel()
        self._gone = QTimer(self, singleShot=True, interval=NOTE)
        self._gone.timeout.connect(self.note.hide)
        self.addWidget(self.note)
        self.note.hide()
        self.addWidget(self.work, 1)
        self.addPermanentWidget(self.model)
        self.addPermanentWidget(self.head)
        self.addPermanentWidget(self.clock)

    def show_note(self, text: str) -> None:
        """Mention something for a while, beside what runs."""
        self.note.setText(text)
        self.note.show()
        self._gone.start()

    def set_model(self, title: str) -> None:
        """Say which model speaks."""
        self.model.setText(f"Lips: {title}")
        self.model.setToolTip("The speech model that moves the lips, and in whose manner (panel Speech)")

    def set_head(self, text: str) -> None:
        """Say which head is shown."""
        self.head.setText(text)

    def set_clock(self, text: str, silent: bool) -> None:
        """Say what playback follows."""
        self.clock.setText(text)
        self.clock.setToolTip(
            "No sound device: playback follows the computer's clock"
            if silent
            else "Playback follows the sound card"
        )
