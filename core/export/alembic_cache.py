"""Alembic: one polygon mesh, its positions sampled uniformly in time.

Written by Alembic's own library through the PyAlembic bindings. Corners of a polygon run clockwise in
Alembic and counter-clockwise in a `core.mesh.Mesh`, so each polygon is written backwards, as Blender and Maya
write it; they turn it round again when they read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import imath
import numpy as np
from alembic3d import Abc, AbcCoreAbstract, AbcGeom

from core.export.watch import Watch
from core.mesh import Floats, Indices, Mesh
from core.take import Take

APPLICATION = "Editable Lipsync"


def write_alembic(take: Take, path: Path, watch: Watch) -> None:
    """Write a take as an Ogawa archive.

    Parameters
    ----------
    take : Take
    path : Path
        A file of our own; an existing one is overwritten.
    watch : Watch

    Raises
    ------
    OSError
        If the file could not be written in full.
    Cancelled
        If the user asked to stop.
    """
    try:
        _write(take, path, watch)
    except RuntimeError as error:
        raise OSError(str(error)) from error
    # Only now has the library let go of the file and is it whole.
    if _samples(path) != len(take):
        raise OSError("not written in full; is the disk full?")


def _write(take: Take, path: Path, watch: Watch) -> None:
    mesh = take.mesh
    archive = Abc.CreateArchiveWithInfo(str(path), take.fps, APPLICATION, f"{mesh.name}, {len(take)} frames")
    sampling = AbcCoreAbstract.TimeSampling(1.0 / take.fps, float(take.times[0]))
    node = AbcGeom.OPolyMesh(archive.getTop(), object_name(mesh.name))
    schema = node.getSchema()
    schema.setTimeSampling(archive.addTimeSampling(sampling))
    frames = (vertices for block in watch.blocks(take.blocks()) for vertices in block)
    _write_samples(schema, mesh, frames)
    _write_face_sets(schema, mesh)


def _write_samples(schema: AbcGeom.OPolyMeshSchema, mesh: Mesh, frames: Iterable[Floats]) -> None:
    order = reversed_corners(mesh.face_sizes)
    first = AbcGeom.OPolyMeshSchemaSample()
    first.setFaceIndices(_integers(mesh.face_vertices[order]))
    first.setFaceCounts(_integers(mesh.face_sizes))
    if mesh.uvs is not None and mesh.face_uvs is not None:
        uvs = imath.V2fArrayFromBuffer(np.ascontiguousarray(mesh.uvs))
        # There is no unsigned array from a buffer; doubles hold every index exactly.
        corners = imath.UnsignedIntArray(imath.DoubleArrayFromBuffer(mesh.face_uvs[order].astype(np.float64)))
        scope = AbcGeom.GeometryScope.kFacevaryingScope
        first.setUVs(AbcGeom.OV2fGeomParamSample(uvs, corners, scope))
    sample = first
    for vertices in frames:
        positions = np.ascontiguousarray(vertices, np.float32)
        sample.setPositions(imath.V3fArrayFromBuffer(positions))
        schema.set(sample)
        # A later sample with positions alone shares the topology of the first.
        sample = AbcGeom.OPolyMeshSchemaSample()


def _write_face_sets(schema: AbcGeom.OPolyMeshSchema, mesh: Mesh) -> None:
    for name, faces in face_sets(mesh).items():
        face_set = schema.createFaceSet(name).getSchema()
        face_set.set(AbcGeom.OFaceSetSchemaSample(_integers(faces)))


def face_sets(mesh: Mesh) -> dict[str, Indices]:
    """Polygons of each group and of each material, by a name that Alembic accepts."""
    members: dict[str, list[Indices]] = {}
    # Materials last: a reader that takes a face set for a material then ends with the material.
    for names in ([g.name for g in mesh.groups], [g.material for g in mesh.groups]):
        for name, group in zip(names, mesh.groups, strict=True):
            if name:
                members.setdefault(object_name(name), []).append(group.faces)
    return {name: np.unique(np.concatenate(faces)) for name, faces in members.items()}


def reversed_corners(face_sizes: Indices) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Numbers of all corners with each polygon's own in reverse order."""
    ends = np.cumsum(face_sizes, dtype=np.int64)
    starts = ends - face_sizes
    return np.asarray(np.repeat(starts + ends - 1, face_sizes) - np.arange(ends[-1]))


def object_name(name: str) -> str:
    """Return a name without the slash, which separates objects in Alembic."""
    return name.replace("/", "_").strip() or "head"


def _integers(values: Indices | Sequence[int]) -> imath.IntArray:
    return imath.IntArrayFromBuffer(np.ascontiguousarray(values, np.int32))


def _samples(path: Path) -> int:
    try:
        mesh = AbcGeom.IPolyMesh(
            Abc.IArchive(str(path)).getTop().getChild(0), Abc.WrapExistingFlag.kWrapExisting
        )
        return int(mesh.getSchema().getNumSamples())
    except RuntimeError:
        return 0
