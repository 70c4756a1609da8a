"""Read the pickles of published datasets without running what is in them.

A pickle is a program. This reader knows only the instructions that build plain values, and hands out its own
stand-ins where the pickle asks for numpy: no numpy constructor, no ``__setstate__`` and no class of a module
is ever within reach of the file. Datasets made by Python 2 and by either generation of numpy are understood.
"""

from __future__ import annotations

import gzip
import io
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from models.training.pickles.arrays import Budget, StoredArray, StoredDtype, UnsafePickle

LIMIT = 2 << 30
"""Bytes a file may hold after decompression, and its arrays together."""
DEEPEST = 32
"""Containers within one another; datasets have about four."""
PLAIN = (str, bytes, int, float, type(None), np.generic)
REFUSED = (
    *("PERSID", "BINPERSID", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "EXT1", "EXT2", "EXT4"),
    *("EMPTY_SET", "ADDITEMS", "FROZENSET", "NEXT_BUFFER", "READONLY_BUFFER"),
)
"""Instructions of the pickle machine that no dataset needs."""


def load_pickle(path: Path, limit: int = LIMIT) -> Any:
    """Read a pickle, also one compressed with gzip.

    Parameters
    ----------
    path : Path
    limit : int
        Bytes that the file and its arrays may take.

    Returns
    -------
    object
        Dictionaries, lists, tuples, text, bytes, numbers, numpy scalars and (read-only) arrays. Text of
        Python 2 is read as Latin-1, so bytes of Python 2 come out as ``str``.

    Raises
    ------
    UnsafePickle
        If it asks for anything else; the message names the file and what was asked for.
    ValueError
        If the file is damaged or larger than the limit.
    OSError
        If it cannot be read.
    """
    try:
        return loads_pickle(_content(path, limit), limit)
    except UnsafePickle as error:
        raise UnsafePickle(f"{path}: {error}") from error
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def loads_pickle(content: bytes, limit: int = LIMIT) -> Any:
    """Read a pickle in memory, as `load_pickle` does."""
    try:
        return _plain(_Reader(content, limit).load(), {}, 0)
    except UnsafePickle:
        raise
    except Exception as error:  # a damaged program can fail in any of its instructions
        raise ValueError(f"is no pickle, or a damaged one ({error or type(error).__name__})") from error


def _content(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        try:
            content = gzip.GzipFile(fileobj=file).read(limit + 1) if compressed else file.read(limit + 1)
        except (EOFError, OSError) as error:
            if not compressed:
                raise
            raise ValueError(f"is a damaged gzip file ({error})") from error
    if len(content) > limit:
        raise ValueError(f"holds more than {limit} bytes")
    return content


class _Allowed:
    """A function the pickle may call, and do nothing else with."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __call__(self, *arguments: Any) -> Any:
        return self._call(*arguments)


class _Reader(pickle._Unpickler):
    """The standard library's unpickler in Python, which keeps its memo in a dictionary.

    The one in C allocates as much memory as the largest memo number in the file asks for.
    """

    stack: list[Any]
    read: Callable[[int], bytes]
    dispatch = dict(pickle._Unpickler.dispatch)  # noqa: RUF012  # the library's own table, made stricter below

    def __init__(self, content: bytes, limit: int) -> None:
        super().__init__(io.BytesIO(content), encoding="latin1")
        self.budget = Budget(limit)

    def find_class(self, module: str, name: str) -> Any:
        known = ALLOWED.get((module.replace("numpy._core", "numpy.core"), name))
        if known is None:
            raise UnsafePickle(f"asks for {module}.{name}, which is refused")
        return _Allowed(lambda *arguments: known(self.budget, *arguments))


def _guarded(name: str, check: Callable[[_Reader], None]) -> None:
    """Put a check before an instruction of the pickle machine."""
    code = ord(getattr(pickle, name))
    carry_out = pickle._Unpickler.dispatch[code]

    def guarded(reader: Any) -> None:
        check(reader)
        carry_out(reader)

    _Reader.dispatch[code] = guarded


def _refuse(name: str) -> Callable[[_Reader], None]:
    def refuse(_: _Reader) -> None:
        raise UnsafePickle(f"uses the instruction {name}, which is refused")

    return refuse


def _only_simple_keys(first: int | None, last: int | None = None) -> Callable[[_Reader], None]:
    """Hashing a deeply nested tuple would overflow the C stack."""

    def check(reader: _Reader) -> None:
        if not all(isinstance(key, PLAIN) for key in reader.stack[first:last:2]):
            raise UnsafePickle("has a key that is neither text nor number, which is refused")

    return check


def _only_own_states(reader: _Reader) -> None:
    if not isinstance(reader.stack[-2], StoredArray | StoredDtype):
        raise UnsafePickle(f"sets the state of a {type(reader.stack[-2]).__name__}, which is refused")


def _load_bytearray(reader: Any) -> None:
    """Read first and allocate then; the library does it the other way round."""
    (size,) = struct.unpack("<Q", reader.read(8))
    reader.stack.append(bytearray(reader.read(size)))


_Reader.dispatch[ord(pickle.BYTEARRAY8)] = _load_bytearray
for _name in REFUSED:
    _guarded(_name, _refuse(_name))
_guarded("SETITEM", _only_simple_keys(-2, -1))
_guarded("SETITEMS", _only_simple_keys(None))
_guarded("DICT", _only_simple_keys(None))
_guarded("BUILD", _only_own_states)


def _reconstruct(budget: Budget, kind: object, *_: object) -> StoredArray:
    if not isinstance(kind, _Allowed):
        raise UnsafePickle("makes an array of an unknown class, which is refused")
    return StoredArray(budget)


def _scalar(budget: Budget, dtype: object, raw: object = b"") -> Any:
    return budget.array(raw, dtype, (), "C")[()]


def _encode(budget: Budget, text: str, encoding: str = "") -> bytes:
    if encoding not in ("latin1", "latin-1"):
        raise UnsafePickle(f"encodes as {encoding!r}, which is refused")
    return budget.octets(text)


def _ndarray(*_: object) -> Any:
    raise UnsafePickle("calls numpy.ndarray, which is refused")


def _empty(_: Budget, *arguments: object) -> bytes:
    if arguments:
        raise UnsafePickle("calls bytes with arguments, which is refused")
    return b""


ALLOWED: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy", "ndarray"): _ndarray,
    ("numpy", "dtype"): lambda _, *arguments: StoredDtype(*arguments),
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy.core.multiarray", "scalar"): _scalar,
    ("numpy.core.numeric", "_frombuffer"): lambda budget, *arguments: budget.array(*arguments),
    ("_codecs", "encode"): _encode,
    ("builtins", "bytes"): _empty,
    ("__builtin__", "bytes"): _empty,
}


def _plain(value: Any, known: dict[int, Any], depth: int) -> Any:
    """Put arrays where their stand-ins are; `known` holds what was done, as parts may be shared."""
    if isinstance(value, PLAIN):
        return value
    if id(value) in known:
        return known[id(value)]
    if depth == DEEPEST:
        raise UnsafePickle(f"nests more than {DEEPEST} containers, which is refused")
    known[id(value)] = done = _rebuilt(value, lambda part: _plain(part, known, depth + 1))
    return done


def _rebuilt(value: Any, plain: Callable[[Any], Any]) -> Any:
    if isinstance(value, StoredArray) and value.value is not None:
        return value.value
    if isinstance(value, np.ndarray):
        return value
    if type(value) is dict:
        return {key: plain(part) for key, part in value.items()}
    if type(value) is list or type(value) is tuple:
        return type(value)(plain(part) for part in value)
    raise UnsafePickle(f"ends with a {type(value).__name__.strip('_')}, which is refused")
