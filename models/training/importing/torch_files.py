"""Read the tensors of a checkpoint that torch saved, without running what is in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from core.errors import InputError

Tensors = dict[str, torch.Tensor]
WRAPPERS = ("state_dict", "model_state_dict", "model", "net")
"""Names under which training programs put the tensors beside other things."""


def read_tensors(path: Path) -> Tensors:
    """Read named tensors.

    Returns
    -------
    dict of str to tensor
        Numbers as float32, on the CPU.

    Raises
    ------
    InputError
        The file is missing, none of torch's, damaged, holds anything but tensors, or asks for code to be run.
    """
    _check_archive(path)
    try:
        stored = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged pickle can fail in any of its instructions
        raise InputError(path, _fault(error)) from error
    wrapped = [stored[name] for name in WRAPPERS if isinstance(stored, Mapping) and name in stored]
    tensors = next((each for each in wrapped if isinstance(each, Mapping)), stored)
    if not isinstance(tensors, Mapping) or not tensors:
        raise InputError(path, "holds no named tensors; save the network's state_dict()")
    return {str(name): _plain(path, str(name), value) for name, value in tensors.items()}


def _check_archive(path: Path) -> None:
    """Make sure that what is read is no larger than the file."""
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        reason = "not a checkpoint of torch 1.6 or newer, or cut short; older ones can be saved again by it"
        raise InputError(path, reason) from error
    if any(entry.compress_type for entry in entries) or sum(entry.file_size for entry in entries) > size:
        raise InputError(path, "not a checkpoint of torch: its archive is compressed")


def _plain(path: Path, name: str, value: Any) -> torch.Tensor:
    if not isinstance(value, torch.Tensor):
        raise InputError(path, f"{name} is a {type(value).__name__} and no tensor")
    dense = value.layout is torch.strided and not value.is_quantized and value.device.type == "cpu"
    if not dense or value.untyped_storage().nbytes() < value.numel() * value.element_size():
        raise InputError(path, f"{name} is no plain tensor")
    return value.detach().float() if value.is_floating_point() else value.detach()


def _fault(error: Exception) -> str:
    asked = re.search(r"(?:Unsupported global: GLOBAL|Can only load|Trying to \w+) ([\w.]+)", str(error))
    if asked:
        return f"asks for {asked.group(1)}, which is refused: only tensors are read"
    return "damaged, or holds more than tensors, which are all that is read"
