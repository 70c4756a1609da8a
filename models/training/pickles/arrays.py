"""What stands in for numpy while a pickle is read, so that the file never reaches numpy itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


class UnsafePickle(ValueError):
    """The pickle asks for something that no dataset needs."""


class StoredDtype:
    """Stands in for numpy.dtype: plain numbers and text only, so no bytes can pass for object pointers."""

    __slots__ = ("dtype",)

    def __init__(self, code: str, *_: object) -> None:
        dtype = np.dtype(code) if isinstance(code, str) else np.dtype("O")
        if dtype.kind not in "biufcSU" or dtype.itemsize == 0:
            raise UnsafePickle(f"holds an array of type {code!r}, which is refused")
        self.dtype = dtype

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _version, order, *structure = state[:5]
        if any(part is not None for part in structure) or order not in ("<", ">", "=", "|"):
            raise UnsafePickle("holds an array of records, which is refused")
        self.dtype = self.dtype.newbyteorder(order)


class StoredArray:
    """Stands in for an array until its bytes are known."""

    __slots__ = ("_budget", "value")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.value: NDArray[Any] | None = None

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _version, shape, dtype, fortran, raw = state[-5:]
        self.value = self._budget.array(raw, dtype, shape, "F" if fortran else "C")


class Budget:
    """Makes arrays, and counts their bytes."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def spend(self, size: int) -> None:
        """Count bytes; more than are left is an error."""
        self.left -= size
        if self.left < 0:
            raise ValueError("its arrays take more memory than is allowed")

    def octets(self, text: str) -> bytes:
        """Bytes that Python 2, or an old protocol, wrote as text."""
        self.spend(len(text))
        return text.encode("latin1")

    def array(self, raw: Any, dtype: Any, shape: Any, order: Any) -> NDArray[Any]:
        """Make a read-only array of the bytes in a pickle, once everything about it is as it should be."""
        if not isinstance(dtype, StoredDtype) or order not in ("C", "F") or not isinstance(shape, tuple):
            raise UnsafePickle("makes an array in an unknown way, which is refused")
        if isinstance(raw, str):
            raw = self.octets(raw)
        if isinstance(raw, bytearray):
            self.spend(len(raw))
            raw = bytes(raw)
        if not isinstance(raw, bytes):
            raise UnsafePickle("holds an array of objects, which is refused")
        if not all(isinstance(side, int) and side >= 0 for side in shape):
            raise ValueError("an array has an impossible shape")
        if math.prod(shape) * dtype.dtype.itemsize != len(raw):
            raise ValueError("an array's bytes do not match its shape")
        values = np.frombuffer(raw, dtype.dtype) if raw else np.empty(0, dtype.dtype)
        return values.reshape(shape, order=order)
