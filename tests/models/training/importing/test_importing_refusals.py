"""Published checkpoints that are refused: in one line that names what is wrong, and nothing is written."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from core.errors import InputError
from main import main
from models.training.importing.checkpoints import imported
from tests.models.training.importing.published_checkpoints import (
    Tensors,
    components,
    pyramid,
    saved,
    small_ddpm,
    small_faceformer,
)

pytest.importorskip("transformers")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return pyramid(tmp_path / "template.obj")


def less(tensors: Tensors, name: str) -> Tensors:
    return {each: value for each, value in tensors.items() if each != name}


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (lambda t: less(t, "transformer_decoder.layers.0.norm3.bias"), "lacks tensor transformer_decoder"),
        (lambda t: less(t, "obj_vector.weight"), "lacks the tensor obj_vector.weight"),
        (lambda t: less(t, "audio_encoder.encoder.layer_norm.bias"), "audio_encoder.encoder.layer_norm.bias"),
        (lambda t: {**t, "critic.weight": torch.zeros(1)}, "holds the unknown tensor critic.weight"),
        (lambda t: {**t, "PPE.pe": t["PPE.pe"][:, :99]}, "of other dimensions"),
        (lambda t: {**t, "vertice_map.bias": torch.zeros(4)}, "has shape (4,) instead of (16,)"),
        (
            lambda t: {**t, "vertice_map.bias": torch.full((16,), torch.nan)},
            "vertice_map.bias holds what is no",
        ),
        (lambda t: {**t, "audio_feature_map.bias": torch.zeros(15)}, "has shape (15,) instead of (16,)"),
        (lambda t: {**t, "obj_vector.weight": torch.zeros(10, 3)}, "do not go together"),
        (lambda t: {**t, "obj_vector.weight": torch.zeros(3)}, "of other dimensions"),
        (lambda t: {"weight": torch.zeros(2)}, "of no faceformer, editable-ddpm, editable-transformer"),
    ],
)
def test_tensors_that_do_not_fit_are_named_in_one_line(
    tmp_path: Path, template: Path, spoilt: Callable[[Tensors], Tensors], said: str
) -> None:
    checkpoint, out = saved(tmp_path / "bad.pth", spoilt(small_faceformer())), tmp_path / "out.safetensors"
    with pytest.raises(InputError) as caught:
        imported(checkpoint, out, template)
    assert caught.value.source == str(checkpoint)
    assert said in caught.value.reason and "\n" not in caught.value.reason
    assert not out.exists()


def test_a_huge_shape_takes_no_memory(tmp_path: Path, template: Path) -> None:
    tensors = small_faceformer()
    name = "audio_encoder.feature_projection.projection.weight"
    tensors[name] = torch.zeros(1_000_000, 16)
    with pytest.raises(InputError, match=r"instead of|go together"):
        imported(saved(tmp_path / "huge.pth", tensors), tmp_path / "out.safetensors", template)


def test_a_kind_that_the_tensors_are_not_is_refused(tmp_path: Path, template: Path) -> None:
    checkpoint = saved(tmp_path / "a.pth", small_ddpm())
    with pytest.raises(InputError, match="of no editable-transformer"):
        imported(checkpoint, tmp_path / "b.safetensors", template, kind="editable-transformer")


def words(tmp_path: Path, *more: str) -> list[str]:
    checkpoint = tmp_path / "a.pth"
    return ["import", str(checkpoint), "-o", str(tmp_path / "b.safetensors"), *more]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--speakers", "ann"], "--speakers: names 1; the checkpoint tells 3 apart"),
        (["--pca", "pca.npz"], "--pca: is of no use"),
        (["--kind", "editable-ddpm"], "of no editable-ddpm"),
        (["--fps", "0"], "--fps: 0"),
        (["--ear", "deepspeech:graph.tflite"], "--ear: is of no use: faceformer brings its own encoder"),
    ],
)
def test_words_that_do_not_fit_are_refused(
    tmp_path: Path, template: Path, capsys: pytest.CaptureFixture, more: list[str], said: str
) -> None:
    saved(tmp_path / "a.pth", small_faceformer())
    assert main(words(tmp_path, "--template", str(template), *more)) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "b.safetensors").exists()


def test_a_template_of_other_topology_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    saved(tmp_path / "a.pth", small_faceformer())
    template = pyramid(tmp_path / "other.obj", 7)
    assert main(words(tmp_path, "--template", str(template))) == 2
    assert f"has 7 vertices; {tmp_path / 'a.pth'} moves 5" in capsys.readouterr().err


def test_components_are_asked_for_with_the_way_to_make_them(
    tmp_path: Path, template: Path, capsys: pytest.CaptureFixture
) -> None:
    saved(tmp_path / "a.pth", small_ddpm())
    assert main(words(tmp_path, "--template", str(template))) == 2
    assert "np.savez" in capsys.readouterr().err


@pytest.mark.parametrize("ear", ["hubert:folder", "mel", "deepspeech:nowhere.tflite"])
def test_editable_lipsync_hears_deepspeech_and_nothing_else(
    tmp_path: Path, template: Path, capsys: pytest.CaptureFixture, ear: str
) -> None:
    saved(tmp_path / "a.pth", small_ddpm())
    pca = str(components(tmp_path / "pca.npz", 10))
    assert main(words(tmp_path, "--template", str(template), "--pca", pca, "--ear", ear)) == 2
    assert "--ear: " in capsys.readouterr().err
