"""The composition root: builds session, controllers and views, and wires them."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from core.inference.cache import NeutralCache
from core.library import emotion_poses, emotions
from core.project.autosave import Autosave
from editor.controllers.baking import Baking
from editor.controllers.curves import Curves
from editor.controllers.exporting import Exporting
from editor.controllers.face import FaceFeed
from editor.controllers.inference import Inference
from editor.controllers.media import Media
from editor.controllers.models import Models
from editor.controllers.opening import Opening
from editor.controllers.panels import PanelFeed
from editor.controllers.playback import Playback
from editor.controllers.projects import Projects
from editor.controllers.suggesting import Suggesting
from editor.controllers.timeline import TimelineFeed
from editor.render.offscreen import TakeRenderer
from editor.session import Session
from editor.sound.speakers import open_clock
from editor.views.action_set import ActionSet
from editor.views.commands import Commands
from editor.views.dialogs import Dialogs
from editor.views.main_window import MainWindow
from editor.views.preferences import Preferences
from editor.views.status import Status
from editor.views.tasks import Tasks
from editor.views.theme import apply_theme
from editor.views.timeline import Timeline
from editor.views.transport import Transport
from editor.views.wiring import wire_panels, wire_playback, wire_session, wire_timeline, wire_window

if TYPE_CHECKING:
    from editor.views.second_window import SecondWindow

BUTTONS = ("start", "previous-frame", "play", "next-frame", "end", "loop")
HEARTBEAT = 500
"""Milliseconds between looks at whether unsaved work should be kept."""
WARM_UP = 1000
"""Milliseconds after which PyTorch is loaded, in the background."""


class Editor:
    """The running editor.

    Parameters
    ----------
    preferences : Preferences
    state : Path
        Folder for what must survive a crash.
    """

    def __init__(self, preferences: Preferences, state: Path) -> None:
        self.preferences = preferences
        self.session = Session(emotion_poses())
        self.tasks = Tasks(self.session.say)
        self.window = MainWindow()
        self.timeline = Timeline()
        self._build_controllers(state)
        self._build_views()
        self._wire()
        self._second: SecondWindow | None = None
        self._heartbeat = QTimer(self.window, interval=HEARTBEAT)
        self._heartbeat.timeout.connect(self.projects.tick)

    def start(self, path: Path | None) -> None:
        """Show the window, load the head, offer what a crash left, and open a file."""
        layout = self.preferences.layout()
        if layout:
            self.window.restore_layout(layout)
        self.window.show()
        self.window.viewport.setFocus()
        self._heartbeat.start()
        QTimer.singleShot(0, self.window, lambda: self._begin(path))

    def close(self) -> None:
        """Give everything back; the window is closed already."""
        self.preferences.save_layout(*self.window.layout_state())
        self.playback.close()
        self.tasks.close()
        self.projects.close()
        self.window.viewport.close_face()
        if self._second is not None:
            self._second.close_face()
            self._second.close()
        self.window.close()
        for timer in self.window.findChildren(QTimer):
            timer.stop()

    def open_second_window(self) -> None:
        """Show the face in a window of its own as well."""
        if self._second is None:
            # Imported when it is first wanted: pyvistaqt takes longer than the rest of the editor.
            from editor.views.second_window import SecondWindow

            self._second = SecondWindow(self.window.actions())
            # Held here: signals do not hold on to who hears them.
            self._second_feed = FaceFeed(self.session, self._second)
            self._second.drawing.connect(self._second_feed.compose)
            self._second_feed.refresh()
        self._second.show()
        self._second.raise_()

    def _begin(self, path: Path | None) -> None:
        self.media.start()
        QTimer.singleShot(WARM_UP, self.window, self.inference.warm_up)
        recovered = self.projects.offer_recovery()
        if path is not None and not recovered:
            self.opening.open(path)

    def _build_controllers(self, state: Path) -> None:
        session, tasks = self.session, self.tasks
        self.dialogs = Dialogs(self.window)
        self.playback = Playback(session, open_clock)
        self.media = Media(session, tasks)
        self.projects = Projects(
            session, tasks, self.dialogs, Autosave(state / "autosave"), self.preferences.remember
        )
        self.inference = Inference(session, tasks, NeutralCache())
        self.models = Models(session, tasks, self.inference.again)
        self.opening = Opening(session, self.projects, self.media, self.models)
        self.exporting = Exporting(session, tasks, TakeRenderer())
        self.curves = Curves(session, {emotion.name: emotion for emotion in emotions()})
        self.suggesting = Suggesting(session, tasks, self.curves)
        self.baking = Baking(session, tasks)
        self.panels = PanelFeed(session, self.curves)

    def _build_views(self) -> None:
        commands = Commands(self)
        self.actions = ActionSet(self.window, commands.handlers())
        self.actions.fill(self.window.menuBar())
        commands.add_recent_menu(self.window.menuBar())
        self.transport = Transport([self.actions[name] for name in BUTTONS])
        self.status = Status(self.tasks)
        self.window.arrange(self.timeline, self.transport, self.status)

    def _wire(self) -> None:
        self.face = FaceFeed(self.session, self.window.viewport)
        self.feed = TimelineFeed(self.session, self.curves, self.timeline)
        wire_window(self)
        wire_session(self)
        wire_timeline(self)
        wire_panels(self)
        wire_playback(self)


def run(path: Path | None) -> int:
    """Open the editor, with a file if one is given; return the exit code once it is closed."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Editable Lipsync")
    apply_theme(app)
    state = Path(platformdirs.user_state_dir("editable-lipsync"))
    editor = Editor(Preferences(), state)
    _stay_up(editor, state)
    editor.start(path)
    code = app.exec()
    editor.close()
    return code


def _stay_up(editor: Editor, state: Path) -> None:
    """Let no fault end the program, and no signal end it without asking for unsaved work."""
    handler = logging.FileHandler(state / "editor.log", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logging.getLogger().addHandler(handler)

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logging.error("a fault", exc_info=(kind, error, trace))
        editor.session.say(f"Something went wrong: {error or kind.__name__} (more in {state}/editor.log)")

    sys.excepthook = tell
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QApplication.quit())
