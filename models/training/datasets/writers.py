"""Write datasets in the published layouts, to the byte that their readers care for."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.training.datasets.line import Floats, Line
from models.training.datasets.mediapipe import REST, SPLIT

PROTOCOL = 2
"""The newest that Python 2 understands, as the published files are written."""


def write_vocaset(folder: Path, lines: Iterable[Line]) -> None:
    """Write lines of 60 Hz and their templates as `vocaset.read_vocaset` reads them.

    Names are ``<speaker>_<sentence>``. DeepSpeech's windows are written where all lines have them.
    """
    lines = list(lines)
    sounds: dict[str, dict[str, Any]] = {}
    windows: dict[str, dict[str, Any]] = {}
    rows: dict[str, dict[str, dict[int, int]]] = {}
    first = 0
    for line in lines:
        speaker, _, sentence = line.name.rpartition("_")
        sound = {"audio": to_int16(line.samples), "sample_rate": line.rate}
        sounds.setdefault(speaker, {})[sentence] = sound
        windows.setdefault(speaker, {})[sentence] = {**sound, "audio": line.deepspeech}
        rows.setdefault(speaker, {})[sentence] = {n: first + n for n in range(len(line.motion))}
        first += len(line.motion)
    save_array(folder / "data_verts.npy", np.concatenate([_vertices(line.motion) for line in lines]))
    save_pickle(folder / "raw_audio_fixed.pkl", sounds)
    save_pickle(folder / "subj_seq_to_idx.pkl", rows)
    save_pickle(folder / "templates.pkl", {line.speaker: line.template for line in lines})
    if all(line.deepspeech is not None for line in lines):
        save_pickle(folder / "processed_audio_deepspeech.pkl", windows)


def write_faceformer(folder: Path, lines: Iterable[Line]) -> None:
    """Write an array and a recording a line, as `faceformer.read_faceformer` reads them."""
    templates = {}
    for line in lines:
        save_array(folder / "vertices_npy" / f"{line.name}.npy", line.motion)
        write_sound(folder / "wav" / f"{line.name}.wav", line)
        templates[line.speaker] = line.template
    save_pickle(folder / "templates.pkl", templates)


def write_mediapipe(folder: Path, lines: Iterable[Line], parts: Mapping[str, str] | None = None) -> None:
    """Write lines of 25 Hz and 16 kHz, their template and their parts as `mediapipe` reads them."""
    for line in lines:
        points = _vertices(line.motion).transpose(0, 2, 1).astype(np.float64)
        save_array(folder / "landmarks" / f"{line.name}.npy", points)
        save_array(folder / "audios" / f"{line.name}.npy", line.samples)
        save_array(folder / "validity" / f"{line.name}.npy", line.valid)
        if line.template is not None:
            save_array(folder / REST, line.template.T.astype(np.float64))
    if parts is not None:
        rows = "\n".join(f"{name}.npy\t{part}" for name, part in parts.items())
        (folder / SPLIT).write_text(rows, encoding="utf-8")


def write_mead3d(folder: Path, lines: Iterable[Line]) -> None:
    """Write vertices or FLAME's coefficients in folders by speaker, emotion and level."""
    templates = {}
    for line in lines:
        clip = line.name.rpartition("/")[2]
        path = folder / line.speaker / line.emotion / f"level_{line.level}" / clip
        write_sound(path.with_suffix(".wav"), line)
        if line.space.startswith("pca:"):
            np.savez(path.with_suffix(".npz"), gt_exp=line.motion[:, :-3], gt_jaw=line.motion[:, -3:])
        else:
            save_array(path.with_suffix(".npy"), _vertices(line.motion))
            templates[line.speaker] = line.template
    if templates:
        save_pickle(folder / "templates.pkl", templates)


def write_sequences(folder: Path, lines: Iterable[Line], suffix: Literal[".npy", ".npz", ".obj"]) -> None:
    """Write a recording a line and beside it an array, an archive, or a folder of one point cloud a frame."""
    for line in lines:
        path = folder / line.name
        write_sound(path.with_suffix(".wav"), line)
        if suffix == ".npy":
            save_array(path.with_suffix(".npy"), _vertices(line.motion))
        elif suffix == ".npz":
            np.savez(path.with_suffix(".npz"), vertices=_vertices(line.motion), fps=line.fps)
        else:
            path.mkdir(parents=True, exist_ok=True)
            for number, frame in enumerate(_vertices(line.motion), 1):
                np.savetxt(path / f"{path.name}_{number:04}.obj", frame, "v %.9g %.9g %.9g")
        if line.template is not None:
            save_array(path.parent / "template.npy", line.template)


def write_sound(path: Path, line: Line) -> None:
    """Write the voice as 16-bit WAV."""
    import soundfile

    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, to_int16(line.samples), line.rate, subtype="PCM_16")


def to_int16(samples: Floats) -> NDArray[np.int16]:
    """Scale samples of -1..1 to 16-bit numbers."""
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)


def _vertices(motion: Floats) -> Floats:
    return motion.reshape(len(motion), -1, 3)


def save_array(path: Path, values: NDArray[Any]) -> None:
    """Write a .npy file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, values, allow_pickle=False)


def save_pickle(path: Path, content: dict[str, Any]) -> None:
    """Write a pickle that Python 2 can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(content, PROTOCOL))
