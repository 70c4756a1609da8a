import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.audio import AudioClip
from core.peaks import BLOCK, Peaks

RATE = 1000


def noise(count: int, channels: int = 1, seed: int = 0) -> AudioClip:
    rng = np.random.default_rng(seed)
    return AudioClip(rng.uniform(-1, 1, (channels, count)).astype(np.float32), RATE)


def spans(start: float, end: float, n: int, total: int) -> list[tuple[int, int]]:
    edges = np.linspace(start, end, n + 1) * RATE
    return [(max(0, int(np.floor(a))), max(0, min(total, int(np.ceil(b))))) for a, b in pairwise(edges)]


@given(
    count=st.integers(1, 20_000),
    channels=st.integers(1, 3),
    start=st.floats(-5, 20),
    length=st.floats(0.001, 60),
    n=st.integers(1, 300),
)
def test_columns_hold_every_sample_and_little_more(
    count: int, channels: int, start: float, length: float, n: int
) -> None:
    clip = noise(count, channels, seed=count)
    mono = clip.samples.mean(axis=0)
    found = Peaks(clip).columns(start, start + length, n)
    margin = max(1, int(np.ceil(length * RATE / n / 4)))
    for (low, high), (a, b) in zip(found, spans(start, start + length, n, count), strict=True):
        if b <= a:
            assert (low, high) == (0.0, 0.0)
            continue
        inside, around = mono[a:b], mono[max(0, a - margin) : b + margin]
        assert low <= inside.min() + 1e-6
        assert high >= inside.max() - 1e-6
        assert low >= around.min() - 1e-6
        assert high <= around.max() + 1e-6


@given(
    samples=arrays(np.float32, st.integers(1, 2000), elements=st.floats(-1, 1, width=32)),
    n=st.integers(1, 50),
)
def test_columns_up_to_four_blocks_are_exact(samples: np.ndarray, n: int) -> None:
    clip = AudioClip(samples[None], RATE)
    end = min(clip.duration, 4 * BLOCK * n / RATE * 0.999)
    found = Peaks(clip).columns(0.0, end, n)
    exact = [
        (samples[a:b].min(), samples[a:b].max()) if b > a else (0, 0)
        for a, b in spans(0.0, end, n, len(samples))
    ]
    np.testing.assert_array_equal(found, np.array(exact, np.float32))


def test_loudness_is_the_root_mean_square() -> None:
    clip = noise(BLOCK * 64, channels=2)
    mono = clip.samples.mean(axis=0)
    found = Peaks(clip).loudness(0.0, clip.duration, 8)
    expected = np.sqrt((mono.reshape(8, -1).astype(np.float64) ** 2).mean(axis=1))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_loudness_of_a_short_last_block_is_not_diluted() -> None:
    clip = AudioClip(np.full((1, BLOCK * 3 + 5), 0.5, np.float32), RATE)
    np.testing.assert_allclose(Peaks(clip).loudness(0.0, clip.duration, 7), 0.5, rtol=1e-6)


def test_silence_outside_the_recording() -> None:
    peaks = Peaks(noise(1000))
    assert not peaks.columns(-5.0, -1.0, 10).any()
    assert not peaks.loudness(2.0, 9.0, 10).any()


@pytest.mark.bench
def test_half_an_hour_builds_in_a_second() -> None:
    samples = np.random.default_rng(1).standard_normal((1, 30 * 60 * 48_000), dtype=np.float32)
    clip = AudioClip(samples, 48_000)
    begin = time.process_time()
    peaks = Peaks(clip)
    built = time.process_time() - begin
    begin = time.perf_counter()
    peaks.columns(0.0, clip.duration, 1600)
    read = time.perf_counter() - begin
    size = f"{peaks.nbytes / 1e6:.0f} MB"
    print(f"peaks of 30 min at 48 kHz: {built:.2f} s, {size}, 1600 columns {read * 1e3:.2f} ms")
    assert built < 1.0
    assert peaks.nbytes < 80e6
