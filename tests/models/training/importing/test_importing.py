"""Published checkpoints become motion models: the same tensors, and motion made of them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch

from core.audio import load_audio
from core.inference.remembered import remembered_models
from core.library import default_rig
from core.meshes.obj_writer import write_obj
from core.paths import DEMO_CLIP
from core.templates.topology import default_face
from main import main
from models.toolbox.listening import listen
from models.toolbox.motion_file import load_motion_model
from models.training.importing.checkpoints import imported
from tests.models.training.importing.published_checkpoints import (
    CORNERS,
    Tensors,
    components,
    editable_ddpm,
    editable_transformer,
    faceformer,
    pyramid,
    random_tensors,
    saved,
    small_ddpm,
    small_faceformer,
)

pytest.importorskip("transformers")


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("EDITABLE_LIPSYNC_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return pyramid(tmp_path / "template.obj")


def voice(seconds: float = 1.0) -> np.ndarray:
    times = np.arange(int(16_000 * seconds)) / 16_000
    return (0.3 * np.sin(500 * times) * np.sin(9 * times)).astype(np.float32)


def recent(tensors: Tensors) -> Tensors:
    """Name the size and direction of a weight as torch does since 2.0."""
    ends = {"conv.weight_g": "original0", "conv.weight_v": "original1"}
    return {
        name if (new := ends.get(".".join(name.split(".")[-2:]))) is None
        else name.removesuffix(name.split(".")[-1]) + f"parametrizations.weight.{new}": value
        for name, value in tensors.items()
    }  # fmt: skip


def guided(tensors: Tensors) -> Tensors:
    reader = {"module.lipreader.model.frontend.weight": torch.zeros(3)}
    return {**{f"module.facial_animator.{name}": value for name, value in tensors.items()}, **reader}


@pytest.mark.parametrize(
    "renamed",
    [
        dict,
        recent,
        guided,
        lambda tensors: {f"module.{name}": value for name, value in tensors.items()},
        lambda tensors: {name: value for name, value in tensors.items() if "masked" not in name},
    ],
    ids=["published", "recent", "guided", "parallel", "unmasked"],
)
def test_faceformer_comes_with_every_tensor_whatever_is_before_its_names(
    tmp_path: Path, template: Path, renamed: Callable[[Tensors], Tensors]
) -> None:
    tensors, out = small_faceformer(), tmp_path / "face.safetensors"
    imported(saved(tmp_path / "face.pth", renamed(tensors)), out, template)
    model = load_motion_model(out)
    own = model.net.state_dict()
    known = {name: value for name, value in tensors.items() if "weight_" not in name and "masked" not in name}
    assert known.keys() < own.keys() and len(own) == len(known) + 2
    assert all(torch.equal(own[name], value) for name, value in known.items())
    convolved = torch.nn.utils.parametrize.is_parametrized
    position = model.net.get_submodule("audio_encoder.encoder.pos_conv_embed.conv")
    assert convolved(position)
    # Size times direction, by hand.
    front = "audio_encoder.encoder.pos_conv_embed.conv.weight"
    size, direction = tensors[f"{front}_g"], tensors[f"{front}_v"]
    expected = size * direction / direction.square().sum((0, 1), keepdim=True).sqrt()
    torch.testing.assert_close(position.weight, expected)


@pytest.mark.parametrize(("period", "fps", "sounds"), [(30, 30, 1), (25, 25, 2)])
def test_faceformer_speaks_as_its_tensors_say(
    tmp_path: Path, template: Path, period: int, fps: float, sounds: int
) -> None:
    out = tmp_path / "face.safetensors"
    speakers = ("ann", "bob", "eve")
    imported(saved(tmp_path / "face.pth", small_faceformer(period)), out, template, speakers=speakers)
    model = load_motion_model(out)
    assert model.card.fps == fps and model.net.sounds == sounds
    assert model.card.speakers == speakers
    assert model.rest is not None and len(model.rest.vertices) == CORNERS
    ann, bob = (model.speak(voice(), speaker=name) for name in ("ann", "bob"))
    assert ann.shape == (fps + 1, 3 * CORNERS) and np.isfinite(ann).all()
    assert np.abs(ann - bob).max() > 1e-4
    louder = model.speak(5 * voice(), speaker="ann")
    np.testing.assert_allclose(louder, ann, atol=1e-3)
    assert np.abs(model.speak(voice()[::-1].copy(), speaker="ann") - ann).max() > 1e-4


@pytest.mark.parametrize(
    ("tensors", "kind", "count"),
    [
        (lambda: random_tensors(editable_transformer(16, 12)), "editable-transformer", 12),
        (small_ddpm, "editable-ddpm", 10),
        (
            lambda: {n.removeprefix("nn_model."): v for n, v in small_ddpm().items() if n.startswith("nn")},
            "editable-ddpm",
            10,
        ),
    ],
    ids=["transformer", "ddpm", "denoiser"],
)
def test_editable_lipsync_predicts_components_of_displacements(
    tmp_path: Path, template: Path, tensors: Callable[[], Tensors], kind: str, count: int
) -> None:
    out, pca = tmp_path / "editable.safetensors", components(tmp_path / "pca.npz", count + 2)
    checkpoint = saved(tmp_path / "best.pth", tensors())
    made = imported(checkpoint, out, template, kind=kind, pca=pca)
    model = load_motion_model(out)
    assert model.parameters == made.parameters
    assert model.card.fps == 60 and model.card.ear == "deepspeech"
    motion = model.speak(voice())
    assert motion.shape == (61, 3 * CORNERS)
    stored = np.load(pca)
    scores = (motion - stored["offset_mean"]) / stored["offset_std"] - stored["pca_internal_mean"]
    # What is left lies in the span of the first components, and nowhere else.
    axes = stored["pca_components"][:count]
    rest = scores - scores @ np.linalg.pinv(axes) @ axes
    assert np.abs(rest).max() < 1e-3 * np.abs(scores).max()


def test_what_it_was_is_said_on_the_card(tmp_path: Path, template: Path) -> None:
    model = imported(saved(tmp_path / "a.pth", small_faceformer()), tmp_path / "b.safetensors", template)
    card = model.card
    assert (card.licence, card.training_data) == ("as its authors say",) * 2
    assert card.motion_space == "vertices:own" and card.speakers == ("1", "2", "3")


def test_published_speakers_are_known_by_their_number(tmp_path: Path, template: Path) -> None:
    checkpoint = saved(tmp_path / "a.pth", small_faceformer(period=25, styles=6))
    model = imported(checkpoint, tmp_path / "b.safetensors", template)
    assert model.card.speakers == ("F2", "F3", "F4", "M3", "M4", "M5")


def test_letters_that_are_not_deepspeechs_are_standardised_as_they_are(
    tmp_path: Path, template: Path
) -> None:
    checkpoint, out = saved(tmp_path / "a.pth", small_ddpm()), tmp_path / "b.safetensors"
    net: Any = imported(checkpoint, out, template, pca=components(tmp_path / "pca.npz", 10)).net
    heard = net.standardised(torch.from_numpy(listen(load_audio(DEMO_CLIP).mono(16_000), 60, "deepspeech")))
    assert heard.mean(0).abs().max() < 1e-3
    assert heard.std(0).max() < 1.01 and heard.std(0).median() > 0.99


def test_the_command_imports_says_the_licence_and_offers_the_model(
    tmp_path: Path, template: Path, capsys: pytest.CaptureFixture
) -> None:
    checkpoint, out = saved(tmp_path / "a.pth", small_faceformer()), tmp_path / "b.safetensors"
    assert main(["import", str(checkpoint), "-o", str(out), "--template", str(template)]) == 0
    assert "licence: as its authors say" in capsys.readouterr().out
    assert remembered_models()[0] == out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "vertices", "styles", "period", "space"),
    [(64, 5023, 8, 30, "vertices:flame"), (128, 23370, 6, 25, "vertices:biwi")],
    ids=["vocaset", "biwi"],
)
def test_faceformer_of_full_size_is_faster_than_speech(
    tmp_path: Path, width: int, vertices: int, styles: int, period: int, space: str
) -> None:
    tensors = random_tensors(faceformer("base", width, 3 * vertices, styles, period))
    out = tmp_path / "out.safetensors"
    checkpoint, template = saved(tmp_path / "a.pth", tensors), pyramid(tmp_path / "head.obj", vertices)
    assert imported(checkpoint, out, template).card.motion_space == space
    model = load_motion_model(out)
    sound = voice(10)
    start = os.times()
    assert model.speak(sound).shape == (10 * period + 1, 3 * vertices)
    spent = os.times()
    assert spent.user + spent.system - start.user - start.system < 10


@pytest.mark.parametrize(
    ("shapes", "kind", "count"),
    [(editable_transformer(), "editable-transformer", 284), (editable_ddpm(), "editable-ddpm", 10)],
)
def test_editable_lipsync_of_full_size_is_taken(
    tmp_path: Path, shapes: dict[str, tuple[int, ...]], kind: str, count: int
) -> None:
    pca, template = components(tmp_path / "pca.npz", 284, 5023), pyramid(tmp_path / "head.obj", 5023)
    checkpoint, out = saved(tmp_path / "a.pth", random_tensors(shapes)), tmp_path / "out.safetensors"
    model = imported(checkpoint, out, template, pca=pca)
    assert model.card.network == {"editable-ddpm": "published-editable-ddpm"}.get(kind, "published-editable")
    assert model.components is not None and model.components.axes.shape == (count, 15069)
    assert count != 284 or model.parameters == 3_555_100


def test_an_imported_network_opens_the_jaw_of_the_default_head(tmp_path: Path) -> None:
    _, face = default_face()
    template = tmp_path / "face.obj"
    write_obj(face.mesh, template)
    tensors = random_tensors(faceformer("tiny", 16, face.mesh.vertices.size, 3, 30))
    # Its only motion is the jaw's, more or less of it.
    jaw = face.basis[face.channels.index("jawOpen")].reshape(-1, 1)
    way = torch.randn(1, 16, generator=torch.Generator().manual_seed(0)) / 30
    tensors["vertice_map_r.weight"] = torch.from_numpy(jaw) * way
    tensors["vertice_map_r.bias"] = torch.from_numpy(jaw[:, 0] / 2)
    model, sound, out = tmp_path / "model.safetensors", tmp_path / "voice.wav", tmp_path / "shot.npz"
    imported(saved(tmp_path / "a.pth", tensors), model, template)
    soundfile.write(sound, voice(1), 16_000)
    assert main(["export", str(sound), "--model", str(model), "-o", str(out)]) == 0
    opened = load_motion_model(model).speak(voice(1)) @ jaw[:, 0] / (jaw**2).sum()
    with np.load(out) as shot:
        played = shot["weights"][:, list(shot["channels"]).index("jawOpen")]
        assert np.linalg.norm(shot["vertices"][15] - default_rig().mesh.vertices, axis=1).max() > 5
    assert 0.2 < opened.min() < opened.max() < 0.8
    np.testing.assert_allclose(played, opened[: len(played)], atol=0.1)
