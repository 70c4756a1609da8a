"""Networks of the toolbox: shapes, what they may look at, and that each learns."""

import numpy as np
import pytest
import torch

from core.audio import load_audio
from core.paths import DEMO_CLIP
from models.checkpoint import CheckpointError
from models.phones import INDEX, SILENCE
from models.toolbox.attention import positions
from models.toolbox.faceformer import FaceFormerNet
from models.toolbox.listening import EARS, SIZES, listen
from models.toolbox.motion_card import NETWORKS, MotionCard
from models.toolbox.motion_file import is_motion_model, load_motion_model, save_motion_model
from models.toolbox.motion_model import MotionModel
from models.toolbox.own_past import biased_past

SIZE = SIZES["mel"]
SMALL = {
    "conv-windows": {"hidden": 16, "components": 8},
    "recurrent": {"width": 16},
    "faceformer": {"width": 16},
}


def built(name: str, outputs: int = 6):
    torch.manual_seed(0)
    options = SMALL.get(name, {"width": 16, "layers": 1})
    return NETWORKS[name](SIZE, outputs, **options), options


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("frames", [1, 7, 40])
def test_every_network_answers_every_frame(name: str, frames: int) -> None:
    net, _ = built(name)
    net.eval()
    with torch.inference_mode():
        motion = net.predict(torch.randn(2, frames, SIZE))
    assert motion.shape == (2, frames, 6)
    assert torch.isfinite(motion).all()


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_learns_what_the_sound_tells(name: str) -> None:
    net, _ = built(name)
    draw = torch.Generator().manual_seed(1)
    mixing = torch.randn(SIZE, 6, generator=draw) / SIZE**0.5
    features = torch.randn(8, 32, SIZE, generator=draw).cumsum(1) / 4
    motion = features @ mixing
    motion = motion / motion.std()
    known = torch.ones_like(motion, dtype=torch.bool)
    objectives = net.objectives()
    optimizers = {part: torch.optim.Adam(each.parameters(), 3e-3) for part, (each, _) in objectives.items()}
    net.train()
    for step in range(150):
        torch.manual_seed(step)
        for part, (_, objective) in objectives.items():
            optimizers[part].zero_grad()
            objective(features, motion, known).backward()
            optimizers[part].step()
    net.eval()
    with torch.inference_mode():
        error = (net.predict(features) - motion).square().mean().sqrt()
    assert error < 0.8  # the mean face would be off by 1


def test_what_is_unknown_teaches_nothing() -> None:
    net, _ = built("recurrent")
    net.eval()
    features, motion = torch.randn(1, 20, SIZE), torch.randn(1, 20, 6)
    known = torch.ones_like(motion, dtype=torch.bool)
    known[:, 5:, 2] = False
    other = motion.clone()
    other[:, 5:, 2] += 100
    assert net.loss(features, motion, known).item() == net.loss(features, other, known).item()


def test_faceformer_never_looks_ahead_of_its_motion() -> None:
    bias = biased_past(90, 4, 30, memory=90)
    assert (bias[:, 10, 11:] == float("-inf")).all()
    assert (bias[:, 40, 11:41] == 0).all()  # the last second counts in full
    assert (bias[:, 80, :50] < 0).all()
    assert torch.equal(positions(90, 16, 30)[:30], positions(90, 16, 30)[30:60])


def test_one_pass_of_faceformer_is_its_frames_in_turn() -> None:
    torch.manual_seed(0)
    net = FaceFormerNet(SIZE, 6, width=16)
    torch.nn.init.normal_(net.out.weight, std=0.3)
    net.eval()
    features = torch.randn(1, 25, SIZE)
    with torch.inference_mode():
        motion = net.predict(features)
        past = torch.nn.functional.pad(motion, (0, 0, 1, 0))[:, :-1]
        whole = net._decoded(net._heard(features), past)
    torch.testing.assert_close(motion, whole, atol=1e-4, rtol=1e-4)


def model(name: str, outputs: int = 52) -> MotionModel:
    net, options = built(name, outputs)
    card = MotionCard(
        name, name, options, "arkit", tuple(map(str, range(outputs))), 30.0, "none", "nothing", "mel"
    )
    draw = np.random.default_rng(0)
    return MotionModel(
        card, net.eval(), draw.random(outputs).astype(np.float32), draw.random(outputs).astype(np.float32)
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_a_model_speaks_the_same_after_the_file(name: str, tmp_path) -> None:
    before = model(name)
    sound = np.random.default_rng(1).normal(0, 0.1, 16_000).astype(np.float32)
    save_motion_model(tmp_path / "m.safetensors", before)
    assert is_motion_model(tmp_path / "m.safetensors")
    after = load_motion_model(tmp_path / "m.safetensors")
    np.testing.assert_allclose(after.speak(sound), before.speak(sound), atol=1e-5)
    assert after.card == before.card
    assert before.speak(sound).shape == (31, 52)


@pytest.mark.parametrize(
    "content", [b"", b"nothing of the kind", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "]
)
def test_a_bad_file_is_refused(content: bytes, tmp_path) -> None:
    (tmp_path / "m.safetensors").write_bytes(content)
    assert not is_motion_model(tmp_path / "m.safetensors")
    with pytest.raises(CheckpointError):
        load_motion_model(tmp_path / "m.safetensors")


@pytest.mark.parametrize("fps", [25, 30, 60])
def test_features_are_in_time_with_the_motion(fps: float) -> None:
    sound = np.zeros(3 * 16_000, np.float32)
    sound[16_000:32_000] = np.random.default_rng(0).normal(0, 0.3, 16_000)
    loudness = listen(sound, fps, "mel")[:, : SIZE // 2].mean(1)
    assert len(loudness) == 3 * fps + 1
    loud = np.flatnonzero(loudness > (loudness.max() + loudness.min()) / 2)
    assert loud[0] / fps == pytest.approx(1.0, abs=0.05)
    assert loud[-1] / fps == pytest.approx(2.0, abs=0.05)


def test_phones_are_heard_where_they_are_spoken() -> None:
    clip = load_audio(DEMO_CLIP)
    features = listen(clip.mono(16_000), 30, "phones")
    assert features.shape == (int(clip.duration * 30) + 1, SIZES["phones"])
    silence = features[:, INDEX[SILENCE]]
    assert silence[2:6].min() > 2.5  # the clip begins with a pause
    assert silence[30:50].mean() < 1.0
    assert set(SIZES) < set(EARS)
