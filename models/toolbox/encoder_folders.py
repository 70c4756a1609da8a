"""Where a pretrained encoder lies, and whether it is the one that was meant.

An ear names an encoder as ``kind:folder``, perhaps with ``@layer`` behind it; `pinned` adds ``#`` and a hash
of the weights, by which the encoder is found again in another place. A graph of DeepSpeech is a file.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from models.checkpoint import CheckpointError

VARIABLE = "EDITABLE_LIPSYNC_ENCODERS"
"""Environment variable: folders of encoders, or folders of such folders, as in ``PATH``."""
KINDS = ("wav2vec2", "hubert", "wavlm", "whisper")
"""That are folders of transformers."""
GRAPH, SUFFIXES = "deepspeech", (".tflite", ".pb")
GRAPHS = " or ".join(f"*{suffix}" for suffix in SUFFIXES)
DATASET = f"{GRAPH}:dataset"
"""The ear of a network that learnt from windows of DeepSpeech which came with the dataset: any graph of
DeepSpeech does where it speaks."""
LAST, MEAN = "last", "mean"
DIGITS = 16
"""Of the hash, in hexadecimal."""
_NAME = re.compile(
    rf"(?P<kind>{'|'.join((*KINDS, GRAPH))}):(?P<folder>.+?)"
    rf"(?:@(?P<layer>{LAST}|{MEAN}|\d+))?(?:#(?P<digest>[0-9a-f]{{{DIGITS}}}))?"
)


class EncoderError(CheckpointError):
    """An encoder is named wrongly, missing, damaged, or another one than was meant."""


@dataclass(frozen=True)
class EncoderName:
    """What an ear says of its encoder.

    Attributes
    ----------
    kind : str
        Of `KINDS`, or `GRAPH`.
    folder : Path
        With ``config.json`` and weights as safetensors; of a graph, the file.
    layer : str
        ``last``, ``mean`` of all, or a number: 0 for what goes into the first layer.
    digest : str
        Of the weights; empty where any will do.
    """

    kind: str
    folder: Path
    layer: str = LAST
    digest: str = ""

    def __str__(self) -> str:
        layer = "" if self.layer == LAST else f"@{self.layer}"
        return f"{self.kind}:{self.folder}{layer}" + (f"#{self.digest}" if self.digest else "")


def parsed(ear: str) -> EncoderName:
    """Take the name of an encoder apart.

    Raises
    ------
    EncoderError
        It is none.
    """
    found = _NAME.fullmatch(ear)
    if not found:
        raise EncoderError(f"{ear!r} is no encoder; write KIND:FOLDER, KIND of {', '.join(KINDS)}")
    return EncoderName(found["kind"], Path(found["folder"]), found["layer"] or LAST, found["digest"] or "")


def pinned(name: EncoderName) -> EncoderName:
    """Fix a name to the weights that lie there now.

    Raises
    ------
    EncoderError
        There are none.
    """
    folder = located(name).resolve()
    return replace(name, folder=folder, digest=digest_of(folder))


def located(name: EncoderName) -> Path:
    """Find the folder of an encoder: where it was, or under one that `VARIABLE` names.

    Raises
    ------
    EncoderError
        It is in neither place.
    """
    found = next((folder for folder in _candidates(name) if _is_meant(folder, name)), None)
    if found is not None:
        return found
    if str(name) == DATASET:
        raise EncoderError(f"hears DeepSpeech: set {VARIABLE} to the folder with its graph ({GRAPHS})")
    if not name.digest:
        raise EncoderError(f"{name.folder}: {_fault(name.folder, name.kind)}")
    raise EncoderError(
        f"hears through the {name.kind} encoder {name.folder.name} (weights {name.digest}), which is not in "
        f"{name.folder}; set {VARIABLE} to the folder it lies in"
    )


def digest_of(folder: Path) -> str:
    """Return the hash of an encoder's weights, of `DIGITS` digits."""
    files = (folder,) if folder.is_file() else tuple(sorted(folder.glob("*.safetensors")))
    return _digest(files, tuple(path.stat().st_mtime_ns for path in files))


@lru_cache(maxsize=64)
def _digest(files: tuple[Path, ...], _changed: tuple[int, ...]) -> str:
    total = hashlib.sha256()
    for path in files:
        with path.open("rb") as stored:
            total.update(hashlib.file_digest(stored, "sha256").digest())
    return total.hexdigest()[:DIGITS]


def _candidates(name: EncoderName) -> Iterator[Path]:
    yield name.folder
    for word in filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)):
        place = Path(word)
        yield from (place, place / name.folder.name)
        if place.is_dir():
            yield from sorted(place.iterdir())


def _is_meant(folder: Path, name: EncoderName) -> bool:
    if _fault(folder, name.kind):
        return False
    if str(name) == DATASET:
        return True
    # Without a hash the name must do: any other encoder would be a guess.
    return digest_of(folder) == name.digest if name.digest else folder.name == name.folder.name


def _fault(folder: Path, kind: str) -> str:
    if kind == GRAPH:
        return (
            "" if folder.is_file() and folder.suffix in SUFFIXES else f"no graph: a file {GRAPHS} is wanted"
        )
    if not folder.is_dir():
        return "no such folder"
    if not (folder / "config.json").is_file():
        return "no folder of an encoder: there is no config.json"
    if not any(folder.glob("*.safetensors")):
        return "no weights as safetensors (other files could run code and are not opened)"
    return ""
