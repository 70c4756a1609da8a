"""Alembic caches, read back by Alembic's own library, by Blender and by F3D."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic3d import Abc, AbcGeom
from hypothesis import given
from hypothesis import strategies as st

from core.export.alembic_cache import APPLICATION, face_sets, reversed_corners
from core.export.registry import export
from core.mesh import FaceGroup
from core.take import Take
from tests.egg_head import egg_mesh, egg_take

IMPORT_IN_BLENDER = """
import bpy, json, sys
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.render.fps = 30
bpy.ops.wm.alembic_import(filepath=sys.argv[1])
(head,) = bpy.data.objects
frames = {}
for frame in (0, 7, 29):
    scene.frame_set(frame)
    mesh = head.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    frames[frame] = [list(head.matrix_world @ v.co) for v in mesh.vertices]
print("READ", json.dumps({
    "name": head.name,
    "frames": frames,
    "range": [scene.frame_start, scene.frame_end],
    "faces": [list(p.vertices) for p in head.data.polygons],
    "uvs": [list(c.uv) for c in head.data.uv_layers[0].data],
    "outwards": head.data.polygons[300].normal.dot(head.data.polygons[300].center) > 0,
    "materials": sorted(m.name for m in head.data.materials),
}))
"""

PLAY_IN_F3D = """
import f3d, sys
engine = f3d.Engine.create_egl()
engine.scene.add(sys.argv[1])
info, play = engine.scene.get_scene_info(), engine.scene.animation
print("READ", info.number_of_points, *play.get_time_range())
"""


def polygons(take: Take) -> list[list[int]]:
    ends = np.cumsum(take.mesh.face_sizes)[:-1]
    return [part.tolist() for part in np.split(take.mesh.face_vertices, ends)]


def opened(path: Path) -> Any:
    archive = Abc.IArchive(str(path))
    child = archive.getTop().getChild(0)
    return archive, AbcGeom.IPolyMesh(child, Abc.WrapExistingFlag.kWrapExisting)


def read_in_child(script: str, path: Path) -> str:
    """Run a reader in a process of its own: both bring whole libraries that must not meet ours."""
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    answers = [line for line in done.stdout.splitlines() if line.startswith("READ ")]
    assert answers, done.stderr
    return answers[-1].removeprefix("READ ")


def test_alembic_finds_constant_topology_and_uniform_time(tmp_path: Path) -> None:
    take = egg_take(seconds=3.0, fps=25.0, start=0.4)
    export(take, tmp_path / "a.abc")
    archive, mesh = opened(tmp_path / "a.abc")
    schema = mesh.getSchema()
    assert mesh.getName() == "egg"
    assert schema.getNumSamples() == 75
    # In Alembic's words: positions move, faces do not.
    assert schema.getTopologyVariance() == AbcGeom.MeshTopologyVariance.kHomogenousTopology
    times = [schema.getTimeSampling().getSampleTime(i) for i in range(75)]
    assert np.allclose(times, take.times, rtol=0, atol=1e-9)
    assert schema.getTimeSampling().getTimeSamplingType().isUniform()
    assert Abc.GetArchiveInfo(archive)["appName"] == APPLICATION


def test_positions_are_those_of_the_take_to_the_bit(tmp_path: Path) -> None:
    take = egg_take(seconds=3.0)  # more frames than one block
    export(take, tmp_path / "a.abc")
    _, mesh = opened(tmp_path / "a.abc")
    expected = np.concatenate(list(take.blocks()))
    for frame in (0, 1, 63, 64, 89):
        sample = mesh.getSchema().getValue(Abc.ISampleSelector(float(take.times[frame])))
        assert np.array_equal(np.array(sample.getPositions()), expected[frame])


def test_polygons_uvs_and_groups_are_kept(tmp_path: Path) -> None:
    take = egg_take()
    export(take, tmp_path / "a.abc")
    _, mesh = opened(tmp_path / "a.abc")
    schema = mesh.getSchema()
    sample = schema.getValue()
    order = reversed_corners(take.mesh.face_sizes)
    assert np.array_equal(np.array(sample.getFaceCounts()), take.mesh.face_sizes)
    assert np.array_equal(np.array(sample.getFaceIndices())[order], take.mesh.face_vertices)
    uvs = schema.getUVsParam()
    assert uvs.getScope() == AbcGeom.GeometryScope.kFacevaryingScope and uvs.isIndexed()
    assert take.mesh.uvs is not None and take.mesh.face_uvs is not None
    stored = uvs.getIndexedValue()
    assert np.array_equal(np.array(stored.getVals()), take.mesh.uvs)
    assert np.array_equal(np.array(stored.getIndices())[order], take.mesh.face_uvs)
    names = set(schema.getFaceSetNames())
    assert names == {"crown", "skin", "Skin"}
    crown = schema.getFaceSet("crown").getSchema().getValue().getFaces()
    assert list(crown) == take.mesh.groups[0].faces.tolist()


def test_a_mesh_without_uvs_and_with_awkward_names(tmp_path: Path) -> None:
    mesh = egg_mesh()
    both = FaceGroup("a/b", np.arange(3, dtype=np.int32)), FaceGroup("a_b", np.arange(2, 5, dtype=np.int32))
    bare = replace(mesh, uvs=None, face_uvs=None, groups=both, name="my/head")
    export(egg_take(seconds=0.1, mesh=bare), tmp_path / "a.abc")
    _, read = opened(tmp_path / "a.abc")
    assert read.getName() == "my_head"
    assert not read.getSchema().getUVsParam().valid()
    assert list(read.getSchema().getFaceSet("a_b").getSchema().getValue().getFaces()) == [0, 1, 2, 3, 4]
    assert list(face_sets(bare)) == ["a_b"]


@given(st.lists(st.integers(3, 9), min_size=1, max_size=30))
def test_reversing_corners_twice_gives_them_back(sizes: list[int]) -> None:
    order = reversed_corners(np.array(sizes, np.int32))
    assert np.array_equal(order[order], np.arange(sum(sizes)))
    assert order[0] == sizes[0] - 1


def test_blender_reads_it(tmp_path: Path) -> None:
    if find_spec("bpy") is None:
        pytest.skip("Blender (bpy) is not installed")
    take = egg_take(seconds=1.0)
    export(take, tmp_path / "a.abc")
    read = json.loads(read_in_child(IMPORT_IN_BLENDER, tmp_path / "a.abc"))
    expected = np.concatenate(list(take.blocks()))[..., [0, 2, 1]] * (1, -1, 1)  # Blender's z points up
    for frame, vertices in read["frames"].items():
        assert np.abs(np.array(vertices) - expected[int(frame)]).max() < 1e-6 * take.mesh.size
    assert read["name"] == "egg"
    assert read["range"] == [0, 29]
    assert read["faces"] == polygons(take)
    assert take.mesh.uvs is not None and take.mesh.face_uvs is not None
    assert np.allclose(read["uvs"], take.mesh.uvs[take.mesh.face_uvs])
    assert read["outwards"]
    assert "Skin" in read["materials"]


def test_f3d_reads_it(tmp_path: Path) -> None:
    if find_spec("f3d") is None:
        pytest.skip("F3D is not installed")
    take = egg_take(seconds=2.0, start=0.5)
    export(take, tmp_path / "a.abc")
    points, first, last = map(float, read_in_child(PLAY_IN_F3D, tmp_path / "a.abc").split())
    assert points >= len(take.mesh.vertices)
    assert (first, last) == pytest.approx((take.times[0], take.times[-1]))
