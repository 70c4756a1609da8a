"""Damage of every layout, in its bytes and in its structure: always one clause that names a file of it."""

import json
import pickle
import random
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.training.datasets.blendshape_arrays import read_blendshape_arrays
from models.training.datasets.layouts import LAYOUTS
from models.training.datasets.line import DatasetError, Line
from models.training.datasets.sequences import read_sequences
from models.training.datasets.vocaset import read_vocaset
from models.training.datasets.writers import write_mead3d, write_mediapipe, write_sequences
from tests.models.training.datasets.dataset_lines import line, with_windows

READ = {
    **{name: layout.read for name, layout in LAYOUTS.items()},
    "vocaset": lambda folder: read_vocaset(folder, deepspeech=True),
    "blendshape-arrays": lambda folder: read_blendshape_arrays(folder, deepspeech=True),
    "archives": lambda folder: read_sequences(folder, "own"),
    "meshes": lambda folder: read_sequences(folder, "own"),
    "coefficients": LAYOUTS["mead3d"].read,
}
JUNK: list[Any] = [
    *(None, -1, 10**12, 1.5, "", "x", [], {}, [1, 2], {"a": 1}, {0: "x"}, {0: 1.5}, {"x": 0, 1: 0}),
    *(
        np.zeros(0),
        np.zeros(()),
        np.zeros(3, np.int16),
        np.zeros((4, 3)),
        np.zeros((2, 16, 29)),
        np.array("x"),
    ),
    *(np.float32("nan"), np.full((4, 3), np.nan), np.full((3, 12), 1e300), np.zeros((3, 2), complex)),
    *(np.zeros((2, 3, 468), np.int8), np.zeros((3, 12), [("a", "f4")]), np.zeros((2, 40, 1), "S4")),
]
CELLS = ("", "x", "nan", "1e400", '"', ",,,", "\0", "-1", "🙂")


def lines_of(name: str) -> list[Line]:
    spoken = {
        "blendshape-arrays": [with_windows(line("1.mp4", 52, 30, "arkit"))],
        "beat": [line("2_scott_0_1_1", 52, 60, "arkit")],
        "livelink": [line("Ann/one", 52, 60, "arkit")],
        "mediapipe": [line("one_1", 1404, 25, "landmarks:mediapipe468", 0.1)],
        "biwi": [line("F2_e01", 12, 25)],
        "coefficients": [replace(line("one", 53, 30, "arkit"), space="pca:flame", speaker="M3", level=1)],
        "mead3d": [replace(line("one", 12, 30), speaker="M3", level=1)],
    }
    default = line("Ann/one" if name in ("sequences", "archives", "meshes") else "Ann_1", 12, seconds=0.1)
    return spoken.get(name, [with_windows(default)])


def write(name: str, folder: Path) -> None:
    lines = lines_of(name)
    if name in ("archives", "meshes"):
        write_sequences(folder, lines, ".npz" if name == "archives" else ".obj")
    elif name == "coefficients":
        write_mead3d(folder, lines)
    elif name == "mediapipe":
        write_mediapipe(folder, lines, {"one_1": "train"})
    else:
        LAYOUTS[name].write(folder, lines)


def places(content: Any, path: tuple = ()) -> Iterator[tuple]:
    """All places in nested dictionaries and lists; of a list, the first three."""
    yield path
    if isinstance(content, dict):
        for key, value in content.items():
            yield from places(value, (*path, key))
    elif isinstance(content, list):
        for number, value in enumerate(content[:3]):
            yield from places(value, (*path, number))


def exchanged(content: Any, path: tuple, part: Any) -> Any:
    if not path:
        return part
    copy = dict(content) if isinstance(content, dict) else list(content)
    copy[path[0]] = exchanged(content[path[0]], path[1:], part)
    return copy


def rebuilt(path: Path, draw: random.Random) -> bytes:
    """The same file with one part of it exchanged."""
    if path.suffix in (".pkl", ".json"):
        stored, dump = (pickle.loads, pickle.dumps) if path.suffix == ".pkl" else (json.loads, json_bytes)
        content = stored(path.read_bytes())
        return dump(exchanged(content, draw.choice(list(places(content))), draw.choice(JUNK)))
    if path.suffix == ".npy":
        return saved(np.save, np.asarray(draw.choice(JUNK)), path)
    if path.suffix == ".npz":
        with np.load(path) as stored_arrays:
            arrays = dict(stored_arrays)
        arrays[draw.choice(list(arrays))] = np.asarray(draw.choice(JUNK))
        return saved(np.savez, arrays, path)
    rows = path.read_bytes().splitlines()
    row, cell = draw.randrange(len(rows)), draw.choice(CELLS).encode()
    rows[row] = draw.choice([cell, rows[row] + b"," + cell, rows[row].replace(b"0", cell, 1)])
    return b"\n".join(rows)


def json_bytes(content: Any) -> bytes:
    return json.dumps(
        content, default=lambda array: array.tolist() if array.dtype.kind in "fiU" else None
    ).encode()


def saved(save: Any, content: Any, path: Path) -> bytes:
    whole = path.read_bytes()
    save(path, **content) if isinstance(content, dict) else save(path, content)
    damaged = path.read_bytes()
    path.write_bytes(whole)
    return damaged


def torn(path: Path, draw: random.Random) -> bytes:
    """The same file cut short, or with some bytes exchanged, mostly those of its head."""
    content = bytearray(path.read_bytes())
    if draw.random() < 0.3:
        return bytes(content[: draw.randrange(len(content))])
    for _ in range(5):
        content[draw.randrange(min(len(content), draw.choice([120, 2000, 10**6])))] = draw.randrange(256)
    return bytes(content)


@pytest.mark.parametrize("damage", [rebuilt, torn])
@pytest.mark.parametrize("name", READ)
def test_a_damaged_file_is_named_in_one_clause(tmp_path: Path, name: str, damage: Any) -> None:
    write(name, tmp_path)
    draw, refused = random.Random(name), 0
    assert READ[name](tmp_path)[0].load().motion.any()
    for path in sorted(each for each in tmp_path.rglob("*.*") if each.is_file()):
        if damage is rebuilt and path.suffix == ".wav":
            continue
        whole = path.read_bytes()
        for _ in range(15):
            path.write_bytes(damage(path, draw))
            try:
                with warnings.catch_warnings(action="error"):
                    READ[name](tmp_path)[0].load()
            except DatasetError as error:
                refused += 1
                assert tmp_path in (error.path, *error.path.parents)
                assert 10 < len(error.reason) < 400 and "\n" not in error.reason
            path.write_bytes(whole)
    assert refused > 5
