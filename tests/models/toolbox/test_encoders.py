"""Pretrained encoders: the states of transformers, in time, block after block; and folders that are none."""

import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from core.audio import load_audio
from core.paths import DEMO_CLIP
from models.toolbox.encoder_folders import KINDS, VARIABLE, EncoderError, parsed, pinned
from models.toolbox.encoder_loading import load_encoder
from models.toolbox.encoders import SPEECH_LEVEL, standardised
from models.toolbox.listening import fixed, identity, listen, size_of
from models.toolbox.transformers_library import MODELS
from tests.models.toolbox.tiny_encoders import save_tiny

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own, about other libraries
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")

CONVOLVING = [kind for kind in KINDS if kind != "whisper"]
SPEECH = load_audio(DEMO_CLIP).mono(16_000)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("encoders")
    for kind in KINDS:
        save_tiny(kind, root / kind)
    return {kind: root / kind for kind in KINDS}


def sound(seconds: float) -> torch.Tensor:
    count = round(seconds * 16_000)
    return torch.from_numpy(standardised(np.resize(SPEECH, count)))[None]


@torch.inference_mode()
@pytest.mark.parametrize("layer", ["last", "mean", "0", "2"])
@pytest.mark.parametrize("kind", CONVOLVING)
def test_states_are_those_of_transformers(kind: str, layer: str, folders: dict[str, Path]) -> None:
    network = getattr(transformers, f"{MODELS[kind]}Model").from_pretrained(folders[kind])
    found = network(sound(3), output_hidden_states=True)
    wanted = {
        "last": found.last_hidden_state,
        "mean": sum(found.hidden_states) / 4,
        "0": found.hidden_states[0],
        "2": found.hidden_states[2],
    }[layer]
    encoder = load_encoder(parsed(f"{kind}:{folders[kind]}@{layer}"))
    torch.testing.assert_close(encoder(sound(3)), wanted, atol=1e-5, rtol=1e-5)


@torch.inference_mode()
def test_whisper_hears_its_own_spectra_and_nothing_of_the_padding(folders: dict[str, Path]) -> None:
    network = transformers.WhisperModel.from_pretrained(folders["whisper"])
    mel = transformers.WhisperFeatureExtractor(feature_size=80, chunk_length=4)
    clip = (sound(2.5) * SPEECH_LEVEL).numpy()[0]
    spectra = mel(clip, sampling_rate=16_000, return_tensors="pt").input_features
    encoder = load_encoder(parsed(f"whisper:{folders['whisper']}"))
    wanted = network.encoder(spectra).last_hidden_state[:, :125]
    torch.testing.assert_close(encoder(sound(2.5)), wanted, atol=1e-5, rtol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize("samples", [1, 399, 400, 719, 720, 16_000])
@pytest.mark.parametrize("kind", KINDS)
def test_every_length_has_its_states(kind: str, samples: int, folders: dict[str, Path]) -> None:
    encoder = load_encoder(parsed(f"{kind}:{folders[kind]}"))
    assert encoder(torch.randn(2, samples)).shape == (2, encoder.states(samples), 32)


@torch.inference_mode()
@pytest.mark.parametrize(("norm", "most"), [("group", 0.05), ("layer", 0.005)])
@pytest.mark.parametrize("kind", CONVOLVING)
def test_block_after_block_is_the_whole(kind: str, norm: str, most: float, tmp_path: Path) -> None:
    # Norms over groups look at all of a sound, so that they differ more.
    save_tiny(kind, tmp_path, feat_extract_norm=norm, do_stable_layer_norm=norm == "layer")
    encoder = load_encoder(parsed(f"{kind}:{tmp_path}"))
    long = sound(41.3)
    parts = encoder(long)
    encoder.block = long.shape[1]
    whole = encoder(long)
    assert parts.shape == whole.shape
    error = (parts - whole).square().mean().sqrt()
    assert error < most * (whole - whole.mean(1, keepdim=True)).square().mean().sqrt()


@torch.inference_mode()
def test_whisper_goes_from_block_to_block_without_a_jump(folders: dict[str, Path]) -> None:
    encoder = load_encoder(
        parsed(f"whisper:{folders['whisper']}")
    )  # blocks of 4 s here, new ones after 2.68 s
    states = encoder(sound(9))
    assert states.shape == (1, 450, 32)
    jumps = states[0].diff(dim=0).abs().mean(1)
    seams = torch.cat([jumps[134 + 16 : 134 + 50], jumps[268 + 16 : 268 + 50]])
    assert seams.max() < 1.3 * jumps.quantile(0.99)
    inner = encoder(sound(9)[:, 134 * 320 : 334 * 320])
    torch.testing.assert_close(states[:, 134 + 60 : 134 + 130], inner[:, 60:130], atol=1e-5, rtol=1e-5)


def test_hearing_shows_how_far_it_is_and_can_be_ended(folders: dict[str, Path]) -> None:
    ear, shares = f"whisper:{folders['whisper']}", list[float]()
    long = np.resize(SPEECH, 9 * 16_000)

    def ended(share: float) -> None:
        shares.append(share)
        if share > 0.7:
            raise InterruptedError

    listen(long, 30, ear, shares.append)
    assert len(shares) == 3
    assert sorted(shares) == shares
    assert shares[-1] == 1
    with pytest.raises(InterruptedError):
        listen(long, 30, ear, ended)
    assert shares[3:] == shares[: len(shares) - 3]


@pytest.mark.parametrize("fps", [25, 30, 60])
@pytest.mark.parametrize("kind", KINDS)
def test_states_are_in_time_with_the_motion(kind: str, fps: float, folders: dict[str, Path]) -> None:
    noise = np.random.default_rng(0).normal(0, 0.3, 3 * 16_000).astype(np.float32)
    other = noise.copy()
    other[16_000:32_000] = noise[32_000:16_000:-1]
    ear = f"{kind}:{folders[kind]}@0"  # before attention, which spreads what it hears
    features = listen(noise, fps, ear)
    assert features.shape == (3 * fps + 1, size_of(ear, fps))
    change = np.abs(features - listen(other, fps, ear)).mean(1)
    changed = np.flatnonzero(change > 0.5 * np.median(change[fps + 5 : 2 * fps - 5]))
    assert changed[0] / fps == pytest.approx(1.0, abs=0.05)
    assert changed[-1] / fps == pytest.approx(2.0, abs=0.05)


def test_an_encoder_is_found_again_by_its_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_tiny("hubert", tmp_path / "there" / "base")
    ear = fixed(f"hubert:{tmp_path / 'there' / 'base'}@1")
    before = listen(SPEECH[:8_000], 30, ear)
    heard = identity(ear)
    (tmp_path / "there").rename(tmp_path / "elsewhere")
    with pytest.raises(EncoderError, match=r"hubert encoder base \(weights [0-9a-f]{16}\)") as refused:
        pinned(parsed(ear))
    assert str(tmp_path / "there" / "base") in str(refused.value)
    assert VARIABLE in str(refused.value)
    for place in ("elsewhere", "elsewhere/base"):
        monkeypatch.setenv(VARIABLE, f"{tmp_path / 'nowhere'}:{tmp_path / place}")
        assert identity(ear) == heard
        np.testing.assert_array_equal(listen(SPEECH[:8_000], 30, ear), before)
    save_tiny("hubert", tmp_path / "there" / "base", seed=1)  # another one of that name is not taken for it
    assert pinned(parsed(ear)).folder == tmp_path / "elsewhere" / "base"
    shutil.rmtree(tmp_path / "elsewhere")
    with pytest.raises(EncoderError, match="which is not in"):
        pinned(parsed(ear))
    assert identity(f"hubert:{tmp_path / 'there' / 'base'}@1") != heard


def broken(folder: Path, fault: str) -> None:
    if fault == "no such folder":
        shutil.rmtree(folder)
    elif fault == "no config.json":
        (folder / "config.json").unlink()
    elif fault == "no JSON":
        (folder / "config.json").write_text("{")
    elif fault == "safetensors":
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    elif fault == "damaged":
        (folder / "model.safetensors").write_bytes(b"\x09" * 100)
    elif fault == "lacks weights":
        from safetensors.torch import load_file, save_file

        tensors = load_file(folder / "model.safetensors")
        del tensors["encoder.layers.1.final_layer_norm.weight"]
        save_file(tensors, folder / "model.safetensors", {"format": "pt"})


@pytest.mark.parametrize(
    "fault", ["no such folder", "no config.json", "no JSON", "safetensors", "damaged", "lacks weights"]
)
def test_a_folder_that_is_no_encoder_is_named(fault: str, tmp_path: Path, caplog) -> None:
    folder = tmp_path / fault.replace(" ", "-")
    save_tiny("wav2vec2", folder)
    broken(folder, fault)
    with pytest.raises(EncoderError, match=fault) as refused:
        load_encoder(parsed(f"wav2vec2:{folder}"))
    assert str(folder) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_wrong_names_are_one_sentence(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EncoderError, match="is of kind hubert, not wavlm"):
        load_encoder(parsed(f"wavlm:{folders['hubert']}"))
    with pytest.raises(EncoderError, match="layer 7 is wanted of an encoder with 3"):
        load_encoder(parsed(f"hubert:{folders['hubert']}@7"))
    with pytest.raises(EncoderError, match="mel, phones, deepspeech, sound, or KIND:FOLDER, not 'third'"):
        fixed("third")
    with pytest.raises(EncoderError, match="KIND of wav2vec2, hubert, wavlm, whisper"):
        fixed("speech2vec:there")
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(EncoderError, match=r"requirements\.py hear"):
        load_encoder(parsed(f"hubert:{folders['hubert']}"))
