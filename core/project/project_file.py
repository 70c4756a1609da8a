"""The project file: a `Document` as readable, diffable, versioned JSON with the suffix ``.lipsync``.

Paths are stored relative to the project, with a hash of what they held, so that a project moves with its
folder and a changed recording is noticed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.atomic import write_bytes
from core.curve import Curve
from core.document import Document, FileRef, Track
from core.errors import InputError
from core.inference.models import SUFFIX as MODEL_SUFFIX
from core.parameters import parameter
from core.project.curve_json import curve_from_json, curve_to_json
from core.transcript import Transcript

SUFFIX = ".lipsync"
FORMAT = "editable-lipsync project"
VERSION = 1

UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From each old version, the function that makes the JSON of the next one."""


def save_project(document: Document, path: Path) -> None:
    """Write a project whole, or leave the old file as it was.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    write_bytes(path, project_json(document, path.parent).encode())


def load_project(path: Path) -> Document:
    """Read a project of this or any older version.

    Raises
    ------
    InputError
        If the file is missing, not a project, damaged, or from a newer version.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(path, "no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, "cannot be read as a project") from error
    return parse_project(text, path)


def project_json(document: Document, folder: Path) -> str:
    """Return the text of a project file that lies in ``folder``."""
    data = {
        "format": FORMAT,
        "version": VERSION,
        "audio": _ref_to_json(document.audio, folder),
        "template": _ref_to_json(document.template, folder),
        "emotions": _ref_to_json(document.emotions, folder),
        "transcript": asdict(document.transcript) if document.transcript else None,
        "model": _model_to_json(document.model, folder),
        "settings": dict(document.settings),
        "fps": document.fps,
        "loop": document.loop,
        "intensity": curve_to_json(document.intensity),
        "part_intensity": {part: curve_to_json(curve) for part, curve in document.part_intensity.items()},
        "style": curve_to_json(document.style) if document.style is not None else None,
        "tracks": [_track_to_json(track) for track in document.tracks],
        "offsets": {channel: curve_to_json(curve) for channel, curve in document.offsets.items()},
        "parameters": {key: curve_to_json(curve) for key, curve in document.parameters.items()},
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def parse_project(text: str, path: Path) -> Document:
    """Read the text of a project file that lies at ``path``; raises as `load_project`."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(path, "not a project, or damaged: it is not valid JSON") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InputError(path, "not a project of this program")
    try:
        return _document(_upgraded(data, path), path.parent)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise InputError(path, f"damaged project: {error}") from error


def _upgraded(data: dict[str, Any], path: Path) -> dict[str, Any]:
    version = data["version"]
    if version > VERSION:
        newer = (
            f"written by a newer version of the program (project version {version}; this one reads {VERSION})"
        )
        raise InputError(path, newer)
    for step in range(version, VERSION):
        data = UPGRADES[step](data)
    return data


def _document(data: dict[str, Any], folder: Path) -> Document:
    fps = float(data["fps"])
    if not 1.0 <= fps <= 1000.0:
        raise ValueError(f"{fps} frames per second")
    loop = data["loop"]
    return Document(
        audio=_ref_from_json(data["audio"], folder),
        template=_ref_from_json(data["template"], folder),
        emotions=_ref_from_json(data["emotions"], folder),
        transcript=_transcript_from_json(data.get("transcript")),
        model=_model_from_json(str(data["model"]), folder),
        settings={str(key): str(value) for key, value in data["settings"].items()},
        fps=fps,
        loop=(float(loop[0]), float(loop[1])) if loop else None,
        intensity=curve_from_json(data["intensity"]),
        part_intensity={part: curve_from_json(curve) for part, curve in data["part_intensity"].items()},
        style=curve_from_json(data["style"]) if data.get("style") else None,
        tracks=tuple(_track_from_json(track) for track in data["tracks"]),
        offsets={channel: curve_from_json(curve) for channel, curve in data["offsets"].items()},
        parameters={k: _parameter_from_json(k, curve) for k, curve in data.get("parameters", {}).items()},
    )


def _parameter_from_json(key: str, curve: dict[str, Any]) -> Curve:
    if parameter(key) is None:
        raise ValueError(f"unknown parameter {key!r}")
    return curve_from_json(curve)


def _transcript_from_json(data: dict[str, Any] | None) -> Transcript | None:
    if data is None:
        return None
    return Transcript(str(data["text"]), str(data["language"]), str(data.get("dictionary", "")))


def _track_to_json(track: Track) -> dict[str, Any]:
    flags = {name: True for name in ("muted", "solo", "locked") if getattr(track, name)}
    return {"name": track.name, **flags, "curve": curve_to_json(track.curve)}


def _track_from_json(data: dict[str, Any]) -> Track:
    flags = {name: bool(data.get(name, False)) for name in ("muted", "solo", "locked")}
    return Track(str(data["name"]), curve_from_json(data["curve"]), **flags)


def _ref_to_json(ref: FileRef | None, folder: Path) -> dict[str, str] | None:
    return {"path": _relative(ref.path, folder), "sha256": ref.sha256} if ref else None


def _ref_from_json(data: dict[str, str] | None, folder: Path) -> FileRef | None:
    return FileRef(_absolute(data["path"], folder), str(data["sha256"])) if data else None


def _model_to_json(model: str, folder: Path) -> str:
    return _relative(Path(model).absolute(), folder) if model.endswith(MODEL_SUFFIX) else model


def _model_from_json(model: str, folder: Path) -> str:
    return str(_absolute(model, folder)) if model.endswith(MODEL_SUFFIX) else model


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive on Windows: only the absolute path leads there
        return path.as_posix()


def _absolute(path: str, folder: Path) -> Path:
    return Path(os.path.normpath(folder.absolute() / path))


def file_ref(path: Path) -> FileRef:
    """Refer to a file or folder as it is now; a missing one gets no hash."""
    return FileRef(path.absolute(), content_hash(path))


def content_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, or of names and sizes in a folder; empty if there is nothing."""
    if path.is_dir():
        listing = sorted(f"{p.name} {p.stat().st_size}" for p in path.iterdir() if p.is_file())
        return hashlib.sha256("\n".join(listing).encode()).hexdigest()
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def changed_files(document: Document) -> tuple[Path, ...]:
    """Files of a document that are missing or no longer what they were when it was saved."""
    refs = (document.audio, document.template, document.emotions)
    return tuple(ref.path for ref in refs if ref and ref.sha256 and content_hash(ref.path) != ref.sha256)
