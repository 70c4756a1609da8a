"""Vertices and landmarks as what networks learn: components, styles, and every layout that is written."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audio import load_audio
from core.channels import CHANNELS
from core.errors import InputError
from core.inference.engine import infer
from core.inference.request import SPEAKER, InferenceRequest
from core.paths import DEMO_CLIP
from core.templates.topology import default_face
from main import main
from models.toolbox.motion_file import load_motion_model
from models.toolbox.motion_space import with_style
from models.training.datasets.files import read_pickle
from models.training.datasets.layouts import layout_of
from models.training.lab import train
from models.training.lab.material import material
from models.training.lab.principal import principal_components
from models.training.lab.recipes import RECIPES
from models.training.synthetic import synthesis

QUICK = ("steps=90", "judge_every=45", "batch=3", "seconds=1.5", "warmup=5", "rate=0.003")


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 4), st.sampled_from([0.9, 0.99, 2, 3]))
def test_incremental_components_are_those_of_the_whole(seed: int, parts: int, wanted: float) -> None:
    draw = np.random.default_rng(seed)
    motion = (draw.normal(size=(40, 6)) * [9, 5, 3, 1, 0.5, 0.1] @ draw.normal(size=(6, 12))).astype(
        np.float32
    )
    found = principal_components(np.array_split(motion, parts), wanted)
    centred = motion.astype(np.float64) - motion.mean(0)
    _, strength, axes = np.linalg.svd(centred, full_matrices=False)
    share = np.cumsum(strength**2) / (strength**2).sum()
    due = int(wanted) if wanted >= 1 else int(np.searchsorted(share, wanted)) + 1
    assert len(found.axes) == due
    np.testing.assert_allclose(np.abs((found.axes * axes[:due]).sum(1)), 1, atol=1e-3)
    np.testing.assert_allclose(found.centre, motion.mean(0), atol=1e-3)
    back = found.decode(found.encode(motion))
    left = np.square(motion - back).sum() / np.square(centred).sum()
    np.testing.assert_allclose(left, 1 - share[due - 1], atol=1e-4)


def test_a_motion_that_never_moves_has_no_components() -> None:
    with pytest.raises(ValueError, match="no motion"):
        principal_components([np.ones((5, 4), np.float32)], 0.99)


def test_a_stranger_speaks_like_all() -> None:
    features = np.zeros((2, 3), np.float32)
    assert with_style(features, ()) is features
    np.testing.assert_array_equal(with_style(features, ("a", "b"), "b")[0], [0, 0, 0, 0, 1])
    np.testing.assert_array_equal(with_style(features, ("a", "b"), "c")[1], [0, 0, 0, 0.5, 0.5])


@pytest.mark.parametrize("layout", ["vocaset", "faceformer", "biwi", "mead3d", "sequences"])
def test_layouts_of_vertices_hold_a_speaking_face(layout: str, tmp_path: Path) -> None:
    assert synthesis.run([str(tmp_path / "c"), "--lines", "9", "--layout", layout]) == 0
    found = layout_of(tmp_path / "c")
    assert found.name == layout
    lines = [entry.load() for entry in found.read(tmp_path / "c")]
    assert len(lines) == 9
    assert len({line.speaker for line in lines}) == 8
    vertices, face = default_face()
    for line in lines:
        assert line.template is not None
        assert line.template.shape == (len(vertices), 3)
        assert abs(len(line.motion) / line.fps - len(line.samples) / line.rate) < 0.1
        unit = np.ptp(line.template[:, 1]) / np.ptp(face.mesh.vertices[:, 1])
        reach = np.linalg.norm(line.motion.reshape(len(line.motion), -1, 3) - line.template, axis=-1)
        assert 3 < reach.max() / unit < 40  # millimetres that a jaw falls in speech


def test_landmarks_are_learnt_and_played(tmp_path: Path) -> None:
    folder, out = tmp_path / "meshes", tmp_path / "m.safetensors"
    assert synthesis.run([str(folder), "--lines", "24", "--layout", "mediapipe"]) == 0
    entries = layout_of(folder).read(folder)
    line = entries[0].load()
    assert line.motion.shape[1] == 3 * 468
    assert line.template is not None
    assert 5 < np.ptp(line.template[:, 0]) < 25  # centimetres across a face
    split = layout_of(folder).split(folder, entries)
    assert [len(part) for part in (split.train, split.valid, split.test)] == [18, 3, 3]
    assert train.run(["face-mesh", str(folder), "-o", str(out), *QUICK[1:], "steps=250", "rate=0.004"]) == 0
    found = json.loads(out.with_suffix(".json").read_text())
    assert found["error"] < 0.95 * found["mean_face"]
    assert load_motion_model(out).card.motion_space == "landmarks:mediapipe468"
    neutral = infer(InferenceRequest(load_audio(DEMO_CLIP), model=str(out)))
    assert np.ptp(neutral.weights[:, CHANNELS.index("jawOpen")]) > 0.02


@pytest.mark.parametrize("layout", ["vocaset", "blendshape-arrays"])
def test_layouts_with_windows_of_deepspeech_bring_them(layout: str, tmp_path: Path) -> None:
    assert synthesis.run([str(tmp_path / "c"), "--lines", "3", "--layout", layout]) == 0
    read = layout_of(tmp_path / "c").read_heard
    assert read is not None
    for entry in read(tmp_path / "c"):
        line = entry.load()
        assert line.deepspeech is not None
        assert line.deepspeech.shape == (len(line.motion), 16, 29)
        assert np.ptp(line.deepspeech[:, 8], axis=0).max() > 1  # it hears somebody speak


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faces") / "faceformer"
    assert synthesis.run([str(folder), "--lines", "24", "--layout", "faceformer"]) == 0
    return folder


@pytest.mark.parametrize("reduced", ["pca=0.99", "pca=0"])
def test_vertices_are_learnt_and_played(reduced: str, faces: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.safetensors"
    words = ["voca-rnn", str(faces), "-o", str(out), "width=48", "style=true", reduced, *QUICK]
    assert train.run(words) == 0
    found = json.loads(out.with_suffix(".json").read_text())
    assert found["error"] < 0.9 * found["mean_face"]
    assert found["error"] < 0.9 * found["shuffled"]
    model = load_motion_model(out)
    assert model.card.motion_space == "vertices:own"
    assert len(model.card.speakers) == 6
    assert model.rest is not None
    assert (model.components is None) == (reduced == "pca=0")
    clip = load_audio(DEMO_CLIP)
    neutral = infer(InferenceRequest(clip, model=str(out)))
    jaw = neutral.weights[:, CHANNELS.index("jawOpen")]
    default = infer(InferenceRequest(clip))
    times = np.arange(0, 0.95 * clip.duration, 1 / 60)
    curves = [
        np.interp(times, np.arange(len(each)) / fps, each)
        for each, fps in ((jaw, neutral.fps), (default.weights[:, CHANNELS.index("jawOpen")], default.fps))
    ]
    assert np.corrcoef(*curves)[0, 1] > 0.4
    sound = clip.mono(16_000)[:32_000]
    nobody, first = model.speak(sound), model.speak(sound, speaker=model.card.speakers[0])
    assert np.abs(nobody - first).max() > 1e-6
    own = infer(InferenceRequest(clip, model=str(out), settings={SPEAKER: model.card.speakers[0]}))
    assert np.abs(own.weights - neutral.weights).max() > 1e-6
    with pytest.raises(InputError, match=r"'nobody' is not one of"):
        infer(InferenceRequest(clip, model=str(out), settings={SPEAKER: "nobody"}))


def test_vertices_without_polygons_are_named(faces: Path, tmp_path: Path, capsys) -> None:
    (faces / "template.obj").rename(tmp_path / "kept.obj")
    out = tmp_path / "m.safetensors"
    try:
        words = ["voca-rnn", str(faces), "-o", str(out), "width=8", "steps=2", "judge_every=2"]
        assert train.run(words) == 0
    finally:
        (tmp_path / "kept.obj").rename(faces / "template.obj")
    capsys.readouterr()
    shot = str(tmp_path / "shot.npz")
    assert main(["export", str(DEMO_CLIP), "--model", str(out), "-o", shot]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "no polygons" in said
    assert not Path(shot).exists()


def test_vertices_stay_in_their_file(faces: Path) -> None:
    """A dataset of eight gigabytes is learnt from on a laptop."""
    learnt = material(faces, replace(RECIPES["faceformer-parallel"], ear="mel")).learnt
    for example in learnt:
        owners: list[object] = [example.motion]
        while owners[-1] is not None:
            owners.append(getattr(owners[-1], "base", None))
        assert any(isinstance(owner, np.memmap) for owner in owners)
    first = learnt[0]
    whole = np.load(faces / "vertices_npy" / f"{first.name}.npy")[::2]
    template = read_pickle(faces / "templates.pkl")[first.speaker].reshape(-1)
    np.testing.assert_allclose(first.moved(slice(3, 9)), whole[3:9] - template, atol=1e-7)
