"""What each action of the table does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QMenuBar

from editor.render.scene import Shading
from editor.views.export_dialog import ExportDialog
from editor.views.shortcut_page import ShortcutPage
from editor.views.transcript_dialog import TranscriptDialog

if TYPE_CHECKING:
    from editor.app import Editor


class Commands:
    """Handlers by action id."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return one handler for each action."""
        return {**self._file(), **self._playback(), **self._rest()}

    def add_recent_menu(self, bar: QMenuBar) -> None:
        """Add the list of recent projects to the File menu, filled when it opens."""
        menu = bar.findChild(QMenu, "File")
        assert isinstance(menu, QMenu)
        recent = QMenu("Open recent", menu)
        recent.aboutToShow.connect(lambda: self._fill_recent(recent))
        menu.insertMenu(menu.actions()[2], recent)

    def _file(self) -> dict[str, Callable[[], object]]:
        editor = self._editor
        return {
            "new": editor.projects.new,
            "open": self._open,
            "open-emotions": self._open_emotions,
            "default-head": editor.media.use_default_head,
            "save": editor.projects.save,
            "save-as": editor.projects.save_as,
            "export": self._export,
            "export-again": self._export_again,
            "quit": editor.window.close,
        }

    def _playback(self) -> dict[str, Callable[[], object]]:
        play, session, curves = self._editor.playback, self._editor.session, self._editor.curves
        return {
            "play": play.toggle,
            "back": lambda: play.shuttle(-1),
            "stop": play.pause,
            "forward": lambda: play.shuttle(1),
            "previous-frame": lambda: play.step(-1),
            "next-frame": lambda: play.step(1),
            "ten-back": lambda: play.step(-10),
            "ten-forward": lambda: play.step(10),
            "start": lambda: play.go(0.0),
            "end": lambda: play.go(session.duration),
            "previous-key": lambda: play.go_to_key(-1),
            "next-key": lambda: play.go_to_key(1),
            "mark-in": lambda: curves.mark(0),
            "mark-out": lambda: curves.mark(1),
            "clear-range": lambda: curves.set_loop(None),
            "loop": lambda: session.set_looping(not session.looping),
        }

    def _rest(self) -> dict[str, Callable[[], object]]:
        editor, window = self._editor, self._editor.window
        shade = window.viewport.set_shading
        return {
            "undo": editor.session.history.undo,
            "redo": editor.session.history.redo,
            "key": editor.curves.key_here,
            "select-tool": lambda: editor.timeline.set_tool("select"),
            "brush-tool": lambda: editor.timeline.set_tool("brush"),
            "frame": self._frame,
            "frame-all": editor.timeline.frame_all,
            "wireframe": lambda: shade(Shading.WIREFRAME),
            "clay": lambda: shade(Shading.CLAY),
            "colours": lambda: shade(Shading.COLOURS),
            "occlusion": lambda: editor.session.set_occluded(not editor.session.occluded),
            "second-window": editor.open_second_window,
            "reset-layout": window.reset_layout,
            "transcript": self._transcript,
            "style": self._speak_like,
            "bake": editor.baking.bake,
            "suggest": editor.suggesting.ask,
            "accept": editor.suggesting.accept,
            "accept-half": lambda: editor.suggesting.accept(0.5),
            "ignore": editor.suggesting.ignore,
            "listen-again": editor.inference.again,
            "other-model": editor.models.compare,
            "shortcuts": lambda: ShortcutPage(window).exec(),
        }

    def _open(self) -> None:
        path = self._editor.dialogs.file_to_open()
        if path is not None:
            self._editor.opening.open(path)

    def _open_emotions(self) -> None:
        path = self._editor.dialogs.folder_to_open()
        if path is not None:
            self._editor.media.open_emotions(path)

    def _frame(self) -> None:
        if self._editor.timeline.underMouse():
            self._editor.timeline.frame_selection()
        else:
            self._editor.window.viewport.frame_face()

    def _transcript(self) -> None:
        editor = self._editor
        dialog = TranscriptDialog(editor.window, editor.session.document.transcript)
        if dialog.exec():
            editor.curves.set_transcript(dialog.transcript())
        dialog.deleteLater()

    def _speak_like(self) -> None:
        path = self._editor.dialogs.capture_to_open()
        if path is not None:
            self._editor.opening.open(path)

    def _export(self) -> None:
        editor = self._editor
        dialog = ExportDialog(editor.window, editor.exporting.suggestion(), editor.session.duration)
        if dialog.exec():
            editor.exporting.start(dialog.order())
        dialog.deleteLater()

    def _export_again(self) -> None:
        if self._editor.exporting.last is None:
            self._export()
        else:
            self._editor.exporting.start(self._editor.exporting.last)

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        for path in self._editor.preferences.recent():
            menu.addAction(path.name, partial(self._editor.projects.open, path)).setToolTip(str(path))
        menu.setToolTipsVisible(True)
        if menu.isEmpty():
            menu.addAction("Nothing yet").setEnabled(False)
