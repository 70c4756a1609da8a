"""The command line, as a person or another program uses it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assets.demo.build import TEXT
from core.curve import Curve
from core.document import Document, Track
from core.project.project_file import file_ref, save_project
from main import main

ROOT = Path(__file__).resolve().parents[1]
CLIP = ROOT / "assets" / "demo" / "demo.flac"


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("EDITABLE_LIPSYNC_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def voice(tmp_path):
    """Return the first two seconds of the demo clip."""
    samples, rate = soundfile.read(CLIP, frames=64_000)
    soundfile.write(tmp_path / "voice.wav", samples, rate)
    return tmp_path / "voice.wav"


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def read(path):
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def run(*words):
    return main([str(word) for word in words])


def test_a_recording_becomes_a_speaking_head(voice, out):
    assert run("export", voice, "-o", out / "a.npz", "-o", out / "a.abc", "-o", f"{out}/frames/") == 0
    data = read(out / "a.npz")
    assert data["vertices"].shape[0] == 60 and data["fps"] == 30
    assert len(list((out / "frames").iterdir())) == 60
    jaw = data["weights"][:, data["channels"].tolist().index("jawOpen")]
    assert jaw.max() > 0.1  # it speaks
    assert jaw[:5].max() < 0.05  # and is silent before


def test_span_and_rate(voice, out):
    assert run("export", voice, "-o", out / "whole.npz", "--fps", 50) == 0
    assert run("export", voice, "-o", out / "part.npz", "--fps", 50, "--start", 0.5, "--end", 1) == 0
    whole, part = read(out / "whole.npz"), read(out / "part.npz")
    assert part["times"] == pytest.approx(0.5 + np.arange(25) / 50)
    assert np.abs(part["vertices"] - whole["vertices"][25:50]).max() < 1e-4
    assert run("export", voice, "-o", out / "long.npz", "--start", 1.9, "--end", 99) == 0
    assert len(read(out / "long.npz")["times"]) == 3


def test_emotion_and_intensity_by_number_and_by_curve(voice, out, tmp_path):
    (tmp_path / "rise.json").write_text('{"keys": [[0, 0], [2, 1]], "interpolation": "linear"}')
    (tmp_path / "rise.csv").write_text("seconds,value\n0,0\n2,1\n")
    free = ("--set", "emotion.protect=0")
    for name, words in {
        "plain": (),
        "half": ("--emotion", "joy=0.5"),
        "rise": ("--emotion", f"joy={tmp_path / 'rise.json'}", *free),
        "csv": ("--emotion", f"joy={tmp_path / 'rise.csv'}", *free),
        "mute": ("--intensity", 0),
    }.items():
        assert run("export", voice, "-o", out / f"{name}.npz", *words) == 0
    data = {file.stem: read(file)["weights"] for file in out.iterdir()}
    times = read(out / "plain.npz")["times"]
    joy = 2 * (data["half"] - data["plain"])
    assert np.abs(joy).max() > 0.3
    assert np.abs(data["rise"] - data["plain"] - joy * times[:, None] / 2).max() < 1e-5
    smooth = Curve.of([(0, 0), (2, 1)])(times)  # a .csv has automatic tangents
    assert np.abs(data["csv"] - data["plain"] - joy * smooth[:, None]).max() < 1e-5
    assert np.abs(data["mute"]).max() == 0


def test_a_project_gives_what_its_parts_give_and_options_add_to_it(voice, out, tmp_path):
    document = Document(audio=file_ref(voice), fps=25.0, tracks=(Track("joy", Curve.constant(0.7)),))
    save_project(document, tmp_path / "shot.lipsync")
    assert run("export", tmp_path / "shot.lipsync", "-o", out / "project.npz") == 0
    assert run("export", voice, "--fps", 25, "--emotion", "joy=0.7", "-o", out / "parts.npz") == 0
    assert run("export", tmp_path / "shot.lipsync", "--emotion", "joy=0", "-o", out / "none.npz") == 0
    assert run("export", voice, "--fps", 25, "-o", out / "plain.npz") == 0
    data = {file.stem: read(file)["vertices"] for file in out.iterdir()}
    assert np.array_equal(data["project"], data["parts"])
    assert np.array_equal(data["none"], data["plain"])
    assert not np.array_equal(data["project"], data["plain"])


def test_several_inputs_are_told_apart_by_name(voice, out, tmp_path, capsys):
    (tmp_path / "second.wav").write_bytes(voice.read_bytes())
    both = (voice, tmp_path / "second.wav")
    assert run("export", *both, "-o", f"{out}/{{name}}.npz", "-o", f"{out}/{{name}}_obj/", "--end", 0.1) == 0
    assert {file.name for file in out.iterdir()} == {"voice.npz", "second.npz", "voice_obj", "second_obj"}
    capsys.readouterr()
    assert run("export", *both, "-o", out / "one.npz") == 2
    assert "{name}" in capsys.readouterr().err
    assert not (out / "one.npz").exists()


def test_the_same_words_give_the_same_bytes(voice, out):
    for name in ("a", "b"):
        assert run("export", voice, "-o", out / f"{name}.npz", "--end", 0.5, "--seed", 7) == 0
    assert (out / "a.npz").read_bytes() == (out / "b.npz").read_bytes()


def broken_inputs(folder: Path) -> dict[str, list[str]]:
    """Return what a person may get wrong: the words, of which the first is the one to be named."""
    text, empty, cut = folder / "text.wav", folder / "empty.wav", folder / "cut.wav"
    text.write_text("this is no sound\n" * 50)
    empty.write_bytes(b"")
    soundfile.write(folder / "whole.wav", np.zeros(16_000), 16_000)
    cut.write_bytes((folder / "whole.wav").read_bytes()[:9_000])
    bad_number = folder / "nan.obj"
    bad_number.write_text("v 0 0 0\nv 1 nan 0\nv 0 1 0\nf 1 2 3\n")
    no_faces = folder / "points.obj"
    no_faces.write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\n")
    save_project(Document(audio=file_ref(CLIP)), folder / "newer.lipsync")
    newer = json.loads((folder / "newer.lipsync").read_text())
    (folder / "newer.lipsync").write_text(json.dumps({**newer, "version": 99}))
    (folder / "bad.lipsync").write_text("{")
    save_project(Document(), folder / "silent.lipsync")
    save_project(Document(audio=file_ref(folder / "gone.wav")), folder / "lost.lipsync")
    (folder / "curve.json").write_text('{"keys": [[0, 2]]}')
    (folder / "emotions").mkdir()
    (folder / "long.txt").write_text("far too many words " * 300)
    clip, keep = str(CLIP), "{out}/a.npz"
    return {
        "text": [str(text), str(text), "-o", keep],
        "empty": [str(empty), str(empty), "-o", keep],
        "truncated": [str(cut), str(cut), "-o", keep],
        "missing": ["gone.wav", "gone.wav", "-o", keep],
        "folder": [str(folder / "emotions"), str(folder / "emotions"), "-o", keep],
        "newer": ["newer.lipsync", str(folder / "newer.lipsync"), "-o", keep],
        "damaged": ["bad.lipsync", str(folder / "bad.lipsync"), "-o", keep],
        "no recording": ["silent.lipsync", str(folder / "silent.lipsync"), "-o", keep],
        "lost recording": ["gone.wav", str(folder / "lost.lipsync"), "-o", keep],
        "mesh with NaN": ["nan.obj", clip, "--template", str(bad_number), "-o", keep],
        "mesh without faces": ["points.obj", clip, "--template", str(no_faces), "-o", keep],
        "missing mesh": ["gone.obj", clip, "--template", "gone.obj", "-o", keep],
        "empty emotions": ["emotions", clip, "--emotions", str(folder / "emotions"), "-o", keep],
        "unknown emotion": ["bliss", clip, "--emotion", "bliss=1", "-o", keep],
        "emotion without value": ["joy", clip, "--emotion", "joy", "-o", keep],
        "emotion out of range": ["joy", clip, "--emotion", "joy=50", "-o", keep],
        "emotion that is no number": ["joy", clip, "--emotion", "joy=nan", "-o", keep],
        "curve out of range": ["curve.json", clip, "--emotion", f"joy={folder / 'curve.json'}", "-o", keep],
        "missing curve": ["gone.json", clip, "--intensity", "gone.json", "-o", keep],
        "missing transcript": ["gone.txt", clip, "--transcript", "gone.txt", "-o", keep],
        "transcript that is no text": ["empty.wav", clip, "--transcript", str(empty), "-o", keep],
        "unknown language": ["xx", clip, "--transcript", str(text), "--language", "xx", "-o", keep],
        "language of nothing": ["--language", clip, "--language", "de", "-o", keep],
        "transcript too long": ["transcript", clip, "--transcript", str(folder / "long.txt"), "-o", keep],
        "style out of range": ["--style", clip, "--style", "2", "-o", keep],
        "style that is none": ["curve.json", clip, "--style", str(folder / "curve.json"), "-o", keep],
        "unknown model": ["ghost", clip, "--model", "ghost", "-o", keep],
        "unknown setting": ["speech.mood", clip, "--set", "speech.mood=good", "-o", keep],
        "wrong setting": ["speech.rest", clip, "--set", "speech.rest=ajar", "-o", keep],
        "parameter out of range": ["life.blinks", clip, "--set", "life.blinks=7", "-o", keep],
        "parameter that is no number": ["emotion.limit", clip, "--set", "emotion.limit=much", "-o", keep],
        "seed that changes": ["life.seed", clip, "--set", f"life.seed={folder / 'curve.json'}", "-o", keep],
        "gain of nothing": ["track.joy.ears", clip, "--set", "track.joy.ears=1", "-o", keep],
        "missing preset": ["gone.yaml", clip, "--preset", "gone.yaml", "-o", keep],
        "preset that is none": ["curve.json", clip, "--preset", str(folder / "curve.json"), "-o", keep],
        "no frames": ["--start", clip, "--start", "99", "-o", keep],
        "frame rate": ["--fps", clip, "--fps", "0", "-o", keep],
        "infinite": ["--end", clip, "--end", "inf", "-o", keep],
        "unknown format": ["a.fbx", clip, "-o", "{out}/a.fbx"],
        "missing folder": ["none/a.npz", clip, "-o", "{out}/none/a.npz"],
        "second output": ["a.fbx", clip, "-o", keep, "-o", "{out}/a.fbx"],
        "twice": ["a.npz", clip, "-o", keep, "-o", keep],
        "no output": ["-o", clip],
    }


def test_every_mistake_is_one_line_that_names_it_and_leaves_no_file(tmp_path, out, capsys, monkeypatch):
    for mistake, (named, *words) in broken_inputs(tmp_path).items():
        try:
            code = run("export", *(word.replace("{out}", str(out)) for word in words))
        except SystemExit as leave:
            code = leave.code
        said = capsys.readouterr().err
        assert code == 2, mistake
        assert len(said.splitlines()) == 1 and named in said, f"{mistake}: {said}"
        assert "Traceback" not in said
        assert list(out.iterdir()) == [], mistake


def test_a_transcript_closes_the_lips_where_it_says_so(out, tmp_path, capsys):
    (tmp_path / "said.txt").write_text(TEXT)
    assert run("export", CLIP, "--transcript", tmp_path / "said.txt", "-o", out / "told.npz") == 0
    assert run("export", CLIP, "-o", out / "heard.npz") == 0
    assert "warning" not in capsys.readouterr().err
    told, heard = (np.load(out / f"{name}.npz")["lip_gap"] for name in ("told", "heard"))
    assert np.corrcoef(told, heard)[0, 1] > 0.8
    assert (told < 0.5).sum() > (heard < 0.5).sum()


def test_a_transcript_of_something_else_is_warned_of(out, tmp_path, capsys):
    (tmp_path / "other.txt").write_text("Although the Chinese took impressions from wood blocks.")
    assert run("export", CLIP, "--transcript", tmp_path / "other.txt", "-o", out / "a.npz") == 0
    assert "does not seem to fit" in capsys.readouterr().err


def test_a_style_learnt_from_a_capture_is_spoken_in(out, tmp_path, capsys, shared_data):
    capture = shared_data / "livelink" / "Fearful.csv"
    style = tmp_path / "actor.json"
    assert run("style", capture, CLIP, "-o", style) == 0
    assert capsys.readouterr().out.startswith(f"{style}: style ")
    assert run("export", CLIP, "--style", style, "-o", out / "like.npz") == 0
    assert run("export", CLIP, "-o", out / "plain.npz") == 0
    like, plain = (np.load(out / f"{name}.npz")["lip_gap"] for name in ("like", "plain"))
    assert np.corrcoef(like, plain)[0, 1] > 0.8
    assert abs(like.std() / plain.std() - 1) > 0.05
    assert run("style", capture, tmp_path / "gone.wav", "-o", tmp_path / "no.json") == 2
    assert not (tmp_path / "no.json").exists()


def test_a_mesh_with_something_unknown_is_no_reason_to_listen_first(tmp_path, out, monkeypatch):
    # An hour-long recording must not be listened to before the mistake is found.
    monkeypatch.setattr("editor.commands.staging.infer", lambda *_: pytest.fail("listened"))
    assert run("export", CLIP, "--emotion", "bliss=1", "-o", out / "a.npz") == 2


def test_models_are_listed(capsys):
    assert run("models") == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split()[0] == "name"
    assert any(row.startswith("default ") and "arkit" in row for row in rows)


def test_an_unknown_word_is_neither_command_nor_file(capsys):
    assert run("exprot") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_editor_needs_a_display(capsys, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert run() == 2
    assert "display" in capsys.readouterr().err


def test_help_is_quick_for_nothing_heavy_is_imported():
    script = (
        "import sys, main; main.main(['--help']);"
        "print([m for m in ('numpy', 'torch', 'vtkmodules', 'PySide6', 'av') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "[]"
    for command in ("export", "demo", "models"):
        assert command in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_export_leaves_nothing(tmp_path, out, number):
    samples, rate = soundfile.read(CLIP)
    soundfile.write(tmp_path / "long.wav", np.tile(samples, 12), rate)
    command = [sys.executable, "main.py", "export", tmp_path / "long.wav", "-o", f"{out}/frames/"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ) as child:
        deadline = time.monotonic() + 60
        while not any(out.rglob("*.obj")) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert any(out.rglob("*.obj"))
        child.send_signal(number)
        said = child.communicate(timeout=30)[1]
    assert child.returncode == 130
    assert said.strip().endswith("main.py: stopped")
    assert list(out.iterdir()) == []


@pytest.mark.slow
def test_the_demo_makes_all_its_files_without_a_display(tmp_path):
    import av

    without = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    command = [sys.executable, "main.py", "demo", "--out", str(tmp_path / "new" / "demo")]
    subprocess.run(command, cwd=ROOT, env=without, check=True)
    folder = tmp_path / "new" / "demo"
    expected = {"demo.abc", "demo_obj", "demo.mp4", "demo.png", "demo_strip.png", "demo.lipsync"}
    assert {file.name for file in folder.iterdir()} == expected
    frames = len(list((folder / "demo_obj").iterdir()))
    assert frames == np.ceil(soundfile.info(CLIP).duration * 30)
    with av.open(str(folder / "demo.mp4")) as film:
        assert film.streams.video[0].frames == frames
        assert film.streams.audio[0].codec_context.name == "aac"
    assert run("export", folder / "demo.lipsync", "-o", folder / "again.npz", "--end", "0.2") == 0


def test_parameters_are_set_by_numbers_curves_and_presets(out, tmp_path):
    (tmp_path / "curve.json").write_text('{"keys": [[0, 0], [4, 0], [5, 1]]}')
    (tmp_path / "claire.yaml").write_text(
        "face_params: {tongueStrength: 0.5}\nweight_offsets: {CheekPuff: 0.3}"
    )
    words = ("export", CLIP, "--emotion", "joy=1", "--end", "6", "-o")
    assert run(*words, out / "plain.npz") == 0
    tuned = ("--set", f"track.joy.brows={tmp_path / 'curve.json'}", "--preset", tmp_path / "claire.yaml")
    assert run(*words, out / "tuned.npz", *tuned) == 0
    plain, tuned = (np.load(out / f"{name}.npz", allow_pickle=False) for name in ("plain", "tuned"))

    def of(take, channel):
        return take["weights"][:, take["channels"].tolist().index(channel)]

    assert of(tuned, "browOuterUpLeft")[:120] == pytest.approx(0)
    assert of(tuned, "browOuterUpLeft")[-1] == pytest.approx(of(plain, "browOuterUpLeft")[-1], abs=1e-6)
    assert of(tuned, "tongueUp") == pytest.approx(0.5 * of(plain, "tongueUp"), abs=1e-6)
    assert of(tuned, "cheekPuff") == pytest.approx(of(plain, "cheekPuff") + 0.3, abs=1e-6)
