"""The weights in a frozen graph of TensorFlow, without TensorFlow: only the fields that they are in are read.

Nothing of the graph is run. The messages are those of Protocol Buffers: keys, lengths, and parts in parts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
NODE, NAME, ATTRIBUTE, KEY, VALUE, TENSOR, SHAPE, SIZE, CONTENT = 1, 1, 5, 1, 2, 8, 2, 2, 4


def constants(graph: bytes) -> dict[str, Numbers]:
    """Read the constants of a graph, those of numbers, by name.

    Raises
    ------
    ValueError, IndexError
        It is none.
    """
    found: dict[str, Numbers] = {}
    for node in _each(memoryview(graph), NODE):
        for attribute in _each(node, ATTRIBUTE):
            if _text(attribute, KEY) != "value":
                continue
            for tensor in (each for value in _each(attribute, VALUE) for each in _each(value, TENSOR)):
                array = _array(tensor)
                if array is not None:
                    found[_text(node, NAME)] = array
    return found


def _array(tensor: memoryview) -> Numbers | None:
    """Numbers of a tensor; None where it holds something else."""
    sizes = [
        size for shape in _each(tensor, SHAPE) for each in _each(shape, SIZE) for size in _numbers(each, 1)
    ]
    content = next(_each(tensor, CONTENT), None)
    if content is None or len(content) != 4 * int(np.prod(sizes)):
        return None
    return np.frombuffer(content, "<f4").reshape(sizes)


def _text(message: memoryview, field: int) -> str:
    return bytes(next(_each(message, field), b"")).decode()


def _each(message: memoryview, field: int) -> Iterator[memoryview]:
    """Parts of a message that have a length, of one field."""
    return (value for number, value in _fields(message) if number == field and isinstance(value, memoryview))


def _numbers(message: memoryview, field: int) -> Iterator[int]:
    return (value for number, value in _fields(message) if number == field and isinstance(value, int))


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        kind = key & 7
        if kind == 0:
            value, place = _varint(message, place)
            yield key >> 3, value
            continue
        if kind not in (1, 2, 5):
            raise ValueError("no message")
        length = {1: 8, 5: 4}.get(kind, 0)
        if kind == 2:
            length, place = _varint(message, place)
        if place + length > len(message):
            raise ValueError("cut short")
        yield key >> 3, message[place : place + length]
        place += length


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return value, place
