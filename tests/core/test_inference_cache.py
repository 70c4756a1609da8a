"""The cache: whole files only, between programs, after a kill, within its cap."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from core.inference.cache import ABANDONED, NeutralCache, cache_folder
from core.neutral import Label, Neutral

ROOT = Path(__file__).resolve().parents[2]


def lipsync(value: float, frames: int = 1000) -> Neutral:
    weights = np.full((frames, 2), value, np.float32)
    return Neutral(60.0, ("jawOpen", "mouthClose"), weights, "test", (Label("M", 0.1, 0.2, 0.5),))


def program(code: str, folder: Path) -> subprocess.Popen[bytes]:
    setup = f"""
        import sys
        from pathlib import Path
        import numpy as np
        from core.inference.cache import NeutralCache
        from core.neutral import Neutral
        cache = NeutralCache(Path({str(folder)!r}), cap=400_000)
        def lipsync(value):
            return Neutral(60.0, ("jawOpen",), np.full((5000, 1), value, np.float32), "test")
    """
    script = textwrap.dedent(setup) + textwrap.dedent(code)
    return subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)


def test_what_was_put_is_got(tmp_path: Path) -> None:
    cache = NeutralCache(tmp_path)
    assert cache.get("a") is None
    cache.put("a", lipsync(0.25))
    found = cache.get("a")
    assert found is not None
    assert (found.fps, found.channels, found.model) == (60.0, ("jawOpen", "mouthClose"), "test")
    assert np.array_equal(found.weights, lipsync(0.25).weights)
    assert (found.phones, found.words) == (lipsync(0.25).phones, ())
    assert cache.get("b") is None


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "text"])
def test_a_damaged_entry_is_dropped(tmp_path: Path, damage: str) -> None:
    cache = NeutralCache(tmp_path)
    cache.put("a", lipsync(0.25))
    (path,) = tmp_path.iterdir()
    content = path.read_bytes()
    half = len(content) // 2
    flipped = content[:half] + bytes([content[half] ^ 0xFF]) + content[half + 1 :]
    damaged: dict[str, bytes] = {"empty": b"", "cut": content[:300], "flipped": flipped, "text": b"hello"}
    path.write_bytes(damaged[damage])
    assert cache.get("a") is None
    assert not path.exists()
    cache.put("a", lipsync(0.5))
    assert cache.get("a") is not None


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    cache = NeutralCache(tmp_path, cap=36_000)
    for number, key in enumerate("abc"):
        cache.put(key, lipsync(0.1, 1000))  # 8 kB each
        os.utime(tmp_path / f"{key}.npz", (number + 1, number + 1))
    assert cache.get("a") is not None  # used just now
    cache.put("d", lipsync(0.1, 1000))
    assert cache.get("b") is None
    assert all(cache.get(key) is not None for key in "acd")
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 36_000


def test_two_programs_share_the_folder(tmp_path: Path) -> None:
    work = """
        for turn in range(60):
            key = str(turn % 9)
            found = cache.get(key)
            assert found is None or (found.weights == int(key)).all()
            cache.put(key, lipsync(int(key)))
    """
    programs = [program(work, tmp_path) for _ in range(2)]
    assert [each.wait(60) for each in programs] == [0, 0]
    assert not list(tmp_path.glob(".*"))
    assert NeutralCache(tmp_path).get("5") is not None


def test_a_killed_writer_leaves_nothing_that_is_read(tmp_path: Path) -> None:
    endless = """
        while True:
            cache.put("a", lipsync(1))
    """
    writer = program(endless, tmp_path)
    deadline = time.monotonic() + 30
    while not (tmp_path / "a.npz").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    cache = NeutralCache(tmp_path)
    found = cache.get("a")
    assert found is not None
    assert (found.weights == 1).all()


def test_abandoned_halves_are_swept(tmp_path: Path) -> None:
    half = tmp_path / ".a.npz.12345678.part"
    half.write_bytes(b"half")
    fresh = tmp_path / ".b.npz.12345678.part"
    fresh.write_bytes(b"being written")
    long_ago = time.time() - 2 * ABANDONED
    os.utime(half, (long_ago, long_ago))
    NeutralCache(tmp_path).put("c", lipsync(0.1))
    assert not half.exists()
    assert fresh.exists()


def test_a_folder_that_cannot_be_written_costs_only_the_cache(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    cache = NeutralCache(blocked / "cache")
    cache.put("a", lipsync(0.1))
    assert cache.get("a") is None


def test_the_environment_chooses_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITABLE_LIPSYNC_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    assert NeutralCache().folder == tmp_path
