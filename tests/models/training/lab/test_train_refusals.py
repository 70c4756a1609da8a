"""What a newcomer gets wrong is told in one clause that names it, and nothing half-written is left."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from main import main
from models.checkpoint import CheckpointError
from models.toolbox.motion_card import NETWORKS, MotionCard, Option
from models.toolbox.motion_file import load_motion_model, save_motion_model
from models.toolbox.motion_model import MotionModel
from models.training.datasets.layouts import LAYOUTS
from models.training.lab.material import material
from models.training.lab.network_options import MAY_BE_NONE, check_options, options_of
from models.training.lab.recipes import RECIPES
from models.training.synthetic import synthesis

pytest.importorskip("espeakng_loader")


def other_rate(folder: Path) -> None:
    (path,) = (folder / "m1").glob("0*.npy")
    np.savez(path.with_suffix(".npz"), vertices=np.load(path), fps=24)
    path.unlink()


def still_faces(path: Path) -> None:
    for table in path.parent.glob("*.csv"):
        head, *rows = table.read_text().splitlines()
        still = [",".join([*row.split(",")[:2], *["0"] * (head.count(",") - 1)]) for row in rows]
        table.write_text("\n".join([head, *still]))


@pytest.mark.parametrize(
    ("network", "chosen", "reason"),
    [
        ("transformer", {"heads": 3}, "width=128 is no even multiple of heads=3"),
        ("diffusion", {"width": 7, "heads": 1}, "width=7"),
        ("faceformer", {"period": 0}, "period=0"),
        ("faceformer", {"autoregressive": 3}, "true or false"),
        ("adversarial", {"critic": -1}, "critic=-1"),
        ("baseline", {"depth": 3}, "width, layers, heads, reach"),
    ],
)
def test_options_that_no_network_can_have_are_refused(network: str, chosen: dict, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_options(network, chosen)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_smallest_options_are_networks(network: str) -> None:
    least: dict[str, Option] = {name: 2 if name == "width" else 1 for name in options_of(network)}
    least |= {name: value for name, value in options_of(network).items() if isinstance(value, bool)}
    least |= {name: 0.5 for name, value in options_of(network).items() if isinstance(value, float)}
    least |= {name: 0 for name in MAY_BE_NONE if name in least}
    check_options(network, least)
    net = NETWORKS[network](3, 2, **least).eval()
    assert net.predict(torch.zeros(1, 20, 3)).shape == (1, 20, 2)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--lines", "0"], "--lines: 0 is not 1 or more"),
        (["--seed", "-1"], "--seed: -1 is not 0 or more"),
        (["--template", "head.obj"], "layout livelink has no vertices of a mesh; biwi"),
    ],
)
def test_a_corpus_that_cannot_be_is_refused(words: list[str], reason: str, tmp_path: Path, capsys) -> None:
    assert main(["synthesize", str(tmp_path / "takes"), *words]) == 2
    assert reason in capsys.readouterr().err
    assert not any(tmp_path.iterdir())


def test_a_stopped_synthesis_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    (tmp_path / "file").touch()
    assert main(["synthesize", str(tmp_path / "file" / "takes"), "--lines", "1"]) == 2
    assert "takes: cannot be written: Not a directory" in capsys.readouterr().err

    def interrupted(*_all: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(synthesis, "with_letters", interrupted)
    assert main(["synthesize", str(tmp_path / "takes"), "--layout", "vocaset", "--lines", "1"]) == 130
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three lines of one speaker."""
    folder = tmp_path_factory.mktemp("takes")
    assert synthesis.run([str(folder / "made"), "--lines", "17"]) == 0
    for path in (folder / "made" / "m1").iterdir():
        path.rename(folder / path.name)
    shutil.rmtree(folder / "made")
    return folder


@pytest.fixture
def takes(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "takes")


def trained(folder: Path, capsys, *words: str) -> tuple[int, str, str]:
    out = folder / "out" / "m.safetensors"
    code = main(["train", "voca-rnn", str(folder), "-o", str(out), "steps=2", "width=4", "seconds=1", *words])
    return code, *capsys.readouterr()


def test_a_run_says_what_it_learns_from_and_what_looks_wrong(takes: Path, capsys) -> None:
    samples, rate = soundfile.read(takes / "0008.wav")
    soundfile.write(takes / "0008.wav", samples[: rate // 10], rate)
    code, said, wrong = trained(takes, capsys)
    assert code == 0
    assert "1 line of" in said.splitlines()[0]
    assert "held-out lines: error" in said  # the only speaker is no stranger
    assert "note: 1 of 3 lines have sound and motion of unlike lengths" in wrong
    assert "0008" in wrong
    (takes / "out" / "m.safetensors").unlink()
    assert "m.state: goes on after step 2" in trained(takes, capsys)[1]
    code, _, wrong = trained(takes, capsys, "layers=3")
    assert code == 2
    assert "m.state: is of a run with layers=2, and not 3" in wrong


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:2000]), "0000.wav: truncated"),
        (lambda path: soundfile.write(path, np.zeros(0), 16_000), "0000.wav: holds no sound"),
        (
            lambda path: soundfile.write(path, [np.nan] * 9, 16_000, "FLOAT"),
            "0000.wav: holds samples that are not",
        ),
        (lambda path: soundfile.write(path, [3e30] * 9, 16_000, "FLOAT"), "0000.wav: is no sound"),
        (lambda path: [each.unlink() for each in path.parent.glob("*.wav")], "no .csv has a recording"),
        (lambda path: [each.unlink() for each in path.parent.glob("*.csv")], "no .wav has a motion"),
        (lambda path: shutil.rmtree(path.parent), "does not exist"),
        (still_faces, "nothing moves in the lines to learn from"),
    ],
)
def test_a_bad_corpus_is_one_line_and_leaves_nothing(takes: Path, damage, reason: str, capsys) -> None:
    damage(takes / "0000.wav")
    code, _, wrong = trained(takes, capsys)
    assert code == 2
    assert reason in wrong
    assert len(wrong.splitlines()) == 1
    assert not (takes / "out").exists()


def test_the_film_of_the_phone_is_heard(takes: Path) -> None:
    sound = takes / "0000.wav"
    before = LAYOUTS["livelink"].read(takes)[0].load()
    samples, rate = soundfile.read(sound, dtype="float32")
    with av.open(str(takes / "0000.MOV"), "w", format="mov") as film:
        stream = film.add_stream("pcm_s16le", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray((samples[None] * 32767).astype(np.int16), "s16", "mono")
        frame.rate = rate
        film.mux([*stream.encode(frame), *stream.encode(None)])
    sound.unlink()
    after = LAYOUTS["livelink"].read(takes)[0].load()
    assert after.name == before.name
    assert abs(len(after.samples) / after.rate - len(before.samples) / before.rate) < 0.1
    assert np.abs(after.samples).max() > 0.05


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"card": {"fps": 0}}, "0 frames a second"),
        ({"card": {"fps": "60"}}, "damaged motion model"),
        ({"card": {"network": "oracle"}}, "oracle"),
        ({"metadata": {"card": "[]"}}, "damaged motion model"),
        ({"metadata": {"version": "second"}}, "damaged motion model"),
        ({"tensors": {"scale": None}}, "scale"),
        ({"tensors": {"mean": torch.full((4,), torch.nan)}}, "mean holds values that are no numbers"),
        ({"tensors": {"mean": torch.zeros(3)}}, "size mismatch"),
    ],
)
def test_a_damaged_network_is_one_clause(changes: dict, reason: str, tmp_path: Path) -> None:
    path, still = tmp_path / "m.safetensors", np.ones(4, np.float32)
    card = MotionCard("m", "recurrent", {"width": 4}, "arkit", ("jawOpen",) * 4, 60.0, "", "", "mel")
    save_motion_model(path, MotionModel(card, card.built(4), 0 * still, still))
    assert load_motion_model(path).card == card
    with safe_open(path, "pt") as stored:
        metadata, tensors = stored.metadata(), {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    metadata["card"] = json.dumps({**json.loads(metadata["card"]), **changes.get("card", {})})
    tensors |= changes.get("tensors", {})
    kept = {name: value for name, value in tensors.items() if value is not None}
    save_file(kept, path, metadata | changes.get("metadata", {}))
    with pytest.raises(CheckpointError, match=reason) as found:
        load_motion_model(path)
    assert "\n" not in str(found.value)


@pytest.fixture(scope="module")
def made_faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three faces that speak a line each."""
    folder = tmp_path_factory.mktemp("faces") / "faces"
    assert synthesis.run([str(folder), "--lines", "3", "--layout", "sequences"]) == 0
    return folder


def each_array(folder: Path, change: Callable[[np.ndarray], np.ndarray]) -> None:
    for path in (folder / "m1").glob("*.npy"):
        np.save(path, change(np.load(path)))


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (
            lambda path: each_array(path, lambda array: array[..., :300, :]),
            "f1/0001 has 11316 coordinates, m1/0000 900",
        ),
        (lambda path: each_array(path, lambda array: array * np.float32(1e30)), "holds values as large as"),
        (
            lambda path: (path / "template.obj").unlink(),
            "no mesh with its polygons (template.obj)",
        ),
        (other_rate, "f1/0001 has 30 frames a second, m1/0000 24"),
    ],
)
def test_faces_that_do_not_go_together_are_one_line(
    made_faces: Path, tmp_path: Path, damage, reason: str, capsys
) -> None:
    folder = shutil.copytree(made_faces, tmp_path / "faces")
    damage(folder)
    out = tmp_path / "out" / "m.safetensors"
    assert main(["train", "faceformer-parallel-guided", str(folder), "-o", str(out), "steps=1"]) == 2
    wrong = capsys.readouterr().err
    assert reason in wrong
    assert len([row for row in wrong.splitlines() if "note:" not in row]) == 1
    assert not out.parent.exists()


def test_a_mesh_that_is_missing_is_told_before_it_is_missed(made_faces: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(made_faces, tmp_path / "faces")
    assert material(folder, RECIPES["baseline"]).doubts() == []
    (folder / "template.obj").unlink()
    (doubt,) = material(folder, RECIPES["baseline"]).doubts()
    assert "no mesh beside the data has the polygons of its 3772 vertices" in doubt


def test_what_a_list_leaves_out_is_told(tmp_path: Path, capsys) -> None:
    assert synthesis.run([str(tmp_path / "points"), "--lines", "3", "--layout", "mediapipe"]) == 0
    (tmp_path / "points" / "train_test_split.txt").write_text("0001.npy\ttrain\n")
    assert main(["train", "face-mesh", str(tmp_path / "points"), "-o", str(tmp_path / "m.safetensors")]) == 2
    assert "train_test_split.txt: holds no line to choose by" in capsys.readouterr().err
