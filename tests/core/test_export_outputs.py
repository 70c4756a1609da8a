"""Every format: what the name of an output means, and that it appears whole or not at all."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh
from alembic3d import Abc, AbcGeom

from core.errors import Cancelled, InputError
from core.export.obj_sequence import FrameNames
from core.export.registry import check_output, export
from core.mesh import Floats
from core.take import Take
from tests.egg_head import egg_mesh, egg_take

OUTPUTS = ("a.abc", "a.npz", "frames", "shot_####.obj", "a.mp4")


class Grey:
    """Draws every frame in plain grey."""

    def frames(self, take: Take) -> Iterator[np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]]:
        for block in take.blocks():
            for _ in block:
                yield np.full((48, 64, 3), 128, np.uint8)


def read_obj(path: Path) -> Floats:
    mesh = trimesh.load_mesh(path, process=False, maintain_order=True, group_material=False)
    return np.asarray(mesh.vertices, np.float32)


def read_alembic(path: Path, times: list[float]) -> Floats:
    archive = Abc.IArchive(str(path))
    mesh = AbcGeom.IPolyMesh(archive.getTop().getChild(0), Abc.WrapExistingFlag.kWrapExisting)
    samples = [mesh.getSchema().getValue(Abc.ISampleSelector(time)) for time in times]
    return np.stack([np.array(sample.getPositions()) for sample in samples])


def test_all_formats_hold_the_same_face(tmp_path: Path) -> None:
    # Without UVs and groups, along whose seams trimesh would split vertices.
    take = egg_take(seconds=2.5, mesh=replace(egg_mesh(), uvs=None, face_uvs=None, groups=()))
    for out in ("a.abc", "a.npz", "frames/"):
        export(take, f"{tmp_path}/{out}")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        vertices = stored["vertices"]
    frames = [0, 40, 74]
    objs = [read_obj(tmp_path / "frames" / f"egg_{frame + 1:04d}.obj") for frame in frames]
    cache = read_alembic(tmp_path / "a.abc", [float(take.times[frame]) for frame in frames])
    assert len(vertices) == 75
    assert len(list((tmp_path / "frames").iterdir())) == 75
    assert np.abs(vertices[frames] - cache).max() == 0
    assert np.abs(vertices[frames] - np.stack(objs)).max() <= 1e-6 * take.mesh.size


def test_npz_holds_what_the_format_promises(tmp_path: Path) -> None:
    take = egg_take(seconds=2.5, fps=24.0, start=0.25)
    export(take, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        read = {name: stored[name] for name in stored.files}
    assert set(read) == {
        *("vertices", "face_sizes", "face_vertices", "times", "fps", "weights", "channels", "lip_gap")
    }
    assert read["vertices"].shape == (60, 737, 3) and read["vertices"].dtype == np.float32
    assert np.array_equal(read["face_sizes"], take.mesh.face_sizes)
    assert np.array_equal(read["face_vertices"], take.mesh.face_vertices)
    assert np.array_equal(read["times"], take.times)
    assert read["fps"] == 24.0
    assert np.array_equal(read["weights"], take.weights)
    assert read["channels"].tolist() == ["jawOpen", "browInnerUp"]
    # The lower lip is what the jaw moves: the gap at rest, and 30 mm more when it is fully down.
    assert take.lips is not None
    assert np.array_equal(read["lip_gap"], take.lips.gap(read["vertices"]))
    assert np.corrcoef(read["lip_gap"], read["weights"][:, 0])[0, 1] > 0.99


def test_npz_of_a_head_without_a_mouth_says_that_the_gap_is_unknown(tmp_path: Path) -> None:
    export(egg_take(lips=None), tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        assert np.isnan(stored["lip_gap"]).all() and len(stored["lip_gap"]) == 30


def test_obj_frames_keep_polygons_uvs_and_groups(tmp_path: Path) -> None:
    from core.meshes.load import load_mesh

    take = egg_take(seconds=0.1)
    export(take, tmp_path / "shot_##.obj")
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"shot_0{n}.obj" for n in (1, 2, 3)]
    mesh = load_mesh(tmp_path / "shot_03.obj")
    assert np.array_equal(mesh.vertices, take.pose(take.times[2:3])[0])
    assert np.array_equal(mesh.face_sizes, take.mesh.face_sizes)
    assert np.array_equal(mesh.face_vertices, take.mesh.face_vertices)
    assert mesh.uvs is not None and mesh.face_uvs is not None
    assert take.mesh.uvs is not None and take.mesh.face_uvs is not None
    assert np.array_equal(mesh.uvs[mesh.face_uvs], take.mesh.uvs[take.mesh.face_uvs])
    assert [(g.name, g.material) for g in mesh.groups if g.name] == [("crown", ""), ("skin", "Skin")]


def test_names_of_frames_sort_by_number_however_many_there_are() -> None:
    names = FrameNames.parse("a_##.obj")
    assert names is not None
    assert names.of(3) == ["a_01.obj", "a_02.obj", "a_03.obj"]
    many = names.of(12_345)
    assert many == sorted(many) and many[-1] == "a_12345.obj"
    assert names.made("a_00007.obj") and not names.made("a_7.obj") and not names.made("a_07_old.obj")
    assert FrameNames.parse("a.obj") is None and FrameNames.parse("#_#.obj") is None


def test_a_folder_keeps_the_users_files_and_loses_frames_of_a_longer_take(tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    export(egg_take(seconds=2.0), folder)
    for name in ("notes.txt", "egg_final.obj", "other_0001.obj"):
        (folder / name).write_text("mine")
    export(egg_take(seconds=0.1), folder)
    assert {file.name for file in folder.iterdir()} == {
        *("notes.txt", "egg_final.obj", "other_0001.obj"),
        *("egg_0001.obj", "egg_0002.obj", "egg_0003.obj"),
    }


def test_progress_counts_every_frame(tmp_path: Path) -> None:
    for out in OUTPUTS:
        seen: list[tuple[int, int]] = []
        export(egg_take(seconds=3.0), tmp_path / out, lambda *now, to=seen: to.append(now), renderer=Grey())
        assert seen[-1] == (90, 90)
        assert [done for done, _ in seen] == sorted({done for done, _ in seen})


@pytest.mark.parametrize("out", OUTPUTS)
def test_a_cancelled_export_leaves_nothing(tmp_path: Path, out: str) -> None:
    asked = iter([False, True])
    with pytest.raises(Cancelled):
        export(egg_take(seconds=6.0), tmp_path / out, cancelled=lambda: next(asked, True), renderer=Grey())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", OUTPUTS)
def test_a_failing_export_leaves_the_older_file_alone(tmp_path: Path, out: str) -> None:
    export(egg_take(seconds=0.5), tmp_path / out, renderer=Grey())
    before = contents(tmp_path)

    def fail(times: object) -> Floats:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        export(replace(egg_take(seconds=0.5), pose=fail), tmp_path / out, renderer=Grey())
    assert contents(tmp_path) == before


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_take_larger_than_the_disk_is_refused_before_any_work(tmp_path: Path) -> None:
    endless = egg_take(times=np.broadcast_to(np.float64(0), 10**12))
    for out in ("a.abc", "a.npz", "frames/"):
        with pytest.raises(InputError, match="GB left"):
            export(endless, f"{tmp_path}/{out}")
    assert list(tmp_path.iterdir()) == []


# Not Alembic: its library ends the program when it cannot finish a file, so space is checked first.
@pytest.mark.parametrize("out", OUTPUTS[1:])
def test_a_full_disk_is_said_in_one_clause_and_leaves_nothing(tmp_path: Path, out: str) -> None:
    # A limit on the size of files fails writes as a full disk does, without filling one.
    take = egg_take(seconds=2.0)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    try:
        with pytest.raises(InputError, match=r"cannot be written: \w"):
            export(take, tmp_path / out, renderer=Grey())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("out", "reason"),
    [
        ("a.fbx", r"unknown format \.fbx; there are \.abc"),
        ("a.obj", "holds one frame"),
        ("missing/a.abc", "there is no folder"),
        ("missing/frames/", "there is no folder"),
        ("missing/frames/a_####.obj", "there is no folder"),
        ("file/", "not a folder"),
        ("file/a.npz", "there is no folder"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_any_work(tmp_path: Path, out: str, reason: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match=reason) as error:
        check_output(f"{tmp_path}/{out}")
    assert "\n" not in str(error.value)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that even root cannot write to")
def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    for out in ("/proc/a.abc", "/proc/frames/", "/proc/a_####.obj"):
        with pytest.raises(InputError, match="cannot be written"):
            check_output(out)


LONG_EXPORT = """
import resource, sys
from pathlib import Path
from core.export.registry import export
from core.take import frame_times
from dataclasses import replace
import numpy as np
from tests.egg_head import egg_mesh, egg_take
take = egg_take(seconds=1800.0)
weights = np.zeros((len(take), 2), np.float32)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
export(take, sys.argv[1])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("out", ["a.npz", "a.abc"])
def test_half_an_hour_needs_no_more_memory_than_a_block(tmp_path: Path, out: str) -> None:
    command = [sys.executable, "-c", LONG_EXPORT, str(tmp_path / out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
    size = (tmp_path / out).stat().st_size / 2**20
    assert size > 450  # MiB: 54,000 frames of 737 vertices
    assert json.loads(done.stdout) < 60  # MiB beyond what the program needs anyway
