"""Training on a small corpus: it learns, resumes bit for bit after a kill, and bad data is one sentence."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from core.audio import load_audio
from core.channels import CHANNELS
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.paths import DEMO_CLIP
from main import main
from models.toolbox.motion_file import load_motion_model
from models.training.lab import train
from models.training.lab.recipes import RECIPES, overridden
from models.training.synthetic import synthesis

pytest.importorskip("espeakng_loader")
ROOT = Path(__file__).resolve().parents[4]
QUICK = ("steps=60", "judge_every=20", "batch=4", "seconds=1.5", "warmup=5", "rate=0.003")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "takes"
    assert synthesis.run([str(folder), "--lines", "48", "--layout", "livelink"]) == 0
    return folder


@pytest.mark.parametrize("layout", ["livelink", "beat", "blendshape-arrays"])
def test_every_layout_is_made_and_read(layout: str, tmp_path: Path) -> None:
    from models.training.datasets.layouts import layout_of

    assert synthesis.run([str(tmp_path / "c"), "--lines", "3", "--layout", layout]) == 0
    found = layout_of(tmp_path / "c")
    assert found.name == layout
    lines = [entry.load() for entry in found.read(tmp_path / "c")]
    assert len(lines) == 3
    for line in lines:
        assert line.motion.shape[1] == 52
        assert abs(len(line.motion) / line.fps - len(line.samples) / line.rate) < 0.1
        assert line.motion.max() > 0.3
    assert main(["synthesize", str(tmp_path / "c"), "--lines", "3"]) == 2  # never over what is there


def test_a_recurrent_network_hears_more_than_the_mean_face(corpus: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "rnn.safetensors"
    words = ["voca-rnn", str(corpus), "-o", str(out), "width=48", *QUICK[:1], "steps=200", *QUICK[1:]]
    assert train.run(words) == 0
    found = json.loads(out.with_suffix(".json").read_text())
    assert found["error"] < 0.8 * found["mean_face"]
    assert found["error"] < 0.7 * found["shuffled"]
    curves = [json.loads(row) for row in out.with_suffix(".jsonl").read_text().splitlines()]
    assert curves[-1]["validation"] < curves[0]["validation"]
    assert load_motion_model(out).card.fps == 60
    capsys.readouterr()
    assert main(["evaluate", str(out), "--data", str(corpus)]) == 0
    rows = [row for row in capsys.readouterr().out.splitlines() if "  " in row]
    said = {row[:34].strip(): row[34:].split() for row in rows}
    error, mean, other, true = map(float, said["mean lip error, mm"])
    assert true == 0 < error < 0.8 * min(mean, other)
    assert float(said["MTM, ms"][0]) < 60
    assert main(["evaluate", str(corpus), "--data", str(corpus)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    clip = load_audio(DEMO_CLIP)
    neutral = infer(InferenceRequest(clip, model=str(out)))
    assert neutral.fps == 60
    assert abs(neutral.duration - clip.duration) < 0.05
    jaw = neutral.weights[:, CHANNELS.index("jawOpen")]
    default = infer(InferenceRequest(clip)).weights[:, CHANNELS.index("jawOpen")]
    frames = min(len(jaw), len(default))
    assert np.corrcoef(jaw[:frames], default[:frames])[0, 1] > 0.4  # it talks, on a voice of another kind


SMALL = {"blendshapes": ("hidden=16",), "voca-rnn": ("width=16",)}
QUICKLY = ("voca-gan", "editable-ddpm")
EACH = [name if name in QUICKLY else pytest.param(name, marks=pytest.mark.slow) for name in RECIPES]


@pytest.mark.parametrize("recipe", EACH)
def test_a_killed_run_resumes_bit_for_bit(recipe: str, corpus: Path, tmp_path: Path) -> None:
    small = (*SMALL.get(recipe, ("width=16",)), *QUICK)
    whole, killed = tmp_path / "whole.safetensors", tmp_path / "killed.safetensors"
    assert train.run([recipe, str(corpus), "-o", str(whole), *small]) == 0
    command = [sys.executable, "main.py", "train", recipe, str(corpus), "-o", str(killed), *small]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=environment)
    while not killed.with_suffix(".state").exists():
        time.sleep(0.02)
        assert running.poll() is None
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert not killed.exists()
    assert train.run([recipe, str(corpus), "-o", str(killed), *small]) == 0
    for name, tensor in load_file(whole).items():
        np.testing.assert_array_equal(tensor, load_file(killed)[name], err_msg=name)
    curves = [path.with_suffix(".jsonl").read_text() for path in (whole, killed)]
    assert curves[0] == curves[1]


def test_two_processes_train_from_the_command_line(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "together.safetensors"
    events = ["tensorboard=true"] if find_spec("tensorboard") else []
    torchrun = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2")
    words = (
        "main.py",
        "train",
        "voca-gan",
        str(corpus),
        "-o",
        str(out),
        "width=16",
        *QUICK,
        "steps=20",
        *events,
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*torchrun, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line.split("  ")[0] for line in done.stdout.splitlines() if line.startswith("step")] == [
        "step 20"
    ]
    assert done.stdout.count("held-out speakers") == 1
    assert load_motion_model(out).card.network == "adversarial"
    assert len(list(tmp_path.glob("together.tensorboard/events.*"))) == len(events)
    assert out.with_suffix(".preview.png").exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["steps=many"], "not a whole number"),
        (["width"], "not key=value"),
        (["amp=maybe"], "neither true nor false"),
        (["optimizer=sgd"], "adamw, adam, lion"),
        (["colour=3"], "colour"),
        (["ear=third"], "mel, phones"),
        (["width=0"], "width=0 is no whole number from 1 to"),
        (["width=1e3"], "width=1000.0 is no whole number"),
        (["width=99999999"], "no whole number"),
        (["width=true"], "width=True is not a whole number"),
        (["dropout=2"], "dropout=2 is not between 0 and 1"),
        (["pca=-1"], "not a number of 0 or more"),
        (["pca=nan"], "not a number of 0 or more"),
        (["style=2"], "neither true nor false"),
        (["reading=1"], "no lip-reader watches this recipe"),
        (["seconds=inf"], "seconds=inf"),
    ],
)
def test_wrong_words_are_one_line(
    words: list[str], reason: str, corpus: Path, tmp_path: Path, capsys
) -> None:
    assert train.run(["voca-rnn", str(corpus), "-o", str(tmp_path / "m.safetensors"), *words]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert reason in said


def test_a_place_that_cannot_be_written_is_one_line(corpus: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "file").touch()
    inside = tmp_path / "file" / "m.safetensors"
    for out, reason in (
        (inside, "cannot be written: Not a directory"),
        (tmp_path / "file", "a name that ends with .safetensors is wanted"),
    ):
        assert main(["train", "voca-rnn", str(corpus), "-o", str(out)]) == 2
        assert capsys.readouterr().err == f"main.py: {out}: {reason}\n"
    assert main(["evaluate", str(corpus), "--data", str(corpus)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"main.py: {corpus}: cannot be read: ")
    assert len(said.splitlines()) == 1


def test_a_folder_that_is_no_dataset_is_named(tmp_path: Path, capsys) -> None:
    (tmp_path / "empty").mkdir()
    assert train.run(["voca-rnn", str(tmp_path / "empty"), "-o", str(tmp_path / "m.safetensors")]) == 2
    assert "empty: has no layout that is known" in capsys.readouterr().err


def test_options_are_read_by_their_kind() -> None:
    recipe = overridden(RECIPES["faceformer"], ["steps=7", "rate=0.5", "autoregressive=false", "width=32"])
    assert recipe.config.steps == 7
    assert recipe.config.rate == 0.5
    assert recipe.options == {"autoregressive": False, "width": 32}
