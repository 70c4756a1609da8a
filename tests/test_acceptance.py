"""The main job from the command line, on recordings and heads of others, read back by other programs."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
import trimesh

from core.audio import AudioClip, load_audio
from core.inference.engine import infer
from core.inference.request import InferenceRequest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow


def export(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "main.py"), "export", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def exported(*arguments: object) -> None:
    result = export(*arguments)
    assert result.returncode == 0, result.stderr


def alembic_frames(path: Path) -> tuple[np.ndarray, np.ndarray, bool, list[float]]:
    """Read positions (F, V, 3), corners, whether topology is constant, and times by Alembic itself."""
    from alembic3d import Abc, AbcGeom

    archive = Abc.IArchive(str(path))
    mesh = AbcGeom.IPolyMesh(archive.getTop(), archive.getTop().children[0].getName())
    schema = mesh.getSchema()
    sampling = schema.getTimeSampling()
    count = schema.getNumSamples()
    times = [sampling.getSampleTime(k) for k in range(count)]
    samples = [schema.getValue(Abc.ISampleSelector(time)) for time in times]
    frames = np.stack([np.array(sample.getPositions(), np.float32) for sample in samples])
    corners = np.array(samples[0].getFaceIndices())
    # In Alembic's words: positions move, faces do not.
    constant = schema.getTopologyVariance() == AbcGeom.MeshTopologyVariance.kHomogenousTopology
    return frames.reshape(count, -1, 3), corners, constant, times


@pytest.fixture(scope="module")
def flame(tmp_path_factory, shared_data):
    """Make a FLAME head speak, with happiness rising and falling and without."""
    out = tmp_path_factory.mktemp("flame")
    (out / "curve.json").write_text(
        json.dumps({"keys": [[0, 0], [6, 1], [12.6, 0]], "interpolation": "auto"})
    )
    head = shared_data / "templates" / "flame"
    voice = shared_data / "audio" / "Claire_neutral.wav"
    common = (voice, "--template", head / "FLAME_sample.ply", "--emotions", head / "emotions")
    happy = ("--emotion", f"happy={out / 'curve.json'}")
    exported(*common, *happy, "-o", out / "a.abc", "-o", f"{out / 'frames'}/", "-o", out / "a.npz")
    exported(*common, "-o", out / "plain.npz")
    exported(*common, *happy, "--set", "emotion.protect=0", "-o", out / "free.npz")
    return out


def test_three_formats_agree(flame, shared_data):
    data = np.load(flame / "a.npz", allow_pickle=False)
    frames, _, constant, times = alembic_frames(flame / "a.abc")
    seconds = soundfile.info(shared_data / "audio" / "Claire_neutral.wav").duration
    assert data["vertices"].shape == (round(np.ceil(seconds * 30 - 1e-6)), 5023, 3)
    size = np.linalg.norm(np.ptp(data["vertices"][0], axis=0))
    assert np.abs(frames - data["vertices"]).max() <= 1e-6 * size
    assert constant
    assert times == pytest.approx(list(data["times"]), abs=1e-9)
    files = sorted((flame / "frames").glob("*.obj"))
    assert len(files) == len(frames)
    for k in (0, 100, len(files) - 1):
        obj = trimesh.load_mesh(files[k], process=False, maintain_order=True)
        assert np.abs(obj.vertices - data["vertices"][k]).max() <= 1e-6 * size


def test_order_and_faces_are_the_templates(flame, shared_data):
    data = np.load(flame / "plain.npz", allow_pickle=False)
    template = trimesh.load_mesh(shared_data / "templates/flame/FLAME_sample.ply", process=False)
    assert np.array_equal(data["face_vertices"].reshape(-1, 3), template.faces)
    quiet = np.abs(data["vertices"] - template.vertices).max(axis=(1, 2)).argmin()
    still = np.abs(data["vertices"][quiet] - template.vertices).max()
    assert still < 0.01 * np.ptp(template.vertices[:, 1])


def test_emotion_adds_exactly_the_users_shape(flame, shared_data):
    free, plain, sealed = (np.load(flame / f"{n}.npz", allow_pickle=False) for n in ("free", "plain", "a"))
    shapes = shared_data / "templates" / "flame" / "emotions"
    happy, neutral = (
        trimesh.load_mesh(shapes / f"{n}.obj", process=False, maintain_order=True).vertices
        for n in ("happy", "neutral")
    )
    from core.curve import Curve

    w = Curve.of([(0, 0), (6, 1), (12.6, 0)])(plain["times"])
    expected = plain["vertices"] + w[:, None, None] * (happy - neutral)
    size = np.linalg.norm(np.ptp(plain["vertices"][0], axis=0))
    assert np.abs(free["vertices"] - expected).max() <= 1e-6 * size
    same = np.abs(sealed["vertices"] - free["vertices"]).max(axis=(1, 2)) == 0
    assert 0.2 < same.mean() < 1.0  # the seal is at work where lips near each other, and only there


def test_the_seal_keeps_neutral_closures(flame):
    plain, sealed, free = (np.load(flame / f"{n}.npz", allow_pickle=False) for n in ("plain", "a", "free"))
    # This head is in metres, and its lips are apart at rest.
    work = np.abs(free["vertices"] - sealed["vertices"]).max(axis=(1, 2)) > 0
    closed = work & (plain["lip_gap"] < plain["lip_gap"].min() + 0.0008)
    assert closed.sum() > 3
    assert np.abs(sealed["lip_gap"] - plain["lip_gap"])[closed].mean() < 0.0001


def test_other_programs_read_the_alembic(flame, tmp_path):
    frame = 180
    script = f"""
import bpy, numpy as np
bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.wm.alembic_import(filepath={str(flame / "a.abc")!r}, as_background_job=False, set_frame_range=True)
scene = bpy.context.scene
scene.render.fps = 30
ob = [o for o in bpy.data.objects if o.type == "MESH"][0]
scene.frame_set({frame})
mesh = ob.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
points = np.empty(len(mesh.vertices) * 3, "f4")
mesh.vertices.foreach_get("co", points)
np.savez({str(tmp_path / "blender.npz")!r}, points=points.reshape(-1, 3), matrix=np.array(ob.matrix_world),
         faces=len(mesh.polygons))
"""
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    blender = np.load(tmp_path / "blender.npz")
    data = np.load(flame / "a.npz", allow_pickle=False)
    assert blender["faces"] == 9976
    distance = [np.abs(blender["points"] - v).max() for v in data["vertices"]]
    matched = int(np.argmin(distance))
    turned = blender["points"] @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], "f4")
    if min(distance) > 1e-6:  # Blender may keep the points z-up rather than turn the object
        distance = [np.abs(turned - v).max() for v in data["vertices"]]
        matched = int(np.argmin(distance))
    assert min(distance) < 1e-6
    assert abs(matched - frame) <= 1


def test_f3d_draws_the_alembic(flame, tmp_path):
    script = f"""
import f3d
engine = f3d.Engine.create_egl()
engine.scene.add({str(flame / "a.abc")!r})
engine.window.size = 300, 300
engine.window.render_to_image().save({str(tmp_path / "f3d.png")!r})
print(*engine.scene.animation.get_time_range())
"""
    result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    first, last = map(float, result.stdout.split()[-2:])
    data = np.load(flame / "a.npz", allow_pickle=False)
    assert (first, last) == pytest.approx((0, data["times"][-1]), abs=1e-3)


def convert(source: Path, target: Path, rate: int, channels: int) -> Path:
    samples, found = soundfile.read(source, dtype="float32")
    import soxr

    samples = soxr.resample(samples, found, rate)
    soundfile.write(target, np.tile(samples[:, None], (1, channels)), rate)
    return target


@pytest.fixture(scope="module")
def reference(tmp_path_factory, shared_data):
    out = tmp_path_factory.mktemp("reference")
    exported(shared_data / "audio" / "Claire_neutral.wav", "-o", out / "a.npz")
    return np.load(out / "a.npz", allow_pickle=False)


@pytest.mark.parametrize(
    ("suffix", "rate", "channels", "least"),
    [("wav", 44100, 2, 0.97), ("wav", 8000, 1, 0.8), ("mp3", 44100, 1, 0.95), ("flac", 48000, 1, 0.97)],
)
def test_any_recording_gives_the_same_speech(suffix, rate, channels, least, reference, shared_data, tmp_path):
    voice = convert(
        shared_data / "audio" / "Claire_neutral.wav", tmp_path / f"voice.{suffix}", rate, channels
    )
    exported(voice, "-o", tmp_path / "a.npz")
    data = np.load(tmp_path / "a.npz", allow_pickle=False)
    frames = min(len(data["lip_gap"]), len(reference["lip_gap"]))
    assert abs(len(data["lip_gap"]) - len(reference["lip_gap"])) <= 4
    assert np.corrcoef(data["lip_gap"][:frames], reference["lip_gap"][:frames])[0, 1] > least


def test_a_third_of_a_second(shared_data, tmp_path):
    samples, rate = soundfile.read(shared_data / "audio" / "Claire_neutral.wav", frames=4800)
    soundfile.write(tmp_path / "short.wav", samples, rate)
    exported(tmp_path / "short.wav", "-o", tmp_path / "a.npz", "-o", tmp_path / "a.abc")
    assert len(np.load(tmp_path / "a.npz", allow_pickle=False)["times"]) == 9


def test_a_tenth_of_a_second(shared_data, tmp_path):
    samples, rate = soundfile.read(shared_data / "audio" / "Claire_neutral.wav", start=8000, frames=1600)
    soundfile.write(tmp_path / "short.wav", samples, rate)
    exported(tmp_path / "short.wav", "-o", tmp_path / "a.npz")
    data = np.load(tmp_path / "a.npz", allow_pickle=False)
    assert len(data["times"]) == 1600 * 30 // rate
    assert np.isfinite(data["vertices"]).all()


def test_two_hours_are_heard_within_a_minute(shared_data):
    voice = load_audio(shared_data / "audio" / "Claire_neutral.wav").mono(16_000)
    sound = AudioClip(np.resize(voice, 7200 * 16_000)[None], 16_000)
    begun = time.monotonic()
    weights = infer(InferenceRequest(sound)).weights
    assert time.monotonic() - begun < 60
    assert len(weights) == 7200 * 60 + 1
    assert np.isfinite(weights).all()


def test_half_an_hour(shared_data, tmp_path):
    samples, rate = soundfile.read(shared_data / "audio" / "Claire_neutral.wav", dtype="float32")
    soundfile.write(tmp_path / "long.wav", np.resize(samples, 30 * 60 * rate), rate)
    exported(tmp_path / "long.wav", "-o", tmp_path / "a.abc", "--fps", "24")
    from alembic3d import Abc, AbcGeom

    top = Abc.IArchive(str(tmp_path / "a.abc")).getTop()
    assert AbcGeom.IPolyMesh(top, top.children[0].getName()).getSchema().getNumSamples() == 30 * 60 * 24


def test_an_ict_head_speaks_with_its_own_shapes(shared_data, tmp_path):
    folder = shared_data / "templates" / "ict"
    lines = (folder / "generic_neutral_mesh.obj").read_text().splitlines()
    faces = [line for line in lines if line.startswith("f ")]
    vertices = np.array([line.split()[1:4] for line in lines if line.startswith("v ")], float)
    with np.load(folder / "expression_deltas.npz", allow_pickle=False) as stored:
        shapes = dict(zip(stored["names"].tolist(), stored["deltas"], strict=True))
    (tmp_path / "ict").mkdir()
    corners = [" ".join(c.split("/")[0] for c in face.split()) for face in faces]
    for name, delta in {"neutral": np.zeros_like(vertices), **shapes}.items():
        rows = [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in vertices + delta]
        (tmp_path / "ict" / f"{name}.obj").write_text("\n".join([*rows, *corners]))
    voice = shared_data / "audio" / "Claire_neutral.wav"
    exported(voice, "--template", tmp_path / "ict", "--emotion", "joy=0.5", "-o", tmp_path / "ict.npz")
    data = np.load(tmp_path / "ict.npz", allow_pickle=False)
    assert data["vertices"].shape[1] == 26719
    sizes = np.array([len(face.split()) - 1 for face in faces])
    assert np.array_equal(data["face_sizes"], sizes)
    gap = data["lip_gap"] / np.ptp(vertices[:, 1])
    assert gap.max() > 0.02
    assert gap.min() < 0.004
