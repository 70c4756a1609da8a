"""The whole window, driven by real mouse and key events: what a person does, and what goes wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from assets.demo.build import TEXT
from core.document import lane_curve
from core.library import SHAPE, shape_of
from core.paths import ASSETS
from core.project.project_file import load_project
from editor.actions import ACTIONS
from editor.app import Editor
from editor.controllers.exporting import ExportOrder
from editor.views.export_dialog import ExportDialog
from editor.views.preferences import Preferences
from editor.views.second_window import SecondWindow
from editor.views.shortcut_page import shortcut_html
from editor.views.transcript_dialog import TranscriptDialog
from editor.views.value_list import ROW
from tests.qt.editor_person import Person

CLIP = ASSETS / "demo" / "demo.flac"
ROOT = Path(__file__).resolve().parents[2]
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("neutral")


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    monkeypatch.setenv("EDITABLE_LIPSYNC_CACHE", str(cache))
    editor = Editor(Preferences(tmp_path / "preferences.ini"), tmp_path / "state")
    made = Person(editor)
    editor.start(None)
    editor.window.resize(1280, 800)
    made.until(lambda: editor.session.rig is not None)
    yield made
    editor.window.may_close = lambda: True
    editor.close()
    editor.window.deleteLater()
    made.wait(0.05)


def pixels(person: Person) -> Pixels:
    """Return the face as it is on the screen."""
    view = person.editor.window.viewport

    def look() -> Pixels:
        image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return np.asarray(image.constBits()).reshape(image.height(), image.width(), 4).copy()

    person.wait(0.05)
    person.until(lambda: view.refined)
    return person.until_still(look)


def test_the_main_job(person: Person, tmp_path: Path) -> None:
    editor, session = person.editor, person.editor.session
    assert editor.window.welcome.isVisible()
    person.drop(CLIP)
    person.until_loaded()
    assert not editor.window.welcome.isVisible()

    person.press("Space")
    person.until(lambda: session.playhead > 0.3)
    person.press("Space")
    stopped = session.playhead
    person.wait(0.2)
    assert session.playhead == stopped
    assert editor.status.clock.text() == editor.playback.clock.label

    values = editor.window.emotions.values
    person.click(values, values.row_rect("joy").center().toPoint())
    for seconds, value in ((0.5, 0.2), (1.0, 1.0), (1.5, 0.4)):
        key = person.lane("joy", seconds, value)
        person.drag(editor.timeline.canvas, [key], modifiers=Qt.KeyboardModifier.ControlModifier)
    keyed = lane_curve(session.document, "joy")
    assert keyed.times == pytest.approx([0.5, 1.0, 1.5], abs=0.02)
    assert keyed.values == pytest.approx([0.2, 1.0, 0.4], abs=0.05)

    person.click(values, values.row_rect("anger").center().toPoint())
    before = session.document
    person.press("B")
    path = [person.lane("anger", *at) for at in ((2.0, 0.1), (2.5, 0.9), (3.0, 0.3))]
    person.drag(editor.timeline.canvas, path)
    painted = lane_curve(session.document, "anger")
    assert painted(2.5) == pytest.approx(0.8, abs=0.25)
    person.press("Ctrl+Z")
    assert session.document == before
    person.press("Ctrl+Shift+Z")
    assert lane_curve(session.document, "anger") == painted

    session.set_project(tmp_path / "shot.lipsync")
    assert editor.window.isWindowModified()
    person.press("Ctrl+S")
    assert not editor.window.isWindowModified()
    assert load_project(tmp_path / "shot.lipsync").tracks == session.document.tracks

    person.answer("Export")
    person.press("Ctrl+E")
    person.until((tmp_path / "shot.abc").exists)
    person.until(editor.window.message.isVisible)


def test_an_edit_reaches_the_pixels_and_undo_takes_them_back(person: Person) -> None:
    person.drop(CLIP)
    person.until_loaded()
    rest = pixels(person)
    values = person.editor.window.emotions.values
    bar = values.bar_rect("surprise")
    person.drag(values, [bar.center(), bar.center() + QPointF(bar.width(), 0)])
    assert person.editor.session.history.undo_label == "Key Surprise"
    changed = (np.abs(pixels(person).astype(int) - rest).max(axis=2) > 24).mean()
    assert changed > 0.005
    person.press("Ctrl+Z")
    assert (np.abs(pixels(person).astype(int) - rest).max(axis=2) > 24).mean() < 1e-4


def test_escape_takes_a_drag_back(person: Person) -> None:
    person.drop(CLIP)
    person.until_loaded()
    before = person.editor.session.document
    values = person.editor.window.emotions.values
    bar = values.bar_rect("joy")
    values.setFocus()
    values.drag_begun.connect(lambda _name: person.press("Esc"))
    person.drag(values, [bar.center(), bar.center() + QPointF(bar.width() / 2, 0)])
    assert person.editor.session.document == before
    assert person.editor.session.history.undo_label != "Key Joy"


def test_the_figure_changes_under_the_hand_and_the_camera_stays(person: Person) -> None:
    person.drop(CLIP)
    person.until_loaded()
    editor, values = person.editor, person.editor.window.channels.values
    viewport, before = editor.window.viewport, editor.session.rig
    middle = QPointF(viewport.rect().center())
    person.drag(viewport, [middle, middle + QPointF(90, 0)], Qt.MouseButton.LeftButton)
    seen = np.array(viewport._live.camera.GetPosition())
    bar = values.bar_rect(f"setting {SHAPE}")
    start = QPointF(bar.left() + 2, bar.center().y())
    person.drag(values, [start, start + QPointF(bar.width() / 2, 0)])
    rig = editor.session.rig
    assert before is not None and rig is not None
    assert shape_of(editor.session.document.settings) == pytest.approx(0.5, abs=0.05)
    assert np.abs(rig.mesh.vertices - before.mesh.vertices).max() > 3.0
    assert np.array_equal(viewport._live.camera.GetPosition(), seen)
    person.press("Ctrl+Z")
    assert editor.session.rig is before


def test_ambient_occlusion_darkens_hollows_only_and_can_be_switched(person: Person) -> None:
    person.drop(CLIP)
    person.until_loaded()
    plain = pixels(person).astype(int)
    person.press("7")
    assert person.editor.actions["occlusion"].isChecked()
    shaded = pixels(person).astype(int)
    darker, lighter = plain - shaded > 12, shaded - plain > 12
    assert darker.any(axis=2).mean() > 0.004
    assert lighter.any(axis=2).mean() < 0.002
    person.press("7")
    assert np.abs(pixels(person) - plain).max() == 0


def test_a_transcript_shows_its_words_and_can_be_taken_back(person: Person, tmp_path: Path) -> None:
    person.drop(CLIP)
    person.until_loaded()
    editor, session = person.editor, person.editor.session
    heard = session.neutral
    assert heard.phones
    assert not heard.words

    def fill() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, TranscriptDialog)
        dialog.language.setCurrentText("klingonese")
        dialog.text.setPlainText(TEXT)
        person.click(dialog.go)
        assert "klingonese" in dialog.problem.text()
        dialog.language.setCurrentText("en-us")

    person.answer("Use", fill)
    person.press("Ctrl+Shift+T")
    person.until(lambda: session.neutral.words)
    assert [word.text for word in session.neutral.words][:3] == ["Hello", "My", "name"]
    strip = editor.timeline.labels.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    top = np.asarray(strip.constBits()).reshape(strip.height(), strip.bytesPerLine())[: strip.height() // 2]
    assert (top > 120).mean() > 0.01
    person.press("Ctrl+Z")
    person.until(lambda: session.ready == ((0.0, session.duration),))
    assert np.array_equal(session.neutral.weights, heard.weights)

    (tmp_path / "long.txt").write_text("far too many words " * 300)
    person.drop(tmp_path / "long.txt")
    person.until(editor.window.message.isVisible)
    person.until(lambda: session.ready == ((0.0, session.duration),))
    assert np.array_equal(session.neutral.weights, heard.weights)


def test_a_capture_dropped_on_the_window_makes_the_face_speak_like_it(person: Person, tmp_path: Path) -> None:
    person.drop(CLIP)
    person.until_loaded()
    editor, session = person.editor, person.editor.session
    lips = session.neutral
    header = ",".join(
        ["Timecode", "BlendShapeCount", *(name[0].upper() + name[1:] for name in lips.channels)]
    )
    rows = [
        f"00:00:{k // 60:02d}:{k % 60:02d}.000,61," + ",".join(f"{weight:.4f}" for weight in row * 0.6)
        for k, row in enumerate(lips.weights[:500])
    ]
    (tmp_path / "mary.csv").write_text("\n".join([header, *rows]))
    before = session.document
    person.drop(tmp_path / "mary.csv")
    person.until(lambda: session.document != before)
    assert session.history.undo_label == "Speak like mary"
    assert session.document.part_intensity["jaw"].default == pytest.approx(0.6, abs=0.05)
    assert "style" in [lane.name for lane in editor.curves.lanes()]
    (tmp_path / "notes.json").write_text("{}")
    person.drop(tmp_path / "notes.json")
    person.until(editor.window.message.isVisible)
    person.press("Ctrl+Z")
    assert session.document == before


def test_a_channel_goes_where_it_is_dragged(person: Person) -> None:
    person.drop(CLIP)
    person.until_loaded()
    editor, values = person.editor, person.editor.window.channels.values
    editor.window.channels.filter.setText("brow inner")
    lane = "offset browInnerUp"
    person.until(lambda: values.bar_rect(lane).width() > 0)
    bar = values.bar_rect(lane)
    person.drag(values, [bar.center(), bar.center() + QPointF(bar.width() * 0.4, 0)])
    total = editor.session.channel_values(editor.session.playhead)["browInnerUp"]
    assert total == pytest.approx(0.4, abs=0.05)
    assert len(lane_curve(editor.session.document, lane)) == 1


def test_orbit_pan_dolly_and_frame(person: Person) -> None:
    view = person.editor.window.viewport
    middle = QPointF(view.rect().center())
    home = pixels(person)
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
        person.drag(view, [middle, middle + QPointF(60, 10)], button)
        assert (np.abs(pixels(person).astype(int) - home).max(axis=2) > 24).mean() > 0.02, button
        person.press("F")
        assert (np.abs(pixels(person).astype(int) - home).max(axis=2) > 24).mean() < 1e-3, button


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.wav", b"these are no samples"),
        ("empty.wav", b""),
        ("nan.obj", b"v 0 0 nan\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"),
        ("no faces.obj", b"v 0 0 0\nv 1 0 0\n"),
        ("newer.lipsync", b'{"format": "editable-lipsync project", "version": 99}'),
        ("readme.xyz", b"?"),
    ],
)
def test_garbage_becomes_a_message_and_the_editor_stays(
    person: Person, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    document = person.editor.session.document
    person.drop(file)
    person.until(person.editor.window.message.isVisible)
    assert name in person.editor.window.message.text.text()
    assert "\n" not in person.editor.window.message.text.text()
    assert person.editor.session.document is document
    person.drop(CLIP)  # and goes on working
    person.until(lambda: person.editor.session.duration > 0)


def test_closing_with_unsaved_work_asks_and_cancel_keeps_the_window(person: Person) -> None:
    person.editor.curves.add_lane("joy")
    person.answer("Cancel")
    person.press("Ctrl+Q")
    assert person.editor.window.isVisible()
    person.answer("Discard")
    person.press("Ctrl+Q")
    assert not person.editor.window.isVisible()


def test_looping_follows_its_tick(person: Person) -> None:
    person.drop(CLIP)
    person.until_loaded()
    person.press("Ctrl+L")
    assert person.editor.session.looping
    assert person.editor.actions["loop"].isChecked()
    person.press("Ctrl+L")
    assert not person.editor.actions["loop"].isChecked()


def test_a_shortcut_typed_into_a_field_is_text(person: Person) -> None:
    person.drop(CLIP)
    person.until_loaded()
    field = person.editor.window.channels.filter
    person.editor.window.activateWindow()
    person.until(QApplication.activeWindow)
    field.setFocus()
    for key in ("J", "Space", "L", "."):
        person.press(key)
    assert field.text().lower() == "j l."
    assert not person.editor.playback.playing


def test_the_layout_comes_back(qtbot: QtBot, tmp_path: Path) -> None:
    for number in (1, 2):
        editor = Editor(Preferences(tmp_path / "p.ini"), tmp_path / f"state{number}")
        editor.start(None)
        Person(editor).wait(0.1)
        if number == 1:
            editor.window.resize(1333, 777)
            Person(editor).wait(0.1)
        size = editor.window.size()
        editor.close()
        editor.window.deleteLater()
    assert (size.width(), size.height()) == (1333, 777)


def test_the_page_of_shortcuts_names_every_one(qtbot: QtBot) -> None:
    page = shortcut_html()
    for action in ACTIONS:
        if action.shortcuts:
            assert action.label in page


SHOWN = """
import sys, tempfile, time
began = time.perf_counter()
from pathlib import Path
from PySide6.QtWidgets import QApplication
from editor.app import Editor
from editor.views.preferences import Preferences
from editor.views.theme import apply_theme
app = QApplication([])
apply_theme(app)
folder = Path(tempfile.mkdtemp())
editor = Editor(Preferences(folder / "p.ini"), folder)
editor.start(None)
app.processEvents()
print(time.perf_counter() - began, time.process_time(), "torch" in sys.modules)
editor.close()
"""


def opened() -> tuple[str, str, str]:
    """Return seconds until the window was open, those of work, and whether PyTorch was loaded."""
    run = subprocess.run([sys.executable, "-c", SHOWN], cwd=ROOT, capture_output=True, text=True, check=True)
    wall, work, torch = run.stdout.split()[-3:]
    return wall, work, torch


def test_the_window_opens_without_pytorch() -> None:
    assert opened()[2] == "False"


@pytest.mark.bench
def test_the_window_is_there_at_once() -> None:
    wall, work, _ = zip(*(opened() for _ in range(3)), strict=True)
    print(f"window open after {min(map(float, wall)):.2f} s, {min(map(float, work)):.2f} s of work")
    assert min(map(float, work)) < 1.5


def test_a_message_takes_a_strip_at_the_top_and_more_only_for_more_text(person: Person) -> None:
    bar, view = person.editor.window.message, person.editor.window.viewport
    person.editor.session.say("short")
    person.until(lambda: bar.width() == view.width())
    short = bar.height()
    assert short <= 48
    person.editor.session.say("a much longer sentence " * 12)
    person.until(lambda: short < bar.height() < view.height() / 2)


def test_the_export_dialog_shows_numbers_and_refuses_what_cannot_be(person: Person, tmp_path: Path) -> None:
    order = ExportOrder((".abc",), tmp_path, "shot", 30.0, 0.5, 2.0)
    dialog = ExportDialog(person.editor.window, order, 4.0)
    dialog.show()
    person.wait(0.1)
    assert dialog.order() == order
    assert dialog.problem.text() == "45 frames"
    image = dialog.start.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    shown = np.asarray(image.constBits()).reshape(image.height(), image.width(), 4)
    assert (shown[6:-6, 6:-6, :3] > 150).sum() > 60, "the number can be read"
    for field, text in ((dialog.name, ""), (dialog.folder, str(tmp_path / "missing"))):
        before = field.text()
        field.setText(text)
        assert not dialog.go.isEnabled()
        field.setText(before)
    dialog.end.setValue(0.5)
    assert not dialog.go.isEnabled()
    dialog.deleteLater()


def test_the_face_in_its_own_window_follows(person: Person) -> None:
    editor = person.editor
    person.press("Ctrl+2")
    (second,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, SecondWindow) and w.isVisible())
    drawn: list[int] = []
    second.drawing.connect(lambda: drawn.append(1))
    editor.session.move_to(0.0)
    person.until(lambda: drawn)
    second.close()
    drawn.clear()
    editor.session.move_to(0.0)
    person.wait(0.1)
    assert drawn == []


def test_closing_while_it_plays_leaves_no_timer_and_no_thread(qtbot: QtBot, tmp_path: Path) -> None:
    editor = Editor(Preferences(tmp_path / "p.ini"), tmp_path / "state")
    person = Person(editor)
    editor.start(None)
    person.drop(CLIP)
    person.until(lambda: editor.session.duration > 0)
    person.press("Space")
    person.until(lambda: editor.session.playhead > 0)
    assert editor.playback.playing
    editor.window.may_close = lambda: True
    editor.close()
    assert [timer for timer in editor.window.findChildren(QTimer) if timer.isActive()] == []
    person.wait(0.2)
    assert [timer for timer in editor.window.findChildren(QTimer) if timer.isActive()] == []
    assert editor.tasks.shown() is None
    assert not list((tmp_path / "state" / "autosave").iterdir())
    editor.window.deleteLater()


def test_emotions_intensities_and_channels_are_read_without_scrolling_or_guessing(
    person: Person,
) -> None:
    window = person.editor.window
    window.resize(1440, 900)
    person.wait(0.05)
    for values in (window.emotions.values, window.speech.values):
        assert values.visibleRegion().boundingRect().height() >= values.height() - 6
    channels = window.channels.values
    label = channels.bar_rect("offset eyeLookDownRight").left() - 34
    assert QFontMetrics(channels.font()).horizontalAdvance("eyeLookDownRight") <= label


def test_a_note_leaves_what_runs_in_sight(person: Person) -> None:
    status = person.editor.status
    person.editor.session.note("Saved shot.lipsync")
    assert status.note.isVisible()
    assert status.note.text() == "Saved shot.lipsync"
    assert status.work.isVisible()


def test_the_export_dialog_tells_what_it_replaces(person: Person, tmp_path: Path) -> None:
    (tmp_path / "shot.abc").touch()
    dialog = ExportDialog(person.editor.window, ExportOrder((".abc",), tmp_path, "shot", 30.0, 0.0, 2.0), 4.0)
    assert dialog.problem.text() == "60 frames; replaces shot.abc"
    dialog.name.setText("other")
    assert dialog.problem.text() == "60 frames"
    dialog.deleteLater()


def test_values_are_reached_and_typed_without_a_mouse(person: Person) -> None:
    person.drop(CLIP)
    person.until_loaded()
    editor, session = person.editor, person.editor.session
    emotions = editor.window.emotions
    emotions.blend.setFocus()
    person.press("Tab")
    assert emotions.values.hasFocus()
    for keys in ("Down", "Down", "Up", "Return"):
        person.press(keys)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    field.setText("0.7")
    person.press("Return")
    assert session.history.undo_label == "Key Sadness"
    assert session.document.track("sadness").curve(0.0) == pytest.approx(0.7)
    assert emotions.values.hasFocus()

    channels = editor.window.channels
    channels.filter.setFocus()
    person.press("Tab")
    for _ in range(40):
        person.press("Down")
    assert channels.values.visibleRegion().contains(QPoint(20, 40 * ROW + ROW // 2))
