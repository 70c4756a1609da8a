"""A first shot, from an empty editor to an export, driven as a person would and photographed at each step.

``python -m tests.journey`` (or ``make screenshots``) writes docs/pictures/editor*. The program is the
real one; in the middle it is killed with signal 9 and opened again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QDockWidget

from assets.demo.build import TEXT
from core.paths import ASSETS
from editor.app import Editor
from editor.views.export_dialog import ExportDialog
from editor.views.preferences import Preferences
from editor.views.theme import apply_theme
from tests.qt.editor_person import Person

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
CLIP = ASSETS / "demo" / "demo.flac"
WINDOW = (1440, 900)
NETWORK = "voca-rnn.safetensors"


class Journey:
    """One run of the program.

    Parameters
    ----------
    folder : Path
        Where the program keeps its state, and where it exports to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        app = QApplication([])
        apply_theme(app)
        self.editor = Editor(Preferences(folder / "preferences.ini"), folder)
        self.person = Person(self.editor)

    def picture(self, name: str) -> None:
        """Photograph a step."""
        self.person.shoot(PICTURES / f"editor-{name}.jpg")

    def first(self) -> None:
        """Open, play, key, paint, undo, redo, save, paint on, and die."""
        person, editor = self.person, self.editor
        editor.start(None)
        editor.window.resize(*WINDOW)
        person.until(lambda: editor.session.rig is not None)
        self.picture("01-welcome")
        person.drop(CLIP)
        person.until_loaded()
        self._play()
        self._tell()
        self._key_and_paint()
        self._save()
        self._paint("anger", [(4.6, 0.0), (5.0, 0.9), (5.4, 0.8), (5.8, 0.0)])
        person.wait(3.0)  # the autosave follows a moment of rest
        os.kill(os.getpid(), signal.SIGKILL)

    def second(self) -> None:
        """Recover, look around, drop garbage, export."""
        person, editor = self.person, self.editor
        person.answer("Recover", lambda: self.picture("07-recover"))
        editor.start(None)
        editor.window.resize(*WINDOW)
        person.until_loaded()
        assert editor.session.document.track("anger").curve.times.size, "the work of the killed run is back"
        self._look_around()
        self._garbage()
        self._network()
        self._export()
        editor.window.may_close = lambda: True
        editor.close()

    # ---- steps

    def _play(self) -> None:
        person, session = self.person, self.editor.session
        person.press("Space")
        person.until(lambda: session.playhead > 1.3)
        self.picture("02-playing")
        person.press("Space")

    def _tell(self) -> None:
        person, editor = self.person, self.editor
        text = self.folder / "said.txt"
        text.write_text(TEXT)
        person.drop(text)
        person.until(lambda: editor.session.neutral.words)
        axis = editor.timeline.state.axis
        editor.timeline.state.set_axis(axis.framed(1.2, 4.2))
        editor.playback.go(2.8)
        self.picture("14-words")
        editor.timeline.state.set_axis(axis)

    def _key_and_paint(self) -> None:
        person, editor = self.person, self.editor
        values = editor.window.emotions.values
        person.click(values, values.row_rect("joy").center().toPoint())
        for seconds, value in ((0.4, 0.0), (1.4, 0.9), (2.9, 0.6)):
            place = person.lane("joy", seconds, value)
            person.drag(editor.timeline.canvas, [place], modifiers=Qt.KeyboardModifier.ControlModifier)
        editor.playback.go(1.4)
        self.picture("03-keys")
        self._paint("sadness", [(3.0, 0.0), (3.4, 0.7), (4.0, 0.95), (4.4, 0.3)])
        editor.playback.go(3.9)
        self.picture("04-painted")
        self._tune()
        person.press("Ctrl+Z")
        self.picture("05-undone")
        person.press("Ctrl+Shift+Z")
        editor.playback.go(2.7)
        person.shoot(PICTURES / "editor.png")

    def _tune(self) -> None:
        person, editor = self.person, self.editor
        docks = {dock.objectName(): dock for dock in editor.window.findChildren(QDockWidget)}
        docks["Tune"].raise_()
        person.wait(0.2)
        self.picture("15-tune")
        docks["Channels"].raise_()
        person.press("Ctrl+G")
        person.until(lambda: editor.session.suggestions)
        person.wait(0.3)
        self.picture("16-suggested")
        person.press("Ctrl+Shift+G")
        editor.window.message.hide()

    def _paint(self, emotion: str, path: list[tuple[float, float]]) -> None:
        person, editor = self.person, self.editor
        values = editor.window.emotions.values
        person.click(values, values.row_rect(emotion).center().toPoint())
        person.press("B")
        person.drag(editor.timeline.canvas, [person.lane(emotion, *point) for point in path])
        person.press("V")

    def _save(self) -> None:
        self.editor.session.set_project(self.folder / "first shot.lipsync")
        self.person.press("Ctrl+S")
        self.picture("06-saved")

    def _look_around(self) -> None:
        person, editor = self.person, self.editor
        view = editor.window.viewport
        middle = QPointF(view.rect().center())
        editor.playback.go(5.2)
        person.drag(view, [middle, middle + QPointF(90, 18)])
        person.press("5")
        self.picture("08-clay")
        person.press("4")
        self.picture("09-wireframe")
        person.press("6")
        person.press("F")

    def _garbage(self) -> None:
        text = self.folder / "notes.wav"
        text.write_text("these are no samples")
        self.person.drop(text)
        self.person.until(self.editor.window.message.isVisible)
        self.picture("10-garbage")
        self.editor.window.message.hide()

    def _network(self) -> None:
        person, editor = self.person, self.editor
        lips = editor.session.neutral
        person.drop(self.folder / NETWORK)
        person.until(lambda: editor.session.is_ready and editor.session.neutral is not lips)
        self.picture("17-network")
        person.press("Ctrl+Z")
        person.until(lambda: editor.session.is_ready)

    def _export(self) -> None:
        person, editor = self.person, self.editor

        def fill() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, ExportDialog)
            dialog.folder.setText("~")
            for suffix in (".obj", ".mp4"):
                person.click(dialog.formats[suffix], dialog.formats[suffix].rect().center() * 0.2)
            self.picture("11-export")

        person.answer("Export", fill)
        person.press("Ctrl+E")
        person.until(lambda: editor.tasks.busy("export"))
        person.wait(0.5)
        self.picture("12-exporting")
        person.until((self.folder / "first shot.mp4").exists, 300)
        person.wait(0.3)
        self.picture("13-exported")


def _train(folder: Path, environment: Mapping[str, str]) -> None:
    """Train a network of the toolbox for a minute, as a researcher would."""
    takes, network = str(folder / "takes"), str(folder / NETWORK)
    for words in (
        ("synthesize", takes, "--layout", "vocaset", "--lines", "24"),
        ("train", "voca-rnn", takes, "-o", network, "steps=150", "style=true"),
    ):
        subprocess.run([sys.executable, "main.py", *words], cwd=ROOT, check=True, env=environment)


def main() -> None:
    """Train a network, and run both acts; the first one dies."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        # A home of its own, so that the pictures show no folder of this machine.
        environment = {**os.environ, "HOME": folder}
        _train(Path(folder), environment)
        for act in ("first", "second"):
            command = [sys.executable, "-m", "tests.journey", act, folder]
            done = subprocess.run(command, cwd=ROOT, check=False, env=environment)
            expected = -signal.SIGKILL if act == "first" else 0
            if done.returncode != expected:
                sys.exit(f"the {act} act ended with {done.returncode}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        getattr(Journey(Path(sys.argv[2])), sys.argv[1])()
    else:
        main()
