import json
import multiprocessing
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.curve import Curve, Tangent
from core.document import Document, Track
from core.errors import InputError
from core.parameters import gain, parameters
from core.project.autosave import Autosave
from core.project.project_file import (
    changed_files,
    file_ref,
    load_project,
    parse_project,
    project_json,
    save_project,
)
from core.transcript import Transcript

keys = st.lists(
    st.tuples(st.integers(0, 9999).map(lambda n: n / 60), st.floats(-2, 2)), unique_by=lambda key: key[0]
)
curves = st.builds(Curve.of, keys, st.sampled_from(list(Tangent)))
tracks = st.builds(Track, st.text(min_size=1), curves, st.booleans(), st.booleans(), st.booleans())
transcripts = st.builds(Transcript, st.text(), st.text(), st.text())
documents = st.builds(
    Document,
    transcript=st.none() | transcripts,
    model=st.text(),
    settings=st.dictionaries(st.text(), st.text()),
    fps=st.floats(1, 1000),
    intensity=curves,
    part_intensity=st.dictionaries(st.sampled_from(["jaw", "lips"]), curves),
    tracks=st.lists(tracks, max_size=3).map(tuple),
    offsets=st.dictionaries(st.text(), curves, max_size=2),
    parameters=st.dictionaries(st.sampled_from([*parameters(), gain("joy", "brows")]), curves, max_size=3),
    loop=st.none() | st.tuples(st.floats(0, 9), st.floats(9, 99)),
)


@settings(max_examples=60)
@given(documents)
def test_any_document_survives_the_file(document):
    path = Path("x.lipsync").absolute()
    assert parse_project(project_json(document, path.parent), path) == document


def test_bezier_handles_survive():
    curve = Curve.of([(0, 0), (1, 1)]).with_handles(0, (-0.1, 0.0), (0.3, 0.7))
    path = Path("x.lipsync").absolute()
    assert parse_project(project_json(Document(intensity=curve), path.parent), path).intensity == curve


def test_a_project_moves_with_its_folder(tmp_path):
    (tmp_path / "a" / "sound").mkdir(parents=True)
    (tmp_path / "a" / "sound" / "voice.wav").write_bytes(b"RIFF")
    document = Document(audio=file_ref(tmp_path / "a" / "sound" / "voice.wav"))
    save_project(document, tmp_path / "a" / "shot.lipsync")
    (tmp_path / "a").rename(tmp_path / "b")
    loaded = load_project(tmp_path / "b" / "shot.lipsync")
    assert loaded.audio.path == tmp_path / "b" / "sound" / "voice.wav"
    assert changed_files(loaded) == ()
    loaded.audio.path.write_bytes(b"another take")
    assert changed_files(loaded) == (loaded.audio.path,)


def test_a_model_of_ones_own_moves_with_the_folder_and_one_that_ships_stays_a_name(tmp_path):
    (tmp_path / "a").mkdir()
    save_project(Document(model=str(tmp_path / "a" / "mine.safetensors")), tmp_path / "a" / "shot.lipsync")
    assert '"mine.safetensors"' in (tmp_path / "a" / "shot.lipsync").read_text()
    (tmp_path / "a").rename(tmp_path / "b")
    assert load_project(tmp_path / "b" / "shot.lipsync").model == str(tmp_path / "b" / "mine.safetensors")
    save_project(Document(), tmp_path / "b" / "other.lipsync")
    assert load_project(tmp_path / "b" / "other.lipsync").model == "default"


def edited(change: dict) -> str:
    data = json.loads(project_json(Document(), Path("/")))
    return json.dumps({**data, **change})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not valid JSON"),
        ("[1, 2]", "not a project of this program"),
        ('{"format": "something else"}', "not a project of this program"),
        (edited({"version": 99}), "newer version"),
        (edited({"fps": 0}), "damaged project"),
        (edited({"fps": "fast"}), "damaged project"),
        (edited({"tracks": [{"name": "joy"}]}), "damaged project"),
        (edited({"intensity": {"default": 1, "keys": [[1, 0, "auto"], [0, 0, "auto"]]}}), "order of time"),
        (edited({"intensity": {"default": 1, "keys": [[1, 0, "curly"]]}}), "damaged project"),
        (edited({"settings": 3}), "damaged project"),
    ],
)
def test_a_bad_project_is_one_clear_sentence(text, reason, tmp_path):
    path = tmp_path / "bad.lipsync"
    path.write_text(text)
    with pytest.raises(InputError, match=reason) as caught:
        load_project(path)
    assert "bad.lipsync" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_refused_save_leaves_the_old_file(tmp_path):
    path = tmp_path / "shot.lipsync"
    save_project(Document(fps=24), path)
    with pytest.raises(InputError):
        save_project(Document(), tmp_path / "no such folder" / "shot.lipsync")
    path_as_folder = tmp_path / "folder.lipsync"
    path_as_folder.mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        save_project(Document(), path_as_folder)
    assert load_project(path).fps == 24
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder.lipsync", "shot.lipsync"]


def _edit_and_wait(folder: str) -> None:
    autosave = Autosave(Path(folder))
    autosave.write(Document(fps=48), Path("/shots/a.lipsync"))
    time.sleep(60)


def test_work_of_a_killed_editor_is_found_and_of_a_living_one_left_alone(tmp_path):
    other = multiprocessing.get_context("spawn").Process(target=_edit_and_wait, args=(str(tmp_path),))
    other.start()
    deadline = time.time() + 30
    while not list(tmp_path.glob("*.autosave")) and time.time() < deadline:
        time.sleep(0.05)
    mine = Autosave(tmp_path)
    assert mine.orphans() == []
    other.kill()
    other.join()
    (orphan,) = mine.orphans()
    assert orphan.document.fps == 48
    assert orphan.project == Path("/shots/a.lipsync")
    mine.discard(orphan)
    mine.close()
    assert list(tmp_path.iterdir()) == []


def test_a_parameter_that_is_none_is_named(tmp_path):
    path = tmp_path / "p.lipsync"
    text = project_json(Document(parameters={"life.blinks": Curve.constant(1)}), tmp_path)
    path.write_text(text.replace("life.blinks", "life.yawns"))
    with pytest.raises(InputError, match=r"unknown parameter 'life\.yawns'"):
        load_project(path)
