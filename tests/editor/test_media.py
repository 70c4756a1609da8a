"""Recording, head and emotions: loaded when the document names them, whoever changed it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.library import default_rig
from core.meshes.obj_writer import obj_text_positions, obj_text_topology
from core.rig_file import save_rig
from editor.controllers.media import Media
from editor.controllers.models import Models
from editor.controllers.opening import Kind, Opening, kind_of
from editor.controllers.projects import Projects
from editor.session import Session
from tests.editor_factories import RATE, AtOnce, Script, messages, tone
from tests.factories import mouth_rig


class Desk:
    """An empty session that loads files."""

    def __init__(self, folder: Path) -> None:
        from core.project.autosave import Autosave

        self.session, self.jobs = Session({}), AtOnce()
        self.media = Media(self.session, self.jobs)
        self.media.start()
        autosave = Autosave(folder / "autosave")
        projects = Projects(self.session, self.jobs, Script(), autosave, lambda _path: None)
        self.opening = Opening(
            self.session, projects, self.media, Models(self.session, self.jobs, lambda: None)
        )
        self.said = messages(self.session)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def sound(folder: Path, seconds: float) -> Path:
    path = folder / f"voice{seconds:g}.wav"
    soundfile.write(path, tone(seconds).samples.T, RATE)
    return path


def head(folder: Path, columns: int) -> Path:
    path = folder / f"head{columns}.npz"
    save_rig(mouth_rig(columns), path)
    return path


def shapes(folder: Path, columns: int) -> Path:
    mesh, place = mouth_rig(columns).mesh, folder / f"emotions{columns}"
    place.mkdir()
    for name, raised in (("neutral", 0.0), ("happy", 4.0)):
        moved = mesh.vertices + np.array([0, raised, 0], np.float32)
        (place / f"{name}.obj").write_text(_text(obj_text_positions(moved)) + _text(obj_text_topology(mesh)))
    return place


def _text(content: str | bytes) -> str:
    return content.decode() if isinstance(content, bytes) else content


def test_a_recording_is_opened_with_its_peaks_and_undo_closes_it(desk: Desk, tmp_path: Path) -> None:
    desk.opening.open(sound(tmp_path, 1.5))
    assert desk.session.duration == pytest.approx(1.5)
    assert desk.session.peaks is not None
    desk.session.history.undo()
    assert desk.session.audio is None
    desk.session.history.redo()
    assert desk.session.duration == pytest.approx(1.5)
    assert len([job for job in desk.jobs.started if job.slot == "recording"]) == 1  # it was at hand


def test_undo_returns_to_the_recording_before(desk: Desk, tmp_path: Path) -> None:
    for seconds in (1.0, 2.0):
        desk.opening.open(sound(tmp_path, seconds))
    desk.session.history.undo()
    assert desk.session.duration == pytest.approx(1.0)


@pytest.mark.parametrize(
    "name", ["text.wav", "text.obj", "text.npz", "text.lipsync", "text.xyz", "missing.wav", ""]
)
def test_garbage_is_told_and_changes_nothing(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.opening.open(sound(tmp_path, 1.0))
    place = tmp_path / "garbage"
    place.mkdir()
    path = place / name
    if name.startswith("text"):
        path.write_text("not what the name says")
    document, audio, rig = desk.session.document, desk.session.audio, desk.session.rig
    desk.opening.open(path)
    assert (desk.session.document, desk.session.audio, desk.session.rig) == (document, audio, rig)
    told = desk.said + [str(error) for error in desk.jobs.errors]
    assert len(told) == 1
    assert path.name in told[0]


def test_another_head_and_back(desk: Desk, tmp_path: Path) -> None:
    assert desk.session.rig is default_rig()
    desk.opening.open(head(tmp_path, 11))
    assert desk.session.rig is not None
    assert len(desk.session.rig.mesh.vertices) == 66
    desk.media.use_default_head()
    assert desk.session.rig is default_rig()
    desk.session.history.undo()
    assert len(desk.session.rig.mesh.vertices) == 66


def test_the_setting_of_the_default_head_is_followed_and_undone(desk: Desk, tmp_path: Path) -> None:
    desk.session.history.apply("Shape", lambda d: d.with_setting("head.shape", "1"))
    assert desk.session.rig is default_rig(1.0)
    desk.opening.open(head(tmp_path, 11))
    desk.session.history.apply("Shape", lambda d: d.with_setting("head.shape", "0.5"))
    assert len(desk.session.rig.mesh.vertices) == 66
    desk.media.use_default_head()
    assert desk.session.rig is default_rig(0.5)
    for _ in range(4):
        desk.session.history.undo()
    assert desk.session.rig is default_rig(0.0)
    desk.session.history.apply("Shape", lambda d: d.with_setting("head.shape", "old"))
    assert desk.session.rig is default_rig(0.0)
    assert any("head.shape" in said for said in desk.said)


def test_a_head_whose_texture_is_missing_is_shown_and_its_texture_named(desk: Desk, tmp_path: Path) -> None:
    rig = mouth_rig(11)
    mesh = replace(rig.mesh, uvs=np.zeros((1, 2), np.float32), face_uvs=0 * rig.mesh.face_vertices)
    (tmp_path / "head.mtl").write_text("newmtl skin\nmap_Kd skin.png\n")
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, shape in (("neutral", 0 * rig.basis[0]), ("jawOpen", rig.basis[rig.channels.index("jawOpen")])):
        text = _text(obj_text_positions(mesh.vertices + shape)) + _text(obj_text_topology(mesh))
        (folder / f"{name}.obj").write_text("mtllib ../head.mtl\n" + text)
    desk.media.open_template(folder)
    assert desk.session.rig is not None
    assert len(desk.session.rig.mesh.vertices) == 66
    assert desk.said == ["skin.png is missing or cannot be read; the head is shown without it."]


def test_emotions_of_a_folder_fit_their_head_and_only_it(desk: Desk, tmp_path: Path) -> None:
    desk.opening.open(head(tmp_path, 9))
    desk.opening.open(shapes(tmp_path, 9))
    assert np.ptp(desk.session.shapes["happy"], axis=0).max() < 1e-4
    assert desk.session.shapes["happy"][0] == pytest.approx([0, 4, 0], abs=1e-4)
    assert desk.session.emotions == ("happy",)
    desk.opening.open(head(tmp_path, 11))  # another head: the folder does not fit it
    assert desk.session.shapes == {}
    assert len(desk.said) == 1 and "54 vertices" in desk.said[0]
    desk.session.history.undo()
    assert "happy" in desk.session.shapes


def test_a_folder_that_does_not_fit_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.opening.open(head(tmp_path, 9))
    before = desk.session.document
    desk.opening.open(shapes(tmp_path, 11))
    assert desk.session.document is before
    assert len(desk.jobs.errors) == 1


def test_a_project_whose_recording_is_gone_opens_without_it(desk: Desk, tmp_path: Path) -> None:
    from dataclasses import replace

    from core.document import Document
    from core.project.project_file import file_ref, save_project

    voice = sound(tmp_path, 1.0)
    save_project(Document(audio=file_ref(voice), fps=24.0), tmp_path / "p.lipsync")
    voice.unlink()
    desk.opening.open(tmp_path / "p.lipsync")
    assert desk.session.document.fps == 24.0
    assert desk.session.audio is None
    assert any(voice.name in text and "no such file" in text for text in desk.said)
    assert replace(desk.session.document, audio=None).audio is None


def test_the_newest_of_two_recordings_wins(desk: Desk, tmp_path: Path) -> None:
    desk.jobs.hold()
    for seconds in (1.0, 2.0):
        desk.opening.open(sound(tmp_path, seconds))
    desk.jobs.release()
    assert desk.session.duration == pytest.approx(2.0)
    assert desk.session.history.undo_label == "Open voice2.wav"


def test_a_drop_of_several_files_opens_the_project_first(desk: Desk, tmp_path: Path) -> None:
    from core.document import Document
    from core.project.project_file import save_project

    save_project(Document(fps=50.0), tmp_path / "z.lipsync")
    desk.opening.drop([sound(tmp_path, 1.0), tmp_path / "z.lipsync"])
    assert desk.session.document.fps == 50.0
    assert desk.session.duration == pytest.approx(1.0)


def test_kinds_are_told_by_name(tmp_path: Path) -> None:
    for name, kind in (
        ("a.WAV", Kind.AUDIO), ("a.mp3", Kind.AUDIO), ("a.glb", Kind.TEMPLATE), ("a.npz", Kind.TEMPLATE),
        ("a.lipsync", Kind.PROJECT),
    ):  # fmt: skip
        (tmp_path / name).touch()
        assert kind_of(tmp_path / name) is kind
    channels = tmp_path / "channels"
    channels.mkdir()
    for stem in ("neutral", "jawOpen", "mouthSmileLeft"):
        (channels / f"{stem}.obj").touch()
    assert kind_of(channels) is Kind.TEMPLATE
    beside = tmp_path / "beside"
    (beside / "shapes").mkdir(parents=True)
    (beside / "generic_neutral_mesh.obj").touch()
    (beside / "shapes" / "jawOpen.obj").touch()
    assert kind_of(beside) is Kind.TEMPLATE
    assert kind_of(shapes(tmp_path, 9)) is Kind.EMOTIONS


def test_a_preset_is_one_entry_and_says_what_it_left_out(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mark.yaml").write_text("a2f: {lowerFaceStrength: 1.4, faceMaskLevel: 0.6}")
    assert kind_of(tmp_path / "mark.yaml") is Kind.PRESET
    desk.opening.open(tmp_path / "mark.yaml")
    assert desk.session.document.number("a2f.lowerFaceStrength") == 1.4
    assert desk.session.history.undo_label == "Use mark.yaml"
    assert "faceMaskLevel" in desk.said[-1]
    (tmp_path / "mark.json").write_text('{"lowerFaceStrength": 1.1}')
    desk.opening.open(tmp_path / "mark.json")
    assert desk.session.document.number("a2f.lowerFaceStrength") == 1.1
    (tmp_path / "none.yml").write_text("colour: red")
    desk.opening.open(tmp_path / "none.yml")
    assert "names no parameter" in desk.said[-1]
