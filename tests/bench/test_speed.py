"""Speed without windows: composing, inference, export."""

import time
from collections.abc import Callable

import numpy as np
import pytest

from core.audio import AudioClip, load_audio
from core.brush import Brush, BrushMode, Stroke
from core.channels import CHANNELS
from core.curve import Curve
from core.document import Document, Track
from core.export.registry import export
from core.inference.engine import infer
from core.inference.request import InferenceRequest
from core.library import default_rig, emotion_poses
from core.mesh import Mesh
from core.neutral import Neutral
from core.paths import DEMO_CLIP
from core.rig import Lips, Rig
from emotion.performance import Performance, Stage
from emotion.voice import voice_of

pytestmark = pytest.mark.bench
EMOTIONS = tuple(emotion_poses())[:8]


def milliseconds(work: Callable[[], object], runs: int) -> np.ndarray:
    """Return the time of each run, in ms, after three that do not count."""
    took = []
    for _ in range(runs + 3):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1e3)
    return np.array(took[3:])


def strip_rig(count: int) -> Rig:
    """A long strip of triangles with every channel dense: as slow as a head of that size can be."""
    draw = np.random.default_rng(0)
    rows = np.arange(count // 2)
    vertices = np.zeros((count, 3), np.float32)
    vertices[: len(rows), 0] = vertices[len(rows) : 2 * len(rows), 0] = rows
    vertices[len(rows) : 2 * len(rows), 1] = 1.0
    faces = np.stack([rows[:-1], rows[1:], rows[:-1] + len(rows)], axis=1).astype(np.int32)
    mesh = Mesh(vertices, np.full(len(faces), 3, np.int32), faces.ravel())
    basis = draw.normal(size=(len(CHANNELS), count, 3)).astype(np.float32)
    lips = Lips(rows[100:130].astype(np.int32), (rows[100:130] + len(rows)).astype(np.int32), 15)
    return Rig(mesh, CHANNELS, basis, lips)


@pytest.mark.parametrize(("count", "target"), [(5_023, 1.0), (26_719, 4.0), (100_000, 15.0)])
def test_edit_to_composed_frame(count, target):
    rig = strip_rig(count)
    weights = np.zeros((600, len(CHANNELS)), np.float32)
    weights[:, :: len(CHANNELS) // 20] = np.random.default_rng(1).random((600, 1))  # twenty speak at once
    stage = Stage.build(rig, Neutral(60.0, CHANNELS, weights), emotion_poses())
    assert stage.seal is not None
    document = Document(tracks=tuple(Track(name, Curve.of([(0, 0), (9, 1)])) for name in EMOTIONS))
    clock = iter(np.random.default_rng(2).uniform(1, 9, 10_000))

    def edit() -> None:
        time_s = next(clock)
        edited = document.with_track(Track(EMOTIONS[0], Curve.of([(0, 0), (time_s, 1), (9, 0)])))
        Performance(edited, stage).vertices(np.array([time_s]))

    took, one_pass = milliseconds(edit, 300), milliseconds(rig.basis.sum, 50)
    p95, ratio = np.percentile(took, 95), np.median(took) / np.median(one_pass)
    print(f"\nedit -> composed frame, {count:7,} vertices, 8 emotions, seal: "
          f"median {np.median(took):.2f} ms, p95 {p95:.2f} ms, {ratio:.2f} passes over B")  # fmt: skip
    assert p95 <= target


def test_a_thousand_strokes_run_no_network(monkeypatch):
    import torch

    rig = strip_rig(5_023)
    frames, draw = 60 * 60 + 1, np.random.default_rng(3)
    weights = np.zeros((frames, len(CHANNELS)), np.float32)
    weights[:, :: len(CHANNELS) // 20] = draw.random((frames, 1))
    sound = AudioClip(draw.normal(0, 0.1, (1, 60 * 16_000)).astype(np.float32), 16_000)
    stage = Stage.build(rig, Neutral(60.0, CHANNELS, weights), emotion_poses(), voice=voice_of(sound))
    assert stage.seal is not None
    for name in EMOTIONS:
        stage.worn(name)
    monkeypatch.setattr(torch.nn.Module, "__call__", lambda *_: pytest.fail("a network ran"))
    document = Document(tracks=tuple(Track(name, Curve.of([(0, 0), (59, 1)])) for name in EMOTIONS))
    took = []
    for _ in range(1000):
        name, start = str(draw.choice(EMOTIONS)), draw.uniform(0, 58)
        brush = Brush(radius=draw.uniform(0.1, 1.0), mode=list(BrushMode)[draw.integers(len(BrushMode))])
        stroke = Stroke(document.track(name).curve, brush)
        for step in range(3):
            time_s = start + 0.05 * step
            stroke.dab(time_s, float(draw.uniform(0, 1.5)))
            began = time.perf_counter()
            edited = document.with_track(Track(name, stroke.preview()))
            Performance(edited, stage).vertices(np.array([time_s]))
            took.append((time.perf_counter() - began) * 1e3)
        document = document.with_track(Track(name, stroke.finish()))
    p95 = np.percentile(took, 95)
    print(f"\n1000 strokes, 60 s, {len(EMOTIONS)} emotions, 5,023 vertices: sample -> composed frame "
          f"median {np.median(took):.2f} ms, p95 {p95:.2f} ms")  # fmt: skip
    assert p95 < 1.0


def test_inference_is_a_hundred_times_real_time():
    clip = load_audio(DEMO_CLIP)
    minute = AudioClip(np.resize(clip.samples, (1, 60 * clip.rate)), clip.rate)
    took = milliseconds(lambda: infer(InferenceRequest(minute)), 5)
    print(f"\ninference of 60 s: median {np.median(took):.0f} ms, {6e4 / np.median(took):.0f} x real time")
    assert np.median(took) < 600


def test_alembic_against_the_same_bytes_raw(tmp_path):
    clip = load_audio(DEMO_CLIP)
    stage = Stage.build(default_rig(), infer(InferenceRequest(clip)), emotion_poses(), audio=clip)
    take = Performance(Document(), stage).take()
    frames = np.concatenate(list(take.blocks()))

    def raw() -> None:
        with (tmp_path / "raw").open("wb") as file:
            for block in take.blocks():
                file.write(block.data)

    ours = milliseconds(lambda: export(take, tmp_path / "a.abc"), 5)
    plain = milliseconds(raw, 5)
    ratio = np.median(ours) / np.median(plain)
    print(f"\nAlembic, {frames.nbytes / 1e6:.0f} MB, {len(take)} frames: median {np.median(ours):.0f} ms, "
          f"composing and writing raw {np.median(plain):.0f} ms, ratio {ratio:.2f}")  # fmt: skip
    assert ratio <= 2.0
