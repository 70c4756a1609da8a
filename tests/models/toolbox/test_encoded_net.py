"""Encoders that learn with the network behind them: what they hear, what learns, and the file."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from core.audio import load_audio
from core.paths import DEMO_CLIP
from models.toolbox.encoded_net import SLOWER, EncodedNet, described, parameter_groups
from models.toolbox.encoder_folders import KINDS, EncoderError, parsed
from models.toolbox.encoders import standardised
from models.toolbox.listening import SOUND, fixed, listen, size_of
from models.toolbox.motion_card import MotionCard, Option
from models.toolbox.motion_file import load_motion_model, save_motion_model
from models.toolbox.motion_model import MotionModel
from models.toolbox.recurrent import RecurrentNet
from tests.models.toolbox.tiny_encoders import save_tiny

pytest.importorskip("transformers", reason="transformers is not installed")
SPEECH = load_audio(DEMO_CLIP).mono(16_000)
LAYERS = 3


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("encoders")
    for kind in KINDS:
        save_tiny(kind, root / kind)
    return {kind: root / kind for kind in KINDS}


def carded(ear: str, trained: str, network: str = "recurrent", fps: float = 25.0) -> MotionCard:
    own: dict[str, Option] = {"encoder": described(parsed(ear)), "trained": trained}
    options = {"width": 16, "layers": 2, **own}
    return MotionCard("m", network, options, "arkit", tuple("abcdef"), fps, "none", "nothing", SOUND)


def built(ear: str, trained: str, network: str = "recurrent") -> EncodedNet:
    torch.manual_seed(0)
    net = carded(ear, trained, network).built(6)
    assert isinstance(net, EncodedNet)
    net.start()
    return net


def clips(fps: float, count: int = 2) -> torch.Tensor:
    rows = listen(SPEECH, fps, SOUND)
    return torch.from_numpy(np.stack([rows[10 * n : 10 * n + 30] for n in range(count)]))


def test_rows_of_sound_are_the_waveform() -> None:
    rows = listen(SPEECH, 25, SOUND)
    assert rows.shape == (len(SPEECH) * 25 // 16_000 + 1, 640)
    np.testing.assert_allclose(rows.ravel()[: len(SPEECH)], standardised(SPEECH), atol=1e-4)
    assert not rows.ravel()[len(SPEECH) :].any()
    for fps, size in ((30, 534), (60, 267), (59.94, 267)):
        assert size_of(SOUND, fps) == size
        rows = listen(SPEECH, fps, SOUND)
        assert rows.shape == (int(len(SPEECH) * fps / 16_000) + 1, size)
        assert rows[fps_at := int(2 * fps)].std() == pytest.approx(
            standardised(SPEECH)[int(fps_at * 16_000 / fps) :][: 16_000 // int(fps)].std(), rel=0.05
        )


@torch.inference_mode()
@pytest.mark.parametrize(
    ("kind", "fps", "most"), [*((kind, 25, 0.002) for kind in KINDS), ("whisper", 30, 0.2)]
)
def test_it_hears_what_the_frozen_ear_hears(
    kind: str, fps: float, most: float, folders: dict[str, Path]
) -> None:
    ear = fixed(f"{kind}:{folders[kind]}@1")
    net = carded(ear, "none", fps=fps).built(6)
    assert isinstance(net, EncodedNet)
    net.start()
    heard = net.eval().heard(torch.from_numpy(listen(SPEECH, fps, SOUND))[None])[0]
    wanted = torch.from_numpy(listen(SPEECH, fps, ear))
    # At 30 frames a second the sound has 16,020 samples: spectra stay near, random convolutions do not.
    assert (heard - wanted)[:-2].square().mean().sqrt() < most * wanted.std()


@pytest.mark.parametrize(
    ("trained", "layers"), [("none", []), ("top:1", [2]), ("top:2", [1, 2]), ("all", [0, 1, 2])]
)
@pytest.mark.parametrize("kind", KINDS)
def test_exactly_the_chosen_layers_learn(
    kind: str, trained: str, layers: list[int], folders: dict[str, Path]
) -> None:
    net = built(f"{kind}:{folders[kind]}", trained)
    net.train()
    motion = torch.randn(2, 30, 6)
    net.loss(clips(25), motion, torch.ones_like(motion, dtype=torch.bool)).backward()
    reached = {name for name, weight in net.named_parameters() if weight.grad is not None}
    learning = {name for name, weight in net.named_parameters() if weight.requires_grad}
    assert reached == learning
    assert {name for name, _ in net.named_parameters() if name.startswith("inner.")} <= reached
    place = "encoder.network." if kind == "whisper" else "encoder.network.encoder."
    of_layers = {int(name.split("layers.")[1][0]) for name in reached if name.startswith(f"{place}layers")}
    assert of_layers == set(layers)
    beside = [name for name in reached if name.startswith("encoder.") and f"{place}layers" not in name]
    assert bool(beside) == (trained == "all")  # convolutions and norms


def test_layers_above_the_one_that_is_heard_stay_as_they_are(folders: dict[str, Path]) -> None:
    net = built(f"hubert:{folders['hubert']}@2", "top:1")
    learning = {name for name, weight in net.encoder.named_parameters() if weight.requires_grad}
    assert learning
    assert all(".layers.1." in name for name in learning)


def test_what_is_pretrained_learns_more_slowly(folders: dict[str, Path]) -> None:
    net = built(f"wavlm:{folders['wavlm']}", "top:1", "adversarial")
    objectives = net.objectives()
    assert list(objectives) == ["speaker", "critic"]
    new, slow = parameter_groups(objectives["speaker"][0])
    assert (new["share"], slow["share"]) == (1.0, SLOWER)
    assert {id(each) for each in slow["params"]} == {
        id(each) for each in net.encoder.parameters() if each.requires_grad
    }
    (critic,) = parameter_groups(objectives["critic"][0])
    assert critic["share"] == 1.0
    motion = torch.randn(2, 30, 6)
    objectives["critic"][1](clips(25), motion, torch.ones_like(motion, dtype=torch.bool)).backward()
    assert all(weight.grad is None for weight in net.encoder.parameters())
    whole = [each for group in parameter_groups(net) for each in group["params"]]
    assert len({id(each) for each in whole}) == len(whole)


def test_what_comes_beside_the_sound_goes_by(folders: dict[str, Path]) -> None:
    encoder = described(parsed(f"hubert:{folders['hubert']}"))
    net = EncodedNet(
        lambda size: RecurrentNet(size, 6, width=8), 640 + 3, 6, samples=640, encoder=encoder, trained="none"
    )
    rows = clips(25)
    style = torch.tensor([0.0, 1.0, 0.0]).expand(2, 30, 3)
    heard = net.eval().heard(torch.cat([rows, style], dim=2))
    assert heard.shape == (2, 30, 32 + 3)
    assert torch.equal(heard[..., 32:], style)


@pytest.mark.parametrize("kind", ["hubert", "whisper"])
def test_the_file_needs_no_folder(kind: str, tmp_path: Path) -> None:
    save_tiny(kind, tmp_path / "base")
    card = carded(f"{kind}:{tmp_path / 'base'}@2", "top:1")
    net = card.built(6)
    assert isinstance(net, EncodedNet)
    net.start()
    with torch.no_grad():
        for weight in net.encoder.layers[1].parameters():
            weight.add_(0.1)
    ones = np.ones(6, np.float32)
    model = MotionModel(card, net.eval(), 0 * ones, ones)
    before = model.speak(SPEECH)
    save_motion_model(tmp_path / "m.safetensors", model)
    shutil.rmtree(tmp_path / "base")
    after = load_motion_model(tmp_path / "m.safetensors")
    assert after.card == card
    assert json.loads(str(after.card.options["encoder"]))["source"].startswith(f"{kind}:")
    np.testing.assert_array_equal(after.speak(SPEECH), before)


def test_training_does_not_depend_on_other_chance(folders: dict[str, Path]) -> None:
    net = built(f"wav2vec2:{folders['wav2vec2']}", "all")
    net.train()
    motion = torch.zeros(2, 30, 6)
    losses = []
    for other in (1, 2):
        np.random.seed(other)  # noqa: NPY002  # which transformers masks with, unless it is told not to
        torch.manual_seed(0)
        losses.append(net.loss(clips(25), motion, torch.ones_like(motion, dtype=torch.bool)).item())
    assert losses[0] == losses[1]


@pytest.mark.parametrize(
    ("trained", "reason"),
    [("top:4", "only 3 layers"), ("half", "all, none or top:N"), ("top:", "all, none or top:N")],
)
def test_wrong_choices_are_one_sentence(trained: str, reason: str, folders: dict[str, Path]) -> None:
    with pytest.raises(EncoderError, match=reason):
        built(f"hubert:{folders['hubert']}", trained)


def test_a_frozen_ear_speaks_after_the_file_or_says_what_it_lacks(tmp_path: Path) -> None:
    save_tiny("wavlm", tmp_path / "base")
    ear = fixed(f"wavlm:{tmp_path / 'base'}@mean")
    card = MotionCard("m", "recurrent", {"width": 8}, "arkit", tuple("abcdef"), 30.0, "none", "nothing", ear)
    ones = np.ones(6, np.float32)
    model = MotionModel(card, card.built(6).eval(), 0 * ones, ones)
    save_motion_model(tmp_path / "m.safetensors", model)
    after = load_motion_model(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(after.speak(SPEECH), model.speak(SPEECH))
    shutil.rmtree(tmp_path / "base")
    with pytest.raises(EncoderError, match="hears through the wavlm encoder base"):
        load_motion_model(tmp_path / "m.safetensors")
