"""Makes glTF files with pygltflib, so that the readers are tested against another program's bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pygltflib as pg
from numpy.typing import NDArray


class GltfBuilder:
    """Collects arrays into one buffer and meshes into one scene."""

    def __init__(self) -> None:
        self.gltf = pg.GLTF2(scene=0, scenes=[pg.Scene(nodes=[])])
        self.blob = b""

    def view(self, values: NDArray[Any]) -> int:
        """Append raw bytes, aligned to four."""
        self.blob += b"\0" * (-len(self.blob) % 4)
        view = pg.BufferView(buffer=0, byteOffset=len(self.blob), byteLength=values.nbytes)
        self.blob += values.tobytes()
        self.gltf.bufferViews.append(view)
        return len(self.gltf.bufferViews) - 1

    def accessor(self, values: NDArray[Any], **options: Any) -> int:
        """Add an accessor over its own view; float32, uint32 or a quantised integer type."""
        kinds = {"float32": 5126, "uint32": 5125, "int16": 5122, "uint8": 5121}
        self.gltf.accessors.append(
            pg.Accessor(
                bufferView=self.view(values),
                componentType=kinds[values.dtype.name],
                count=len(values),
                type="SCALAR" if values.ndim == 1 else f"VEC{values.shape[1]}",
                **options,
            )
        )
        return len(self.gltf.accessors) - 1

    def sparse(self, values: NDArray[np.float32]) -> int:
        """Add an accessor that stores only the rows that are not zero."""
        rows = np.flatnonzero(np.any(values != 0, axis=1)).astype(np.uint32)
        sparse = pg.Sparse(
            count=len(rows),
            indices=pg.AccessorSparseIndices(bufferView=self.view(rows), componentType=5125),
            values=pg.AccessorSparseValues(bufferView=self.view(values[rows])),
        )
        self.gltf.accessors.append(
            pg.Accessor(componentType=5126, count=len(values), type="VEC3", sparse=sparse)
        )
        return len(self.gltf.accessors) - 1

    def mesh(self, primitives: list[pg.Primitive], names: list[str], **node: Any) -> None:
        """Add a mesh, and a node of the scene that shows it."""
        extras = {"targetNames": names} if names else {}
        self.gltf.meshes.append(pg.Mesh(primitives=primitives, name="part", extras=extras))
        self.gltf.nodes.append(pg.Node(mesh=len(self.gltf.meshes) - 1, **node))
        self.gltf.scenes[0].nodes.append(len(self.gltf.nodes) - 1)

    def save(self, path: Path) -> Path:
        """Write a GLB, or a glTF with its buffer beside it."""
        self.gltf.buffers = [pg.Buffer(byteLength=len(self.blob))]
        if path.suffix == ".gltf":
            path.with_suffix(".bin").write_bytes(self.blob)
            self.gltf.buffers[0].uri = path.with_suffix(".bin").name
        else:
            self.gltf.set_binary_blob(self.blob)
        self.gltf.save(str(path))
        return path


def morph_head(
    path: Path,
    vertices: NDArray[np.float32],
    triangles: NDArray[np.int32],
    shapes: dict[str, NDArray[np.float32]],
) -> Path:
    """Write one mesh with morph targets, as a face-rig exporter would."""
    builder = GltfBuilder()
    primitive = pg.Primitive(
        attributes=pg.Attributes(POSITION=builder.accessor(vertices)),
        indices=builder.accessor(triangles.ravel().astype(np.uint32)),
        targets=[{"POSITION": builder.sparse(delta)} for delta in shapes.values()],
    )
    builder.mesh([primitive], list(shapes))
    return builder.save(path)
