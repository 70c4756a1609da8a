"""Buffers and accessors of a glTF file as arrays: embedded, beside the file, sparse, quantised."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.meshes.checks import read_bytes

_COMPONENTS = {
    5120: np.int8,
    5121: np.uint8,
    5122: np.int16,
    5123: np.uint16,
    5125: np.uint32,
    5126: np.float32,
}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_UNREADABLE = {
    "KHR_draco_mesh_compression": "compressed with Draco; export it without mesh compression",
    "EXT_meshopt_compression": "compressed with meshopt; export it without mesh compression",
}


@dataclass
class GltfFile:
    """A parsed glTF document whose accessors can be read.

    Attributes
    ----------
    path : Path
    gltf : pygltflib.GLTF2
    buffers : dict of int to bytes
        Those read so far.
    """

    path: Path
    gltf: Any
    buffers: dict[int, bytes] = field(default_factory=dict)

    def accessor(self, number: int) -> NDArray[np.float64]:
        """Return the values of an accessor, shape (count, width), as float64 (exact for all its types)."""
        accessor = self.gltf.accessors[number]
        width = _WIDTHS[accessor.type]
        if accessor.bufferView is None:
            values = np.zeros((accessor.count, width), _COMPONENTS[accessor.componentType])
        else:
            at = accessor.byteOffset or 0
            values = self._elements(accessor.bufferView, at, accessor.componentType, accessor.count, width)
        if accessor.sparse is not None:
            values = self._with_sparse(values, accessor, width)
        if not np.isfinite(values).all():
            raise InputError(self.path, "holds positions or shapes that are not numbers (NaN or infinity)")
        if accessor.normalized and values.dtype != np.float32:
            return np.maximum(values / float(np.iinfo(values.dtype).max), -1.0)
        return values.astype(np.float64)

    def view(self, number: int) -> bytes:
        """Return the bytes of a buffer view."""
        view = self.gltf.bufferViews[number]
        start = view.byteOffset or 0
        return self._buffer(view.buffer)[start : start + view.byteLength]

    def _with_sparse(self, values: NDArray[Any], accessor: Any, width: int) -> NDArray[Any]:
        sparse, where, what = accessor.sparse, accessor.sparse.indices, accessor.sparse.values
        rows = self._elements(where.bufferView, where.byteOffset or 0, where.componentType, sparse.count, 1)
        values = values.copy()
        values[rows.ravel()] = self._elements(
            what.bufferView, what.byteOffset or 0, accessor.componentType, sparse.count, width
        )
        return values

    def _elements(
        self, view_number: int, offset: int, component: int, count: int, width: int
    ) -> NDArray[Any]:
        view = self.gltf.bufferViews[view_number]
        dtype = np.dtype(_COMPONENTS[component]).newbyteorder("<")
        start = (view.byteOffset or 0) + offset
        stride = view.byteStride or dtype.itemsize * width
        data = self._buffer(view.buffer)
        if start + stride * (count - 1) + dtype.itemsize * width > len(data):
            raise InputError(self.path, "truncated: its data end before its last mesh")
        return np.ndarray((count, width), dtype, data, start, (stride, dtype.itemsize))

    def _buffer(self, number: int) -> bytes:
        if number not in self.buffers:
            self.buffers[number] = self._read_buffer(self.gltf.buffers[number].uri)
        return self.buffers[number]

    def _read_buffer(self, uri: str | None) -> bytes:
        if uri is None:
            return self.gltf.binary_blob() or b""
        if uri.startswith("data:"):
            return base64.b64decode(uri.partition(",")[2])
        return read_bytes(self.path.parent / unquote(uri))


def open_gltf(path: Path) -> GltfFile:
    """Parse a glTF or GLB file.

    Raises
    ------
    InputError
        If it is missing, truncated, not glTF 2, or compressed in a way that cannot be read.
    """
    from pygltflib import GLTF2

    data = read_bytes(path)
    binary = data[:4] == b"glTF"
    if binary and int.from_bytes(data[8:12], "little") > len(data):
        raise InputError(path, "truncated: shorter than it says it is")
    try:
        gltf = GLTF2.load_from_bytes(data) if binary else GLTF2.gltf_from_json(data.decode())
    except (OSError, KeyError, TypeError, ValueError, AttributeError, IndexError, struct.error) as error:
        raise InputError(path, "not a glTF file, or a broken one") from error
    if gltf is None or not str(gltf.asset.version).startswith("2"):
        raise InputError(path, "not a glTF 2 file")
    for name in {*(gltf.extensionsUsed or []), *(gltf.extensionsRequired or [])} & _UNREADABLE.keys():
        if name in (gltf.extensionsRequired or []) or _used_by_meshes(gltf, name):
            raise InputError(path, _UNREADABLE[name])
    return GltfFile(path, gltf)


def _used_by_meshes(gltf: Any, extension: str) -> bool:
    return any(extension in (p.extensions or {}) for mesh in gltf.meshes for p in mesh.primitives)
