"""Recipes that hear through a pretrained encoder, from the command to the talking model."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from core.audio import load_audio
from core.channels import CHANNELS
from core.errors import InputError
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.paths import DEMO_CLIP
from models.toolbox.encoded_net import EncodedNet
from models.toolbox.encoder_folders import VARIABLE
from models.toolbox.motion_file import load_motion_model
from models.training.lab.fitting import Fit
from models.training.lab.train import run as run_training
from models.training.synthetic import synthesis
from tests.models.toolbox.tiny_encoders import save_tiny

pytest.importorskip("espeakng_loader")
pytest.importorskip("transformers", reason="transformers is not installed")
QUICK = ("steps=12", "judge_every=6", "batch=2", "seconds=1", "width=16")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "takes"
    assert synthesis.run([str(folder), "--lines", "12", "--layout", "blendshape-arrays"]) == 0
    return folder


def train(recipe: str, corpus: Path, out: Path, *words: str) -> int:
    return run_training([recipe, str(corpus), "-o", str(out), *QUICK, *words])


def stopped(save: Callable[[Fit, Path], None]) -> Callable[[Fit, Path], None]:
    """Somebody stops the run when its state is kept for the first time, in the middle of it."""

    def saved(task: Fit, path: Path) -> None:
        save(task, path)
        raise KeyboardInterrupt

    return saved


def test_a_frozen_encoder_is_the_ear_of_a_recipe(
    corpus: Path, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_tiny("hubert", tmp_path / "base")
    out = tmp_path / "m.safetensors"
    assert train("voca-rnn", corpus, out, f"ear=hubert:{tmp_path / 'base'}@2") == 0
    card = load_motion_model(out).card
    assert card.ear.startswith(f"hubert:{(tmp_path / 'base').resolve()}@2#")
    clip = load_audio(DEMO_CLIP)
    spoken = infer(InferenceRequest(clip, model=str(out)))
    assert spoken.weights[:, CHANNELS.index("jawOpen")].std() > 0
    (tmp_path / "base").rename(tmp_path / "moved")
    other = tmp_path / "other.safetensors"
    shutil.copy(out, other)
    with pytest.raises(InputError, match=r"hears through the hubert encoder base .* set EDITABLE_LIPSYNC"):
        infer(InferenceRequest(clip, model=str(other)))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    np.testing.assert_array_equal(infer(InferenceRequest(clip, model=str(other))).weights, spoken.weights)
    assert train("voca-rnn", corpus, tmp_path / "n.safetensors", f"ear=hubert:{tmp_path / 'none'}") == 2
    assert capsys.readouterr().err == f"main.py: {tmp_path / 'none'}: no such folder\n"


def test_an_encoder_learns_with_its_network_and_goes_on_where_it_stopped(
    corpus: Path, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = save_tiny("wav2vec2", tmp_path / "base")
    words = (f"ear=wav2vec2:{tmp_path / 'base'}", "trained=top:1", "layers=1")
    whole, parts = tmp_path / "whole.safetensors", tmp_path / "parts.safetensors"
    assert train("voca-gan", corpus, whole, *words) == 0
    model = load_motion_model(whole)
    assert isinstance(model.net, EncodedNet)
    assert json.loads(whole.with_suffix(".json").read_text())["error"] > 0
    before, after = network.state_dict(), model.net.encoder.network.state_dict()
    moved = {name for name, value in after.items() if not np.array_equal(value, before[name])}
    assert moved
    assert all(name.startswith("encoder.layers.2.") for name in moved)
    with monkeypatch.context() as patch:
        patch.setattr(Fit, "save", stopped(Fit.save))
        assert train("voca-gan", corpus, parts, *words) == 130
    assert train("voca-gan", corpus, parts, *words) == 0
    for name, tensor in load_file(whole).items():
        np.testing.assert_array_equal(tensor, load_file(parts)[name], err_msg=name)
    assert train("voca-gan", corpus, parts, "trained=all") == 2
    assert "is no encoder; write KIND:FOLDER" in capsys.readouterr().err


def test_windows_of_a_dataset_need_a_graph_to_speak(corpus: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "m.safetensors"
    assert train("voca-rnn", corpus, out, "ear=deepspeech:dataset") == 0
    with pytest.raises(InputError, match=r"hears DeepSpeech: set EDITABLE_LIPSYNC_ENCODERS .* \(\*\.tflite"):
        infer(InferenceRequest(load_audio(DEMO_CLIP), model=str(out)))
    (corpus / "processed_audio_deepspeech.pkl").rename(tmp_path / "windows.pkl")
    assert train("voca-rnn", corpus, out, "ear=deepspeech:dataset") == 2
    assert "processed_audio_deepspeech.pkl: does not exist" in capsys.readouterr().err
