"""Reading others' checkpoints: tensors come through, and nothing else does anything."""

import io
import pickle
import zipfile
from argparse import Namespace
from pathlib import Path

import pytest
import torch

from core.errors import InputError
from models.training.importing.torch_files import read_tensors


class _Bomb:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return (Path.touch, (self.mark,))


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_tensors(path)
    assert caught.value.source == str(path)
    assert "\n" not in caught.value.reason
    return caught.value.reason


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "network.pth"


@pytest.mark.parametrize("wrapper", [None, "state_dict", "model"])
def test_tensors_come_as_they_were_saved(path: Path, wrapper: str | None) -> None:
    tensors = {"a.weight": torch.randn(3, 4), "b": torch.arange(5), "half": torch.ones(2).half()}
    torch.save({wrapper: tensors, "epoch": 3} if wrapper else tensors, path)
    found = read_tensors(path)
    assert list(found) == list(tensors)
    assert all(torch.equal(found[name], tensors[name]) for name in ("a.weight", "b"))
    assert found["half"].dtype is torch.float32


def test_a_checkpoint_that_would_run_code_is_refused_and_does_not_run(path: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    torch.save({"weight": torch.zeros(2), "more": _Bomb(mark)}, path)
    assert "refused" in refusal(path)
    assert not mark.exists()


def test_a_bare_pickle_is_refused_and_does_not_run(path: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    path.write_bytes(pickle.dumps(_Bomb(mark)))
    assert "torch 1.6" in refusal(path)
    assert not mark.exists()


def test_arguments_saved_beside_the_tensors_are_named(path: Path) -> None:
    torch.save({"state_dict": {"a": torch.zeros(1)}, "args": Namespace(lr=1)}, path)
    assert "argparse.Namespace" in refusal(path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_checkpoint_is_refused(path: Path, share: float) -> None:
    torch.save({"weight": torch.randn(100, 100)}, path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "cut short" in refusal(path)


def test_a_damaged_checkpoint_is_refused(path: Path) -> None:
    torch.save({"weight": torch.randn(4)}, path)
    content = bytearray(path.read_bytes())
    start = content.index(b"ctorch")
    content[start : start + 8] = b"\xff" * 8
    path.write_bytes(bytes(content))
    refusal(path)


def test_an_archive_that_unpacks_to_more_is_refused(path: Path) -> None:
    stored = io.BytesIO()
    torch.save({"weight": torch.zeros(1000, 1000)}, stored)
    with zipfile.ZipFile(stored) as plain, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in plain.namelist():
            packed.writestr(name, plain.read(name))
    assert path.stat().st_size < 100_000
    assert "compressed" in refusal(path)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (torch.zeros(1).expand(1 << 40), "no plain tensor"),
        (torch.eye(3).to_sparse(), "no plain tensor"),
        ([1, 2], "is a list"),
    ],
)
def test_only_plain_tensors_are_taken(path: Path, value: object, said: str) -> None:
    torch.save({"weight": value}, path)
    assert said in refusal(path)


@pytest.mark.parametrize("stored", [torch.zeros(3), [torch.zeros(3)], {}])
def test_tensors_need_names(path: Path, stored: object) -> None:
    torch.save(stored, path)
    assert "state_dict()" in refusal(path)


def test_a_missing_file_is_named(path: Path) -> None:
    assert "cannot be read" in refusal(path)
