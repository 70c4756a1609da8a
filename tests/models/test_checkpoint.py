"""Checkpoints come back as they were, and anything else is refused with a reason."""

import json
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from models.checkpoint import CheckpointError, ModelCard, load_checkpoint, save_checkpoint
from models.speech2face import Speech2Face, Speech2FaceConfig

CARD = ModelCard("small", "arkit", 60, 16_000, "Apache-2.0", "none", Speech2FaceConfig(width=16))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    torch.manual_seed(3)
    path = tmp_path / "small.safetensors"
    save_checkpoint(path, CARD, Speech2Face(CARD.network), torch.linspace(-1, 1, 64))
    return path


def test_card_and_weights_come_back(small: Path) -> None:
    torch.manual_seed(3)
    net = Speech2Face(CARD.network)
    loaded = load_checkpoint(small)
    assert loaded.card == CARD
    assert not loaded.net.training
    for name, value in net.named_parameters():
        assert torch.allclose(loaded.net.get_parameter(name), value, atol=1e-3)


def test_hash_names_the_content(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    save_checkpoint(other, CARD, Speech2Face(CARD.network), torch.zeros(64))
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(small.read_bytes())
    assert load_checkpoint(copy).content_hash == load_checkpoint(small).content_hash
    assert load_checkpoint(other).content_hash != load_checkpoint(small).content_hash


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00" * 100, pickle.dumps({"net": 1}), b"\xff" * 9])
def test_garbage_and_pickles_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "garbage.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="safetensors"):
        load_checkpoint(path)


def test_a_torch_pickle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    torch.save({"a": torch.zeros(3)}, path)
    with pytest.raises(CheckpointError):
        load_checkpoint(path)


def test_foreign_safetensors_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    save_file({"a": torch.zeros(3)}, path)
    with pytest.raises(CheckpointError, match="not a speech model"):
        load_checkpoint(path)


def test_a_newer_format_is_refused(small: Path) -> None:
    card = json.dumps({"from": "the future"})
    save_file(load_file(small), small, {"format": "editable-lipsync", "version": "99", "card": card})
    with pytest.raises(CheckpointError, match="newer"):
        load_checkpoint(small)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused(small: Path, share: float) -> None:
    content = small.read_bytes()
    small.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(CheckpointError):
        load_checkpoint(small)


def test_missing_weights_are_refused(small: Path) -> None:
    from safetensors import safe_open

    with safe_open(small, "pt") as stored:
        metadata = stored.metadata()
    tensors = load_file(small)
    del tensors["enter.weight"]
    save_file(tensors, small, metadata)
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(small)
