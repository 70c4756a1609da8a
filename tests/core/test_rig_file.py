from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import library, paths
from core.errors import InputError
from core.mesh import FaceGroup, Mesh
from core.rig import Corrective, Factor, Lips, Rig
from core.rig_file import load_rig, save_rig


def _rig(lips: Lips | None = None) -> Rig:
    rng = np.random.default_rng(7)
    mesh = Mesh(
        rng.normal(size=(9, 3)).astype(np.float32),
        np.array([4, 3, 5], np.int32),
        np.array([0, 1, 2, 3, 3, 4, 5, 4, 5, 6, 7, 8], np.int32),
        rng.random((4, 2)).astype(np.float32),
        np.arange(12, dtype=np.int32) % 4,
        (FaceGroup("haut", np.array([0, 2], np.int32), "skin"), FaceGroup("Zähne", np.array([1], np.int32))),
        "my head",
    )
    basis = rng.normal(scale=20, size=(3, 9, 3)).astype(np.float32)
    basis[1] = 0
    basis[2, 4:] = 0
    colours = rng.integers(0, 256, (9, 3), np.uint8)
    return Rig(mesh, ("jawOpen", "still", "own"), basis, lips, 0.001, "own shapes", colours)


def test_everything_survives_the_round_trip(tmp_path: Path) -> None:
    lips = Lips(np.array([1, 2, 3], np.int32), np.array([6, 7, 8], np.int32), 1)
    rig = _rig(lips)
    save_rig(rig, tmp_path / "a.npz")
    back = load_rig(tmp_path / "a.npz")
    assert back.mesh.content_hash == rig.mesh.content_hash
    assert (back.channels, back.millimetre, back.origin, back.mesh.name) == (
        rig.channels,
        rig.millimetre,
        rig.origin,
        rig.mesh.name,
    )
    assert rig.mesh.uvs is not None
    assert back.mesh.uvs is not None
    np.testing.assert_array_equal(back.mesh.uvs, rig.mesh.uvs)
    assert [(g.name, g.material, g.faces.tolist()) for g in back.mesh.groups] == [
        ("haut", "skin", [0, 2]),
        ("Zähne", "", [1]),
    ]
    assert back.lips is not None
    assert (back.lips.upper.tolist(), back.lips.lower.tolist(), back.lips.midline) == (
        [1, 2, 3],
        [6, 7, 8],
        1,
    )
    assert back.colours is not None
    assert rig.colours is not None
    np.testing.assert_array_equal(back.colours, rig.colours)
    assert back.basis.dtype == np.float32
    largest = np.abs(rig.basis).max(axis=(1, 2), keepdims=True)
    assert (np.abs(back.basis - rig.basis) <= largest / 60_000).all()


def test_correctives_survive_and_a_file_of_version_1_has_none(tmp_path: Path) -> None:
    factors = (Factor({"jawOpen": 1.0, "own": -0.5}), Factor({"own": -2.0}, 2.0))
    shape = np.random.default_rng(3).normal(size=(9, 3)).astype(np.float32)
    save_rig(replace(_rig(), correctives=(Corrective("both", factors, shape),)), tmp_path / "a.npz")
    (back,) = load_rig(tmp_path / "a.npz").correctives
    assert (back.name, back.factors) == ("both", factors)
    np.testing.assert_allclose(back.shape, shape, atol=1e-3)

    save_rig(_rig(), tmp_path / "b.npz")
    with np.load(tmp_path / "b.npz") as archive:
        arrays = dict(archive)
    header = json.loads(arrays["header"].tobytes()) | {"version": 1}
    del header["correctives"]
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    np.savez(tmp_path / "old.npz", **arrays)
    old = load_rig(tmp_path / "old.npz")
    assert old.correctives == ()
    np.testing.assert_array_equal(old.basis, load_rig(tmp_path / "b.npz").basis)


def test_a_rig_without_lips_groups_uvs_and_colours_survives(tmp_path: Path) -> None:
    mesh = Mesh(np.eye(3, dtype=np.float32), np.array([3], np.int32), np.arange(3, dtype=np.int32))
    save_rig(Rig(mesh, (), np.zeros((0, 3, 3), np.float32)), tmp_path / "bare.npz")
    back = load_rig(tmp_path / "bare.npz")
    assert back.basis.shape == (0, 3, 3)
    assert back.lips is None
    assert back.colours is None
    assert back.mesh.uvs is None


def test_saving_twice_writes_the_same_bytes_and_leaves_nothing_else(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        save_rig(_rig(), tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "b.npz"]


def test_saving_where_nothing_can_be_written_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        save_rig(_rig(), tmp_path / "no such folder" / "a.npz")


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "truncated", "flipped", "array", "other zip"])
def test_anything_but_a_rig_is_the_users_error(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "rig.npz"
    save_rig(_rig(), path)
    whole = path.read_bytes()
    if damage == "array":
        np.save(tmp_path / "x.npy", np.zeros(3))
    contents = {
        "empty": b"",
        "text": b"o head\nv 0 0 0\n",
        "truncated": whole[: len(whole) // 2],
        "flipped": whole[:400] + bytes(255 - b for b in whole[400:1500]) + whole[1500:],
    }
    if damage == "missing":
        path.unlink()
    elif damage == "array":
        path.write_bytes((tmp_path / "x.npy").read_bytes())
    elif damage == "other zip":
        np.savez(path, a=np.zeros(3))
    else:
        path.write_bytes(contents[damage])
    with pytest.raises(InputError, match=r"rig\.npz: "):
        load_rig(path)


def test_a_rig_from_a_newer_program_is_named_as_such(tmp_path: Path) -> None:
    save_rig(_rig(), tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as archive:
        arrays = dict(archive)
    header = json.loads(arrays["header"].tobytes()) | {"version": 99}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    np.savez(tmp_path / "new.npz", **arrays)
    with pytest.raises(InputError, match="newer"):
        load_rig(tmp_path / "new.npz")


def test_vertex_numbers_out_of_range_are_refused(tmp_path: Path) -> None:
    save_rig(_rig(), tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as archive:
        arrays = dict(archive)
    arrays["face_vertices"] = arrays["face_vertices"] + 5
    np.savez(tmp_path / "bad.npz", **arrays)
    with pytest.raises(InputError, match="damaged"):
        load_rig(tmp_path / "bad.npz")


def test_the_default_rig_is_small_and_has_ten_emotions_of_its_channels() -> None:
    assert paths.DEFAULT_RIG.stat().st_size < 3_000_000
    rig = library.default_rig()
    assert library.default_rig() is rig
    assert len(library.emotions()) == 10
    assert len({emotion.colour for emotion in library.emotions()}) == 10
    for pose in library.emotion_poses().values():
        assert set(pose) <= set(rig.channels)
        assert all(0 < weight <= 1 for weight in pose.values())
        assert pose.get("jawOpen", 0) <= 0.2
