"""Curves in files of their own: ``curve.json`` and ``curve.csv``, as the command line takes them."""

from __future__ import annotations

import csv
import itertools
import json
import math
from pathlib import Path
from typing import Any

from core.curve import Curve, Tangent
from core.errors import InputError

INTERPOLATIONS = {"auto": Tangent.AUTO, "linear": Tangent.LINEAR, "step": Tangent.STEP}

Keys = list[tuple[float, float]]


def load_curve(path: Path) -> Curve:
    """Read a curve.

    Parameters
    ----------
    path : Path
        ``.json``: ``{"keys": [[seconds, value], ...], "interpolation": "auto"}``, where interpolation is
        ``auto`` (also where not given), ``linear`` or ``step``. ``.csv``: a line ``seconds,value`` for each
        key, with or without that heading. Keys may come in any order.

    Raises
    ------
    InputError
        If the file is missing or not a curve, has no keys, two keys at one time, or a number that is none.
    """
    readers = {".json": _read_json, ".csv": _read_csv}
    if path.suffix.lower() not in readers:
        raise InputError(path, "not a curve: neither .json nor .csv")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(path, "no such file") from error
    except UnicodeDecodeError as error:
        raise InputError(path, "not a curve: it is not text") from error
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror or error}") from error
    keys, tangent = readers[path.suffix.lower()](text, path)
    _check(keys, path)
    return Curve.of(keys, tangent)


def _read_json(text: str, path: Path) -> tuple[Keys, Tangent]:
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(path, "not a curve: it is not valid JSON") from error
    if not isinstance(data, dict) or not isinstance(data.get("keys"), list):
        raise InputError(path, 'not a curve: there is no {"keys": [[seconds, value], ...]}')
    name = data.get("interpolation", "auto")
    if not isinstance(name, str) or name not in INTERPOLATIONS:
        raise InputError(path, f"unknown interpolation {name!r}; there are {', '.join(INTERPOLATIONS)}")
    return [_key(key, number, path) for number, key in enumerate(data["keys"], 1)], INTERPOLATIONS[name]


def _read_csv(text: str, path: Path) -> tuple[Keys, Tangent]:
    rows = [row for row in csv.reader(text.splitlines()) if any(cell.strip() for cell in row)]
    if rows and [cell.strip().lower() for cell in rows[0]] == ["seconds", "value"]:
        rows = rows[1:]
    return [_key(row, number, path) for number, row in enumerate(rows, 1)], Tangent.AUTO


def _key(key: Any, number: int, path: Path) -> tuple[float, float]:
    # JSON's true is a number to Python, and to no one else.
    if isinstance(key, list) and len(key) == 2 and not any(isinstance(part, bool) for part in key):
        try:
            seconds, value = float(key[0]), float(key[1])
        except (TypeError, ValueError, OverflowError):
            seconds = value = math.nan
        if math.isfinite(seconds) and math.isfinite(value):
            return seconds, value
    raise InputError(path, f"key {number} is not a pair of numbers, seconds and value")


def _check(keys: Keys, path: Path) -> None:
    if not keys:
        raise InputError(path, "a curve without keys")
    times = sorted(seconds for seconds, _ in keys)
    for earlier, later in itertools.pairwise(times):
        if earlier == later:
            raise InputError(path, f"two keys at {later:g} s")
